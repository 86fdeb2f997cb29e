//! What a team may add, and what stands in the way of taking it back.

use super::*;
use crate::access::Operator;
use crate::id::{Nonce, ScimId};
use crate::model::{Group, Meta, Role, Team, User};
use crate::store::{Options, Store};

const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);
const BADGE: &str = "urn:example:params:scim:schemas:badge:1.0:User";

fn document(attributes: &Value) -> String {
    json!({"id": BADGE, "name": "Badge", "attributes": attributes}).to_string()
}

fn badge() -> String {
    document(&json!([{"name": "number", "type": "integer"}]))
}

fn user(tx: &Write<'_>, team: Seq, name: &str, badge: &Value) -> Result<User> {
    let mut attributes = Map::from_iter([("userName".to_owned(), name.into())]);
    if !badge.is_null() {
        attributes.insert(BADGE.into(), badge.clone());
    }
    let seq = users::next_seq(tx, team)?;
    let user = User {
        seq,
        id: ScimId::new(tx.mix(), seq, Nonce([7; 16])),
        meta: Meta::new(NOW),
        attributes,
        account: seq,
        roles: Role::by_default(),
        invite: None,
        written_by_scim: None,
    };
    users::put(tx, team, &user)?;
    Ok(user)
}

/// Runs a test in one write on two fresh teams.
fn with_teams(test: impl FnOnce(&Write<'_>, Team, Team) -> Result<()> + Send + 'static) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&Options::new(folder.path())).unwrap();
    store
        .write(move |tx| {
            let operator = Operator::of_this_process();
            let one = team::create(tx, &operator, "One", NOW)?;
            let two = team::create(tx, &operator, "Two", NOW)?;
            test(tx, one, two)
        })
        .unwrap();
}

