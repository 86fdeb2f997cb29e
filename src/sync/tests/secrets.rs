//! The secrets of a job: what is shown of them, and what a new set makes of a job.

use crate::error::Error;
use crate::model::{Authentication, Job, JobStatus, Scope};
use crate::sync::Credentials;
use crate::sync::secrets::{self, MASK, Secrets};
use crate::sync::testing::{Lab, operator};

fn set(given: &[(&str, &str)]) -> crate::error::Result<Secrets> {
    let given: Vec<_> = given
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect();
    Secrets::read(&given)
}

fn put(lab: &Lab, given: &[(&str, &str)]) -> crate::error::Result<()> {
    let (key, sealer, now) = (lab.key, lab.context.sealer.clone(), lab.now());
    let secrets = set(given)?;
    lab.context
        .store
        .write(move |tx| secrets::replace(tx, &operator(), key, &sealer, &secrets, now).map(|_| ()))
}

fn shown(lab: &Lab) -> Vec<(&'static str, String)> {
    secrets::masked(&lab.job())
}

fn refusal(result: crate::error::Result<()>) -> String {
    match result {
        Err(Error::Field { detail, .. }) => detail,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_new_set_takes_the_place_of_the_old_one_and_the_mask_keeps_a_secret() {
    let lab = Lab::new(Scope::All);
    let (before, url) = (lab.job(), lab.job().tenant_url.unwrap());
    let notification = r#"{"Enabled":true,"Recipients":"ops@contoso.com","DeleteThresholdEnabled":true,"DeleteThresholdValue":500}"#;
    put(
        &lab,
        &[
            ("BaseAddress", &url),
            ("SecretToken", MASK),
            ("SyncAll", "true"),
            ("SyncNotificationSettings", notification),
            ("SkipOutOfScopeDeletions", "True"),
        ],
    )
    .unwrap();
    let job = lab.job();
    let token = |job: &Job| match Credentials::open(
        job.authentication.as_ref().unwrap(),
        &lab.context.sealer,
    ) {
        Some(Credentials::SecretToken(token)) => token,
        other => panic!("{other:?}"),
    };
    assert!(token(&job).same(&token(&before)));
    assert_eq!(job.scope, Scope::All);
    assert_eq!(job.notification_email.as_deref(), Some("ops@contoso.com"));
    assert_eq!(job.settings.delete_threshold, Some(500));
    assert!(job.settings.notify && job.settings.skip_out_of_scope_deletions);
    let keys: Vec<_> = shown(&lab).into_iter().collect();
    assert_eq!(keys[0], ("BaseAddress", url.clone()));
    assert_eq!(keys[1], ("SecretToken", MASK.to_owned()));
    assert_eq!(keys[3], ("SyncAll", "true".to_owned()));
    assert_eq!(keys[4], ("SkipOutOfScopeDeletions", "True".to_owned()));
    // What is read can be written back.
    let given: Vec<_> = keys.iter().map(|(k, v)| (*k, v.as_str())).collect();
    put(&lab, &given).unwrap();
    assert_eq!(shown(&lab), keys);

    put(&lab, &[("BaseAddress", &url), ("SecretToken", "new")]).unwrap();
    let job = lab.job();
    assert_eq!(
        (job.scope, job.settings.delete_threshold),
        (Scope::AssignedOnly, None)
    );
    assert_eq!(job.notification_email, None);
    assert!(!job.settings.skip_out_of_scope_deletions);
}

#[test]
fn an_oauth_client_is_a_set_of_its_own() {
    let lab = Lab::new(Scope::All);
    let client = [
        ("BaseAddress", "https://app.example/scim"),
        ("Oauth2ClientId", "agent"),
        ("Oauth2ClientSecret", "hidden"),
        ("Oauth2TokenExchangeUri", "https://login.example/token"),
        ("Oauth2AccessToken", "fetched anyhow"),
        ("Oauth2AccessTokenCreationTime", ""),
    ];
    put(&lab, &client).unwrap();
    assert!(matches!(
        lab.job().authentication,
        Some(Authentication::ClientCredentials(_))
    ));
    let text = format!("{:?}", shown(&lab));
    assert!(text.contains("agent") && !text.contains("hidden"), "{text}");
    let both = [client[0], ("SecretToken", "x"), client[1]];
    assert!(refusal(put(&lab, &both)).contains("either SecretToken"));
    let token = [client[0], ("SecretToken", MASK)];
    assert!(refusal(put(&lab, &token)).contains("none is"));
    let incomplete = [client[0], client[1], client[2]];
    assert!(refusal(put(&lab, &incomplete)).contains("token endpoint"));
}

#[test]
fn an_empty_set_leaves_a_stopped_job_unconfigured() {
    let lab = Lab::new(Scope::All);
    let (key, now) = (lab.key, lab.now());
    lab.write(move |tx| crate::sync::jobs::stop(tx, &operator(), key, now));
    put(&lab, &[]).unwrap();
    assert_eq!(lab.job().status, JobStatus::NotConfigured);
    assert!(shown(&lab).is_empty());
    put(
        &lab,
        &[
            ("BaseAddress", "https://a.example/scim"),
            ("SecretToken", "x"),
        ],
    )
    .unwrap();
    assert_eq!(lab.job().status, JobStatus::Paused);
}

#[test]
fn keys_and_values_that_are_none_are_refused() {
    let notification = "SyncNotificationSettings";
    for (given, said) in [
        (
            &[("Secret", "x")][..],
            "Requested value 'Secret' was not found.",
        ),
        (&[("UserName", "x")][..], "do not use the key 'UserName'"),
        (
            &[("BaseAddress", "x"), ("baseaddress", "y")][..],
            "given twice",
        ),
        (
            &[("SyncAll", "maybe")][..],
            "SyncAll is \"true\" or \"false\"",
        ),
        (&[(notification, "{")][..], "is a JSON text"),
        (
            &[(notification, "{\"Enabled\":1}")][..],
            "Enabled is neither",
        ),
        (
            &[(notification, "{\"Recipients\":\"x\"}")][..],
            "no e-mail address",
        ),
        (
            &[(notification, "{\"DeleteThresholdEnabled\":true}")][..],
            "DeleteThresholdValue is missing",
        ),
    ] {
        let refused = refusal(set(given).map(|_| ()));
        assert!(refused.contains(said), "{given:?}: {refused}");
    }
    let lab = Lab::new(Scope::All);
    assert!(
        refusal(put(
            &lab,
            &[("BaseAddress", "ftp://x"), ("SecretToken", "x")]
        ))
        .contains("BaseAddress: ")
    );
}
