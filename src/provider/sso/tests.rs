//! The rule of exactly one method, and what changes methods.

use super::certificate::tests::PEM;
use super::*;
use crate::access::{Member, Operator};
use crate::error::Error;
use crate::model::{BuiltIn, IdentityProvider, ScimKey};
use crate::provider::keys::{self, KeyOptions};
use crate::provider::{Endpoints, team};
use crate::secret::Plain;
use crate::store::{self, Store};

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

struct House {
    store: Store,
    member: Member,
}

fn house() -> House {
    let store = Store::in_memory().unwrap();
    let team = store
        .write(|tx| team::create(tx, &Operator::of_this_process(), "Acme", NOW))
        .unwrap();
    House {
        store,
        member: Member::of_this_process(team.seq),
    }
}

fn details(name: &str) -> Wanted {
    Wanted {
        name: name.into(),
        sso_url: "https://idp.contoso.example/sso".into(),
        issuer: "https://idp.contoso.example/".into(),
        certificate: PEM.into(),
        add_new_users: false,
    }
}

impl House {
    fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Write<'_>, &Member) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let member = self.member.clone();
        self.store.write(move |tx| work(tx, &member))
    }

    fn add(&self, kind: SsoKind, name: &'static str) -> SsoMethod {
        self.write(move |tx, member| add(tx, &member.may()?, kind, name, Guid::random(), NOW))
            .unwrap()
    }

    /// A method that counts.
    fn configured(&self, name: &'static str) -> SsoMethod {
        let method = self.add(SsoKind::CustomSaml, name);
        self.write(move |tx, member| {
            save(
                tx,
                &member.may()?,
                method.seq,
                method.revision,
                &details(name),
                NOW,
            )
        })
        .unwrap()
    }

    fn switch(&self, method: &SsoMethod, on: bool) -> Result<SsoMethod> {
        let seq = method.seq;
        self.write(move |tx, member| set_enabled(tx, &member.may()?, seq, on, NOW))
    }

    fn turn_scim(&self, on: bool) -> Result<crate::model::Team> {
        self.write(move |tx, member| team::set_scim_enabled(tx, &member.may()?, on, NOW))
    }

    fn generate(&self, name: &'static str) -> Result<ScimKey> {
        self.write(move |tx, member| {
            let options = KeyOptions::default();
            keys::create(tx, &member.may()?, name, &Plain::new(name), &options, NOW)
        })
    }

    fn readiness(&self) -> Readiness {
        readiness(&self.store.read().unwrap(), self.member.team).unwrap()
    }

    fn is_clean(&self) {
        assert_eq!(store::check(&self.store.read().unwrap()).unwrap(), []);
    }
}

fn refused<T: std::fmt::Debug>(result: Result<T>) -> String {
    match result {
        Err(Error::Conflict { detail, .. }) => detail,
        other => panic!("{other:?}"),
    }
}

#[test]
fn scim_is_turned_on_and_keys_are_generated_with_exactly_one_method_configured_and_on() {
    let house = house();
    let both_refused = |readiness: Readiness, said: &str| {
        assert_eq!(house.readiness(), readiness);
        let detail = refused(house.turn_scim(true));
        assert!(detail.contains(said), "{detail}");
    };
    // S22: "You must have SSO configured prior to enabling SCIM".
    both_refused(
        Readiness::None,
        "You must have SSO configured prior to enabling SCIM.",
    );
    house.add(SsoKind::Okta, "Okta");
    both_refused(Readiness::Unconfigured, "not configured yet");
    let first = house.configured("First");
    assert_eq!(house.readiness(), Readiness::Ready);
    house.switch(&first, false).unwrap();
    both_refused(Readiness::Off, "No SSO method is enabled");
    house.switch(&first, true).unwrap();
    let second = house.configured("Second");
    both_refused(
        Readiness::Several(2),
        "2 SSO methods are enabled: turn one off",
    );
    house.switch(&second, false).unwrap();
    assert!(house.turn_scim(true).unwrap().scim_enabled);
    house.generate("key-one").unwrap();
    // S22: with more than one method there is no option to generate a key.
    house.switch(&second, true).unwrap();
    assert!(refused(house.generate("key-two")).contains("turn one off"));
    house.configured("Third");
    assert_eq!(house.readiness(), Readiness::Several(3));
    assert!(refused(house.generate("key-two")).contains("turn off all but one"));
    house.is_clean();
}

#[test]
fn keys_go_on_working_and_scim_stays_on_whatever_becomes_of_the_methods() {
    let house = house();
    let only = house.configured("Only");
    house.turn_scim(true).unwrap();
    let key = house.generate("key-one").unwrap();
    let opens = || {
        let tx = house.store.read().unwrap();
        keys::authenticate(&tx, &Plain::new("key-one"), &Endpoints::default(), NOW).is_ok()
    };
    house.configured("Second");
    assert!(opens());
    house
        .write(|tx, member| {
            for method in list(tx, &member.may()?)? {
                remove(tx, &member.may()?, method.seq, NOW)?;
            }
            Ok(())
        })
        .unwrap();
    assert!(opens());
    assert!(house.turn_scim(true).is_ok(), "it is on already");
    let overlap = std::time::Duration::from_hours(1);
    house
        .write(move |tx, member| {
            let plain = Plain::new("key-two");
            keys::regenerate(tx, &member.may()?, key.seq, &plain, overlap, NOW)
        })
        .unwrap();
    house.turn_scim(false).unwrap();
    assert!(!opens());
    assert!(refused(house.turn_scim(true)).contains("prior to enabling SCIM"));
    let gone = only.seq;
    let again = house.write(move |tx, member| get(tx, &member.may()?, gone));
    assert!(matches!(again, Err(Error::NotFound { .. })));
    house.is_clean();
}

