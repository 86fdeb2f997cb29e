//! What an app is told that nothing here acts on: how people sign on to it, and how a dashboard shows it. It is kept as
//! it was told and told back, because tools such as Terraform compare; passwords and keys are not kept.

use serde_json::{Map, Value};

use super::body::{inner, text};
use crate::directory::okta::Result;

/// Members of an app that are kept whole.
const MEMBERS: &[&str] = &["accessibility", "settings", "visibility"];
/// Members of its credentials that are kept.
const CREDENTIALS: &[&str] = &["revealPassword", "scheme", "userName"];

/// What of a body is to be kept.
pub(super) fn described(members: &Map<String, Value>) -> Result<Map<String, Value>> {
    let mut kept = Map::new();
    if let Some(mode) = text(members, &["signOnMode"])? {
        kept.insert("signOnMode".into(), mode.into());
    }
    for name in MEMBERS {
        if let Some(given) = inner(members, &[name])? {
            kept.insert((*name).to_owned(), given.clone().into());
        }
    }
    let credentials: Map<String, Value> = inner(members, &["credentials"])?
        .into_iter()
        .flatten()
        .filter(|(name, _)| CREDENTIALS.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    if !credentials.is_empty() {
        kept.insert("credentials".into(), credentials.into());
    }
    Ok(kept)
}

/// Lays what was kept over what is shown by default; null says nothing.
pub(super) fn lay_over(shown: &mut Map<String, Value>, kept: &Map<String, Value>) {
    for (name, value) in kept {
        match (shown.get_mut(name), value) {
            (_, Value::Null) => {}
            (Some(Value::Object(shown)), Value::Object(kept)) => lay_over(shown, kept),
            (_, value) => drop(shown.insert(name.clone(), value.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn what_has_no_effect_is_kept_and_secrets_are_not() {
        let body = object(&json!({
            "label": "x", "signOnMode": "AUTO_LOGIN", "visibility": { "hide": { "iOS": true } }, "settings": null,
            "credentials": {
                "scheme": "SHARED_USERNAME_AND_PASSWORD", "userName": "u", "password": { "value": "secret" },
                "userNameTemplate": { "template": "${source.login}" },
            },
        }));
        let kept = described(&body).unwrap();
        assert_eq!(
            Value::from(kept.clone()),
            json!({
                "signOnMode": "AUTO_LOGIN", "visibility": { "hide": { "iOS": true } },
                "credentials": { "scheme": "SHARED_USERNAME_AND_PASSWORD", "userName": "u" },
            })
        );
        let mut shown = object(&json!({
            "signOnMode": "SAML_2_0", "visibility": { "autoLaunch": false, "hide": { "iOS": false, "web": false } },
        }));
        lay_over(&mut shown, &kept);
        assert_eq!(shown["signOnMode"], "AUTO_LOGIN");
        assert_eq!(
            shown["visibility"],
            json!({ "autoLaunch": false, "hide": { "iOS": true, "web": false } })
        );
        for odd in [json!({ "signOnMode": 1 }), json!({ "visibility": "x" })] {
            assert!(described(&object(&odd)).is_err());
        }
    }
}
