//! Giving and taking the appliance.

use super::NOW;
use super::house::{house, named};
use crate::access::Operator;
use crate::error::Error;
use crate::id::Seq;
use crate::provider::operators::{add, remove};
use crate::scim::Preset;

#[test]
fn there_is_always_an_operator_who_can_sign_in() {
    let h = house(Preset::Standard);
    let (ada, _) = h.administrator("ada@example.com");
    let operator = Operator::of_this_process();
    let take = |account: Seq| {
        let operator = operator.clone();
        h.store.write(move |tx| remove(tx, &operator, account, NOW))
    };
    let give = |email: &'static str| {
        let operator = operator.clone();
        h.store.write(move |tx| add(tx, &operator, email, NOW))
    };
    assert!(matches!(take(ada.seq), Err(Error::Conflict { .. })));
    assert!(matches!(
        give("nobody@example.com"),
        Err(Error::Field { .. })
    ));
    h.post(&h.ours, &named("bob@example.com")).unwrap();
    assert!(
        matches!(give("bob@example.com"), Err(Error::Field { .. })),
        "Bob has no password"
    );
    let (eve, eve_user) = h.administrator("eve@example.com");
    assert!(take(ada.seq).is_ok());
    assert!(matches!(take(ada.seq), Err(Error::NotFound { .. })));
    assert!(give("ADA@example.com ").unwrap().operator);
    assert!(matches!(give("ada@example.com"), Err(Error::Field { .. })));
    // Eve may not sign in any more, so Ada is the only one who can.
    h.patch(&h.ours, &eve_user, "active", &serde_json::json!(false))
        .unwrap();
    assert!(matches!(take(ada.seq), Err(Error::Conflict { .. })));
    assert!(take(eve.seq).is_ok());
    h.is_clean("operators");
}