#[test]
fn a_form_that_is_sent_twice_adds_one_method() {
    let house = house();
    let instance = Guid::random();
    let send = |name: &'static str| {
        house.write(move |tx, member| add(tx, &member.may()?, SsoKind::Okta, name, instance, NOW))
    };
    let first = send("Okta").unwrap();
    assert_eq!(send("Okta").unwrap(), first);
    for name in ["", "  ", "OKTA", "a\u{7}b", &"n".repeat(101)] {
        let name = name.to_owned();
        let made = house.write(move |tx, member| {
            add(
                tx,
                &member.may()?,
                SsoKind::Okta,
                &name,
                Guid::random(),
                NOW,
            )
        });
        assert!(matches!(made, Err(Error::Field { field: "name", .. })));
    }
    let elsewhere = Member::of_this_process(Seq(2));
    let stolen = house
        .store
        .write(move |tx| add(tx, &elsewhere.may()?, SsoKind::Okta, "x", instance, NOW));
    assert!(matches!(stolen, Err(Error::Conflict { .. })));
    house.is_clean();
}

#[test]
fn a_stale_page_overwrites_nothing() {
    let house = house();
    let method = house.configured("Contoso");
    let change = |revision: u64, name: &'static str| {
        house.write(move |tx, member| {
            save(tx, &member.may()?, Seq(1), revision, &details(name), NOW)
        })
    };
    let changed = change(method.revision, "Contoso SSO").unwrap();
    assert!(refused(change(method.revision, "Late")).contains("was changed meanwhile"));
    let same = change(changed.revision, "Contoso SSO").unwrap();
    assert_eq!(same.revision, changed.revision, "nothing changed");
    let relay = |revision: u64| {
        house.write(move |tx, member| {
            generate_relay_state(tx, &member.may()?, Seq(1), revision, "random", NOW)
        })
    };
    assert_eq!(
        relay(same.revision).unwrap().relay_state.as_deref(),
        Some("random")
    );
    assert!(
        relay(same.revision).is_err(),
        "the second of a double click"
    );
}

#[test]
fn what_is_wrong_is_said_of_the_field() {
    let house = house();
    let method = house.add(SsoKind::PingIdentity, "Ping");
    let wrong = |change: fn(&mut Wanted)| {
        let mut wanted = details("Ping");
        change(&mut wanted);
        let (seq, revision) = (method.seq, method.revision);
        match house.write(move |tx, member| save(tx, &member.may()?, seq, revision, &wanted, NOW)) {
            Err(Error::Field { field, .. }) => field,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(wrong(|w| w.name.clear()), "name");
    assert_eq!(wrong(|w| w.sso_url = "idp".into()), "sso_url");
    assert_eq!(wrong(|w| w.issuer.clear()), "issuer");
    assert_eq!(wrong(|w| w.certificate = "MIIB".into()), "certificate");
    assert!(refused(house.switch(&method, true)).contains("not configured yet"));
    let mock = house.write(move |tx, member| {
        use_mock_entra(tx, &member.may()?, method.seq, method.revision, NOW)
    });
    assert!(refused(mock).contains("Ping Identity"));
}

#[test]
fn the_mock_entra_stays_until_another_identity_provider_is_named() {
    let house = house();
    let method = house.add(SsoKind::EntraId, "Entra");
    let seq = method.seq;
    let mock = house
        .write(move |tx, member| use_mock_entra(tx, &member.may()?, seq, 0, NOW))
        .unwrap();
    assert!(mock.is_in_use());
    let (revision, renamed) = (
        mock.revision,
        Wanted {
            name: "Our Entra".into(),
            add_new_users: true,
            ..Wanted::default()
        },
    );
    let kept = house
        .write(move |tx, member| save(tx, &member.may()?, seq, revision, &renamed, NOW))
        .unwrap();
    assert_eq!(kept.identity_provider, IdentityProvider::MockEntra);
    assert!(kept.add_new_users && kept.is_in_use());
    house.switch(&kept, false).unwrap();
    let revision = kept.revision + 1;
    let other = house
        .write(move |tx, member| save(tx, &member.may()?, seq, revision, &details("Real"), NOW))
        .unwrap();
    assert!(matches!(other.identity_provider, IdentityProvider::Saml(_)));
    assert!(!other.enabled, "what was switched off stays off");
}

#[test]
fn a_preset_sets_up_one_method_where_none_is_in_use() {
    let house = house();
    let ensure = || {
        house
            .write(|tx, member| ensure_one(tx, &member.may()?, Guid::random(), NOW))
            .unwrap();
        house.write(|tx, member| list(tx, &member.may()?)).unwrap()
    };
    let made = ensure();
    assert_eq!((made.len(), made[0].name.as_str()), (1, MOCK));
    assert_eq!(ensure(), made, "twice is once");
    house.switch(&made[0], false).unwrap();
    assert!(ensure()[0].is_in_use(), "its own is switched on again");
    house.switch(&made[0], false).unwrap();
    house.configured("Ours");
    let now = ensure();
    assert!(!now[0].enabled && now[1].is_in_use(), "another one will do");
    assert_eq!(house.readiness(), Readiness::Ready);
}

#[test]
fn built_in_methods_are_switched_for_the_whole_team() {
    let house = house();
    let switch = |method, on| {
        house
            .write(move |tx, member| set_built_in(tx, &member.may()?, method, on, NOW))
            .unwrap()
            .built_ins_off
    };
    assert_eq!(switch(BuiltIn::Google, false), [BuiltIn::Google].into());
    assert_eq!(switch(BuiltIn::Google, false), [BuiltIn::Google].into());
    assert_eq!(switch(BuiltIn::Password, true), [BuiltIn::Google].into());
    assert_eq!(switch(BuiltIn::Google, true), [].into());
}
