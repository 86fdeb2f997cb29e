//! *Profile & Lifecycle Sourcing*: what an import means to people in Okta (part 2.3 of the Okta reference).

use super::*;
use crate::model::okta::{AttributeMapping, ImportState, PushStatus, UserStatus, WhenDeactivated};

fn source(rule: WhenDeactivated) -> Lab {
    let lab = Lab::oin();
    lab.to_okta(|rules| {
        rules.sourcing = true;
        rules.when_deactivated = rule;
        rules.reactivate_suspended = true;
        rules.reactivate_deactivated = true;
        rules.safeguard = 100;
    });
    lab
}

/// 4.7, C9359 to C9361: the person follows the account; a mapping that is applied on creation only does not.
#[test]
fn the_profile_of_a_person_follows_its_source() {
    let lab = source(WhenDeactivated::Nothing);
    let (ann, id) = lab.provisioned("ann");
    let key = lab.key;
    lab.write(move |tx| {
        let mapping = AttributeMapping {
            expression: "appuser.nickName".into(),
            push: PushStatus::DontPush,
        };
        Ok(imports::save_to_okta_mapping(
            tx,
            &administrator(),
            key,
            "nickName",
            Some(&mapping),
            now(),
        )?)
    });
    lab.target.set("Users", &id, "title", "Engineer");
    lab.target.set("Users", &id, "nickName", "Annie");
    lab.import();
    assert_eq!(lab.user(ann).text("title"), Some("Engineer"));
    assert_eq!(lab.user(ann).text("nickName"), None);
    lab.target
        .change("Users", &id, |resource| drop(resource.remove("title")));
    lab.import();
    assert_eq!(lab.user(ann).text("title"), Some(""));
    // What a person cannot be is told, and the import goes on.
    let odd = json!([{ "primary": true, "value": "not an address" }]);
    lab.target.set("Users", &id, "emails", odd);
    assert_eq!(lab.import().state, ImportState::Completed);
    let told = lab.told();
    let failed = "app.user_management.update_from_master_failed FAILURE";
    assert!(told.iter().any(|told| told == failed), "{told:?}");
    assert_eq!(lab.user(ann).text("email"), Some("ann@x.test"));
}

/// 2.3: "when a user is deactivated in the app: Do nothing / Deactivate / Suspend; when reactivated: reactivate suspended
/// users, reactivate deactivated users".
#[test]
fn the_status_of_a_person_follows_its_source() {
    for (rule, during, after) in [
        (
            WhenDeactivated::Nothing,
            UserStatus::Active,
            UserStatus::Active,
        ),
        (
            WhenDeactivated::Suspend,
            UserStatus::Suspended,
            UserStatus::Active,
        ),
        (
            WhenDeactivated::Deactivate,
            UserStatus::Deprovisioned,
            UserStatus::Active,
        ),
    ] {
        let lab = source(rule);
        let (ann, id) = lab.provisioned("ann");
        let sealed = lab.context.sealer.seal(&Plain::new("Password-123"));
        lab.write(move |tx| {
            Ok(users::set_password(
                tx,
                &administrator(),
                ann,
                &sealed,
                now(),
            )?)
        });
        lab.drain();
        lab.target.set("Users", &id, "active", false);
        lab.target.seen();
        lab.import();
        assert_eq!(lab.user(ann).status, during);
        assert_eq!(lab.target.writes(), [""; 0], "it is inactive already");
        // Once is enough: whoever an administrator takes back stays so.
        lab.import();
        assert_eq!(lab.user(ann).status, during);
        lab.target.set("Users", &id, "active", true);
        lab.import();
        assert_eq!(lab.user(ann).status, after);
        assert_eq!(lab.row(ann).external_id, Some(id));
    }
}

/// 1.10: "with profile sourcing the Okta user is deactivated … per rule".
#[test]
fn whoever_is_gone_from_the_source_is_deactivated() {
    for (sourcing, status) in [
        (true, UserStatus::Deprovisioned),
        (false, UserStatus::Provisioned),
    ] {
        let lab = source(WhenDeactivated::Deactivate);
        lab.to_okta(|rules| rules.sourcing = sourcing);
        let (ann, id) = lab.provisioned("ann");
        lab.target.remove("Users", &id);
        lab.clock.advance(std::time::Duration::from_secs(1));
        assert_eq!(lab.import().counts.removed, 1);
        assert_eq!(lab.user(ann).status, status);
    }
}

/// 2.3: "Only the highest-priority source may deactivate/suspend".
#[test]
fn only_the_highest_source_counts() {
    let lab = source(WhenDeactivated::Suspend);
    let (ann, _) = lab.provisioned("ann");
    let (url, key) = (lab.target.url.clone(), lab.key);
    let second = lab.write(move |tx| {
        let template = templates::find("scim2headerauth").unwrap();
        let mut second = apps::create(tx, &administrator(), template, "Second", now())?;
        let first = apps::get(tx, key)?;
        second.provisioning = first.provisioning.clone();
        second.provisioning.base_url = url;
        (second.to_app, second.to_okta) = (first.to_app, first.to_okta.clone());
        crate::store::okta::apps::put(tx, ORG, &second)?;
        Ok(second.seq)
    });
    let lab = Lab {
        key: AppKey {
            app: second,
            ..lab.key
        },
        ..lab
    };
    lab.assign(ann);
    lab.drain();
    let id = lab.row(ann).external_id.unwrap();
    lab.target.set("Users", &id, "active", false);
    lab.import();
    assert_eq!(lab.user(ann).status, UserStatus::Provisioned);
    let lab = Lab { key, ..lab };
    // Whoever waits for a first password cannot be suspended, which is told.
    lab.import();
    assert_eq!(lab.told().last().unwrap(), "system.import.complete SUCCESS");
    assert!(
        lab.told()
            .iter()
            .any(|told| told.starts_with("app.user_management.update_from_master_failed"))
    );
}