fn said(result: Result<TeamSchema>) -> String {
    match result {
        Err(Error::Field { detail, .. } | Error::Conflict { detail, .. }) => detail,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_added_is_there_once_for_this_team_and_changes_its_revision() {
    with_teams(|tx, one, two| {
        let member = Member::of_this_process(one.seq);
        let before = team::get(tx, &member)?.revision;
        let row = add(
            tx,
            &member.may().unwrap(),
            ObjectKind::User,
            false,
            &badge(),
            NOW,
        )?;
        assert_eq!(row.urn, BADGE);
        assert_eq!(team::get(tx, &member)?.revision, before + 1);
        assert_eq!(list(tx, &member.may().unwrap())?, [row]);
        let other = Member::of_this_process(two.seq);
        assert_eq!(list(tx, &other.may().unwrap())?, []);
        assert_eq!(extensions(tx, two.seq)?, (vec![], vec![]));
        let (user, group) = extensions(tx, one.seq)?;
        assert_eq!((user.len(), group.len()), (1, 0));
        let again = badge().replace("example", "EXAMPLE");
        for kind in [ObjectKind::User, ObjectKind::Group] {
            let refused = said(add(tx, &member.may().unwrap(), kind, false, &again, NOW));
            assert!(refused.contains("has a schema with this id"), "{refused}");
        }
        add(
            tx,
            &other.may().unwrap(),
            ObjectKind::User,
            false,
            &badge(),
            NOW,
        )?;
        Ok(())
    });
}

#[test]
fn bad_documents_are_refused_in_sentences() {
    with_teams(|tx, one, _| {
        let member = Member::of_this_process(one.seq);
        for (document, expected) in [
            ("{\"id\": ", "line 1 column"),
            ("[]", "a schema is a JSON object"),
            ("{\"id\": \"x\"}", "\"x\""),
            (&badge().replace("integer", "number"), "number"),
            (
                &badge().replace(BADGE, "urn:ietf:params:scim:schemas:core:2.0:User"),
                "urn:ietf:params:scim:schemas:core:2.0:User",
            ),
        ] {
            let refused = said(add(
                tx,
                &member.may().unwrap(),
                ObjectKind::User,
                false,
                document,
                NOW,
            ));
            assert!(refused.contains(expected), "{document}: {refused}");
        }
        assert_eq!(list(tx, &member.may().unwrap())?, []);
        Ok(())
    });
}

#[test]
fn a_team_has_at_most_twenty() {
    with_teams(|tx, one, _| {
        let member = Member::of_this_process(one.seq);
        for n in 0..MAXIMUM {
            let document = badge().replace("1.0", &format!("1.{n}"));
            add(
                tx,
                &member.may().unwrap(),
                ObjectKind::User,
                false,
                &document,
                NOW,
            )?;
        }
        let more = badge().replace("1.0", "2.0");
        let refused = said(add(
            tx,
            &member.may().unwrap(),
            ObjectKind::User,
            false,
            &more,
            NOW,
        ));
        assert!(refused.contains("at most 20"), "{refused}");
        Ok(())
    });
}

#[test]
fn nothing_is_required_of_resources_that_lack_it() {
    with_teams(|tx, one, _| {
        let member = Member::of_this_process(one.seq);
        user(tx, one.seq, "ada", &Value::Null)?;
        let refused = said(add(
            tx,
            &member.may().unwrap(),
            ObjectKind::User,
            true,
            &badge(),
            NOW,
        ));
        assert!(
            refused.contains("The User \"ada\" has nothing"),
            "{refused}"
        );
        let groups = badge().replace(":User", ":Group");
        assert!(
            add(
                tx,
                &member.may().unwrap(),
                ObjectKind::Group,
                true,
                &groups,
                NOW
            )?
            .required,
            "there is no group that lacks it"
        );
        let row = add(
            tx,
            &member.may().unwrap(),
            ObjectKind::User,
            false,
            &badge(),
            NOW,
        )?;
        let refused = said(replace(
            tx,
            &member.may().unwrap(),
            row.seq,
            true,
            &badge(),
            NOW,
        ));
        assert!(
            refused.contains("The User \"ada\" has nothing"),
            "{refused}"
        );
        Ok(())
    });
}

#[test]
fn a_replacement_fits_what_is_stored() {
    with_teams(|tx, one, _| {
        let member = Member::of_this_process(one.seq);
        let row = add(
            tx,
            &member.may().unwrap(),
            ObjectKind::User,
            false,
            &badge(),
            NOW,
        )?;
        user(tx, one.seq, "ada", &json!({"number": 7}))?;
        for (attributes, expected) in [
            (json!([{"name": "number", "type": "boolean"}]), "number"),
            (
                json!([{"name": "number", "type": "integer"}, {"name": "code", "required": true}]),
                "code",
            ),
        ] {
            let refused = said(replace(
                tx,
                &member.may().unwrap(),
                row.seq,
                false,
                &document(&attributes),
                NOW,
            ));
            assert!(refused.contains("The User \"ada\" holds data"), "{refused}");
            assert!(refused.contains(expected), "{refused}");
        }
        let wider = document(&json!([{"name": "number", "type": "decimal"}, {"name": "code"}]));
        let replaced = replace(tx, &member.may().unwrap(), row.seq, true, &wider, NOW)?;
        assert!(replaced.required);
        let elsewhere = wider.replace("badge", "card");
        let refused = said(replace(
            tx,
            &member.may().unwrap(),
            row.seq,
            true,
            &elsewhere,
            NOW,
        ));
        assert!(refused.contains("must stay"), "{refused}");
        Ok(())
    });
}

#[test]
fn removing_hides_data_when_that_is_meant_and_adding_shows_it_again() {
    with_teams(|tx, one, _| {
        let member = Member::of_this_process(one.seq);
        let row = add(
            tx,
            &member.may().unwrap(),
            ObjectKind::User,
            false,
            &badge(),
            NOW,
        )?;
        let ada = user(tx, one.seq, "ada", &json!({"number": 7}))?;
        let refused = said(remove(tx, &member.may().unwrap(), row.seq, false, NOW));
        assert!(refused.contains("hold data"), "{refused}");
        remove(tx, &member.may().unwrap(), row.seq, true, NOW)?;
        assert_eq!(list(tx, &member.may().unwrap())?, []);
        assert!(get(tx, &member.may().unwrap(), row.seq).is_err());
        let stored = users::find(tx, one.seq, ada.seq)?.unwrap();
        assert_eq!(stored.attributes, ada.attributes);
        let unfit = document(&json!([{"name": "number", "type": "boolean"}]));
        let refused = said(add(
            tx,
            &member.may().unwrap(),
            ObjectKind::User,
            false,
            &unfit,
            NOW,
        ));
        assert!(
            refused.contains("holds data that does not fit"),
            "{refused}"
        );
        let shouted = badge().replace("badge", "BADGE");
        let refused = said(add(
            tx,
            &member.may().unwrap(),
            ObjectKind::User,
            false,
            &shouted,
            NOW,
        ));
        assert!(refused.contains("exactly like that"), "{refused}");
        let back = add(
            tx,
            &member.may().unwrap(),
            ObjectKind::User,
            true,
            &badge(),
            NOW,
        )?;
        assert_eq!(list(tx, &member.may().unwrap())?, [back]);
        let events: Vec<_> = audit::list(tx, &member.may().unwrap(), None, 10)?
            .into_iter()
            .filter(|(_, event)| event.target == BADGE)
            .map(|(_, event)| event.operation)
            .collect();
        let expected = [
            Operation::SchemaAdd,
            Operation::SchemaRemove,
            Operation::SchemaAdd,
        ];
        assert_eq!(events, expected, "refused ones leave none");
        Ok(())
    });
}

#[test]
fn without_data_nothing_remains_of_a_removed_schema() {
    with_teams(|tx, one, _| {
        let member = Member::of_this_process(one.seq);
        let row = add(
            tx,
            &member.may().unwrap(),
            ObjectKind::Group,
            false,
            &badge(),
            NOW,
        )?;
        let seq = groups::next_seq(tx, one.seq)?;
        let attributes = Map::from_iter([("displayName".to_owned(), "G".into())]);
        let group = Group::new(
            seq,
            ScimId::new(tx.mix(), seq, Nonce([8; 16])),
            NOW,
            attributes,
        );
        groups::put(tx, one.seq, &group)?;
        remove(tx, &member.may().unwrap(), row.seq, false, NOW)?;
        assert_eq!(rows::list(tx, one.seq)?, []);
        assert!(remove(tx, &member.may().unwrap(), row.seq, false, NOW).is_err());
        Ok(())
    });
}
