//! Lists against what a simple model says of them, and the text of resources against their values.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Asked, Cursors, Kind, Query, list};
use crate::access::ScimCaller;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{Nonce, ScimId, Seq};
use crate::model::{Group, Meta, ObjectKind, ObjectRef, Role, User};
use crate::provider::represent;
use crate::scim::cursor::CursorKey;
use crate::scim::profile::Profile;
use crate::scim::{Endpoint, Filter, Projection, Rules, Sort, user};
use crate::store::{self, Store, groups as group_rows, users as user_rows};

const TEAM: Seq = Seq(1);
const BASE: &str = "http://h/\u{e9}\"/scim";
const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

fn cursors() -> Cursors {
    Cursors {
        key: CursorKey([3; 32]),
        now: NOW,
    }
}

fn add_user(store: &Store, attributes: Value) -> ScimId {
    let mix = store.mix();
    let Value::Object(attributes) = attributes else {
        panic!("attributes are an object");
    };
    store
        .write(move |tx| {
            let seq = user_rows::next_seq(tx, TEAM)?;
            let id = ScimId::new(mix, seq, Nonce([1; 16]));
            let meta = Meta::new(NOW).changed(Timestamp::from_millis(1_700_000_001_000));
            let user = User {
                seq,
                id,
                meta,
                attributes,
                account: seq,
                roles: Role::by_default(),
                invite: None,
                written_by_scim: None,
            };
            user_rows::put(tx, TEAM, &user)?;
            Ok::<_, store::Error>(id)
        })
        .unwrap()
}

/// Members are row numbers: users, and groups as negative ones.
fn add_group(store: &Store, name: &str, members: Vec<i64>) {
    let mix = store.mix();
    let attributes = json!({ "displayName": name });
    store
        .write(move |tx| {
            let seq = group_rows::next_seq(tx, TEAM)?;
            let mut count = 0;
            for member in members {
                let row = Seq(member.unsigned_abs());
                let member = if member > 0 {
                    ObjectRef::user(row)
                } else {
                    ObjectRef::group(row)
                };
                count += u64::from(group_rows::add_member(tx, TEAM, seq, member)?);
            }
            let id = ScimId::new(mix, seq, Nonce([2; 16]));
            let group = Group {
                member_count: count,
                ..Group::new(seq, id, NOW, attributes.as_object().unwrap().clone())
            };
            group_rows::put(tx, TEAM, &group)
        })
        .unwrap();
}

fn asked(store: &Store, kind: Kind, asked: &Asked<'_>) -> Result<Value> {
    let caller = ScimCaller::of_test(TEAM);
    let query = Query::read(kind, asked, &caller)?;
    let snapshot = store.read()?;
    let found = list(&snapshot, &caller, BASE, &query, &cursors())?;
    let text = found.body.read(&snapshot)?;
    Ok(serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}")))
}

fn ids(body: &Value) -> Vec<String> {
    let resources = body["Resources"].as_array().unwrap();
    let id = |r: &Value| r["id"].as_str().unwrap().to_owned();
    resources.iter().map(id).collect()
}

fn kind_of(error: &Error) -> String {
    match error {
        Error::Invalid(error) => error.to_body()["scimType"].as_str().unwrap().to_owned(),
        other => panic!("{other}"),
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[ab]{0,2}", "\\PC{0,5}", Just("a\"\\\n".to_owned())]
}

fn attributes() -> impl Strategy<Value = Value> {
    (
        proptest::option::of(text()),
        proptest::option::of(text()),
        proptest::collection::vec((text(), any::<bool>()), 0..3),
        proptest::option::of((text(), 0_u64..6)),
        any::<bool>(),
    )
        .prop_map(|(display, given, emails, enterprise, active)| {
            let mut all = json!({ "active": active });
            if let Some(display) = display {
                all["displayName"] = display.into();
            }
            if let Some(given) = given {
                all["name"] = json!({ "givenName": given });
            }
            if !emails.is_empty() {
                let one =
                    |(value, primary): (String, bool)| json!({"value": value, "primary": primary});
                all["emails"] = emails.into_iter().map(one).collect();
            }
            if let Some((department, manager)) = enterprise {
                all[crate::scim::urn::ENTERPRISE_USER] =
                    json!({"department": department, "manager": {"value": manager.to_string()}});
            }
            all
        })
}

/// People and three groups; the manager's number becomes the id of a person.
fn filled(people: Vec<Value>) -> (Store, Vec<ScimId>) {
    let store = Store::in_memory().unwrap();
    let mut ids: Vec<ScimId> = Vec::new();
    for (n, mut person) in people.into_iter().enumerate() {
        person["userName"] = format!("Name-{}-{n}", (n * 7) % 10).into();
        let manager = &mut person[crate::scim::urn::ENTERPRISE_USER]["manager"]["value"];
        if let Some(number) = manager.as_str().and_then(|n| n.parse::<usize>().ok()) {
            *manager = ids.get(number).map_or("nobody".into(), |id| json!(id));
        } else {
            person
                .as_object_mut()
                .unwrap()
                .shift_remove(crate::scim::urn::ENTERPRISE_USER);
        }
        ids.push(add_user(&store, person));
    }
    let last = i64::try_from(ids.len()).unwrap();
    add_group(&store, "b\"", (1..=last).collect());
    add_group(&store, "A", vec![1, -1, 900]);
    add_group(&store, "c", vec![]);
    (store, ids)
}

fn projections() -> Vec<Projection> {
    [
        (None, None),
        (Some("userName,emails.value,groups,meta.version"), None),
        (
            Some("members,urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"),
            None,
        ),
        (Some("members.display,groups.value,name"), None),
        (None, Some("members,emails,meta")),
        (
            None,
            Some("members.type,groups.$ref,meta.created,name.givenName"),
        ),
    ]
    .into_iter()
    .map(|(only, without)| Projection::parse(only, without, &Rules::interop()).unwrap())
    .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn the_text_of_a_resource_is_what_its_values_are(
        people in proptest::collection::vec(attributes(), 1..5)
    ) {
        let (store, _) = filled(people);
        let snapshot = store.read().unwrap();
        let caller = ScimCaller::of_test(TEAM);
        for projection in projections() {
            for seq in 1..=5 {
                if let Some(row) = user_rows::find(&snapshot, TEAM, Seq(seq)).unwrap() {
                    let made = represent::user(&snapshot, &caller.endpoint, TEAM, BASE, &row, &projection).unwrap();
                    let id = row.id.to_string();
                    let (kind, known) = (ObjectKind::User, |_: &str| false);
                    let read = represent::read(&snapshot, &caller, BASE, (kind, &id), &projection, known);
                    let read = read.unwrap().unwrap();
                    prop_assert_eq!((&read.version, &read.location), (&made.version, &made.location));
                    let text = read.body.read(&snapshot).unwrap();
                    prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), Value::Object(made.body));
                }
                if let Some(row) = group_rows::find(&snapshot, TEAM, Seq(seq)).unwrap() {
                    let made = represent::group(&snapshot, &caller.endpoint, TEAM, BASE, &row, &projection).unwrap();
                    let id = row.id.to_string();
                    let (kind, known) = (ObjectKind::Group, |_: &str| false);
                    let read = represent::read(&snapshot, &caller, BASE, (kind, &id), &projection, known);
                    let text = read.unwrap().unwrap().body.read(&snapshot).unwrap();
                    prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), Value::Object(made.body));
                }
            }
        }
    }

    #[test]
    fn a_list_is_what_sorting_and_filtering_all_representations_gives(
        people in proptest::collection::vec(attributes(), 1..9),
        filter in proptest::sample::select(vec![
            None, Some("active eq true"), Some("displayName pr"), Some("displayName eq \"A\""),
            Some("groups.display eq \"A\""), Some("meta.lastModified gt \"2020-01-01T00:00:00Z\""),
            Some("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.displayName pr"),
            Some("not (emails[primary eq true])"), Some("schemas co \"enterprise\""),
            Some("userName sw \"name-7\" and id pr"),
        ]),
        by in proptest::sample::select(vec![
            None, Some("userName"), Some("displayName"), Some("name.givenName"), Some("emails"),
            Some("active"), Some("id"),
            Some("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.displayName"),
        ]),
        descending in any::<bool>(),
        (start, count) in (1_u64..8, 1_u64..5),
    ) {
        let (store, _) = filled(people);
        let caller = ScimCaller::of_test(TEAM);
        let snapshot = store.read().unwrap();
        let order = if descending { "descending" } else { "ascending" };
        let types = [user()];
        let sort = Sort::parse(by, Some(order), &types, &Rules::interop()).unwrap();
        let parsed = filter.map(|text| Filter::parse(text, user(), &Rules::interop()).unwrap());
        let mut expected = Vec::new();
        for row in user_rows::page_at(&snapshot, TEAM, 0, 100).unwrap() {
            let full = represent::user(&snapshot, &caller.endpoint, TEAM, BASE, &row, &Projection::default()).unwrap().body;
            if parsed.as_ref().is_none_or(|f| f.matches(&full)) {
                let key = sort.as_ref().and_then(|s| s[0].key(&full));
                expected.push((crate::scim::sort::Rank { key, kind: 0, row: row.seq.0 }, row.id.to_string()));
            }
        }
        if let Some(sort) = &sort {
            expected.sort_by(|a, b| sort[0].compare(&a.0, &b.0));
        }
        let expected: Vec<String> = expected.into_iter().map(|(_, id)| id).collect();
        let wanted = Asked { filter, sort_by: by, sort_order: Some(order), start_index: Some(start),
            count: Some(count), ..Asked::default() };
        let page = asked(&store, Kind::Users, &wanted).unwrap();
        prop_assert_eq!(&page["totalResults"], &json!(expected.len()));
        prop_assert_eq!(&page["startIndex"], &json!(start));
        let from = usize::try_from(start - 1).unwrap();
        let part: Vec<String> = expected.iter().skip(from).take(usize::try_from(count).unwrap()).cloned().collect();
        prop_assert_eq!(ids(&page), part);
        // The same list by cursors.
        let (mut all, mut cursor) = (Vec::new(), String::new());
        loop {
            let wanted = Asked { start_index: None, cursor: Some(&cursor), ..wanted.clone() };
            let page = asked(&store, Kind::Users, &wanted).unwrap();
            prop_assert_eq!(&page["totalResults"], &json!(expected.len()));
            prop_assert!(page.get("startIndex").is_none());
            all.extend(ids(&page));
            match page.get("nextCursor") {
                Some(next) => cursor = next.as_str().unwrap().to_owned(),
                None => break,
            }
            prop_assert!(all.len() < expected.len(), "the last page names no next one");
        }
        prop_assert_eq!(all, expected);
    }

    #[test]
    fn whoever_stays_is_shown_once_while_others_come_and_go(
        sorted in any::<bool>(),
        moves in proptest::collection::vec((0_u64..30, any::<bool>()), 1..12),
    ) {
        let people = (0..12).map(|_| json!({})).collect();
        let (store, first) = filled(people);
        let (mut gone, mut seen, mut cursor) = (BTreeSet::new(), Vec::new(), String::new());
        let mut moves = moves.into_iter();
        loop {
            let wanted = Asked { sort_by: sorted.then_some("userName"), cursor: Some(&cursor),
                count: Some(2), ..Asked::default() };
            let page = asked(&store, Kind::Users, &wanted).unwrap();
            seen.extend(ids(&page));
            let Some(next) = page.get("nextCursor") else { break };
            cursor = next.as_str().unwrap().to_owned();
            match moves.next() {
                Some((row, true)) => {
                    let removed = store.write(move |tx| {
                        let found = user_rows::find(tx, TEAM, Seq(row))?;
                        if let Some(user) = &found {
                            user_rows::remove(tx, TEAM, user)?;
                        }
                        Ok::<_, store::Error>(found)
                    }).unwrap();
                    gone.extend(removed.map(|user| user.id.to_string()));
                }
                Some((n, false)) => {
                    add_user(&store, json!({"userName": format!("name-{n}-{}-x", seen.len())}));
                }
                None => {}
            }
        }
        let distinct: BTreeSet<&String> = seen.iter().collect();
        prop_assert_eq!(distinct.len(), seen.len(), "PAGE-26: nobody twice");
        for id in first.iter().map(ToString::to_string) {
            prop_assert!(gone.contains(&id) || distinct.contains(&id), "PAGE-26: {} was skipped", id);
        }
    }
}

#[test]
fn a_root_query_lists_users_before_groups() {
    let (store, _) = filled(vec![json!({"displayName": "b"}), json!({}), json!({})]);
    let names = |filter, sort_by, start, count| {
        let wanted = Asked {
            filter,
            sort_by,
            start_index: Some(start),
            count: Some(count),
            ..Asked::default()
        };
        let page = asked(&store, Kind::Both, &wanted).unwrap();
        let one = |r: &Value| {
            let name = r.get("userName").or(r.get("displayName"));
            name.unwrap().as_str().unwrap().to_owned()
        };
        let names: Vec<String> = page["Resources"]
            .as_array()
            .unwrap()
            .iter()
            .map(one)
            .collect();
        (page["totalResults"].as_u64().unwrap(), names.join(" "))
    };
    let all = "Name-0-0 Name-7-1 Name-4-2 b\" A c";
    assert_eq!(names(None, None, 1, 100), (6, all.into()));
    assert_eq!(names(None, None, 3, 2), (6, "Name-4-2 b\"".into()));
    assert_eq!(names(None, None, 5, 9), (6, "A c".into()));
    let groups = Some("meta.resourceType eq \"Group\"");
    assert_eq!(names(groups, None, 2, 9), (3, "A c".into()), "GET-22");
    let users = names(Some("userName pr"), None, 1, 9);
    assert_eq!(users, (3, "Name-0-0 Name-7-1 Name-4-2".into()), "GET-23");
    let named = names(Some("displayName pr"), None, 1, 9);
    assert_eq!(named, (4, "Name-0-0 b\" A c".into()), "PAGE-28");
    assert_eq!(
        names(Some("nosuch eq \"x\""), None, 1, 9),
        (0, String::new()),
        "FLT-46"
    );
    let sorted = names(None, Some("displayName"), 1, 9);
    assert_eq!(sorted, (6, "A Name-0-0 b\" c Name-7-1 Name-4-2".into()));
    // By cursor, across the border between the types.
    for (filter, sort_by) in [
        (None, None),
        (Some("id pr"), None),
        (None, Some("displayName")),
    ] {
        let whole = Asked {
            filter,
            sort_by,
            ..Asked::default()
        };
        let expected = ids(&asked(&store, Kind::Both, &whole).unwrap());
        for count in 1..=6 {
            let (mut all, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
            loop {
                let wanted = Asked {
                    cursor: Some(&cursor),
                    count: Some(count),
                    ..whole.clone()
                };
                let page = asked(&store, Kind::Both, &wanted).unwrap();
                all.extend(ids(&page));
                pages += 1;
                let Some(next) = page.get("nextCursor") else {
                    break;
                };
                cursor = next.as_str().unwrap().to_owned();
            }
            assert_eq!(
                (all.as_slice(), pages),
                (expected.as_slice(), 6_u64.div_ceil(count))
            );
        }
    }
}

#[test]
fn no_page_is_longer_than_the_endpoint_gives() {
    let (store, _) = filled(vec![json!({}), json!({}), json!({})]);
    let mut profile = Profile::default();
    profile.service.max_results = 2;
    let caller = ScimCaller {
        endpoint: Arc::new(Endpoint::new(profile)),
        ..ScimCaller::of_test(TEAM)
    };
    let snapshot = store.read().unwrap();
    for cursor in [None, Some("")] {
        for count in [None, Some(3)] {
            let wanted = Asked {
                count,
                cursor,
                ..Asked::default()
            };
            let query = Query::read(Kind::Users, &wanted, &caller).unwrap();
            let found = list(&snapshot, &caller, BASE, &query, &cursors()).unwrap();
            assert_eq!(found.items, 2, "{cursor:?} {count:?}");
        }
    }
}

#[test]
fn what_cannot_be_paged_is_refused() {
    let (store, _) = filled(vec![json!({}), json!({}), json!({})]);
    let refused = |wanted: &Asked<'_>| kind_of(&asked(&store, Kind::Users, wanted).unwrap_err());
    let first = Asked {
        cursor: Some(""),
        count: Some(1),
        ..Asked::default()
    };
    let page = asked(&store, Kind::Users, &first).unwrap();
    let next = page["nextCursor"].as_str().unwrap();
    let on = Asked {
        cursor: Some(next),
        ..Asked::default()
    };
    assert_eq!(ids(&asked(&store, Kind::Users, &on).unwrap()).len(), 1);
    let cases = [
        (
            Asked {
                start_index: Some(1),
                ..on.clone()
            },
            "invalidValue",
        ),
        (
            Asked {
                count: Some(2),
                ..on.clone()
            },
            "invalidCount",
        ),
        (
            Asked {
                filter: Some("title pr"),
                ..on.clone()
            },
            "invalidCursor",
        ),
        (
            Asked {
                sort_by: Some("title"),
                ..on.clone()
            },
            "invalidCursor",
        ),
        (
            Asked {
                cursor: Some("AAAA"),
                ..on.clone()
            },
            "invalidCursor",
        ),
        (
            Asked {
                sort_by: Some("title"),
                start_index: Some(100_001),
                ..Asked::default()
            },
            "tooMany",
        ),
    ];
    for (wanted, kind) in cases {
        assert_eq!(refused(&wanted), kind, "PAGE-23 {wanted:?}");
    }
    let none = Asked {
        count: Some(0),
        ..first
    };
    let page = asked(&store, Kind::Users, &none).unwrap();
    assert_eq!(
        (page["totalResults"].as_u64(), page.get("nextCursor")),
        (Some(3), None)
    );
}

#[test]
fn large_groups_are_read_in_pieces_and_small_memory() {
    let store = Store::in_memory().unwrap();
    for n in 0..1_800 {
        add_user(
            &store,
            json!({"userName": format!("u{n}"), "displayName": "x"}),
        );
    }
    add_group(&store, "large", (1..=1_800).collect());
    add_group(&store, "small", vec![1, 2]);
    let caller = ScimCaller::of_test(TEAM);
    let query = Query::read(Kind::Groups, &Asked::default(), &caller).unwrap();
    let snapshot = store.read().unwrap();
    let found = list(&snapshot, &caller, BASE, &query, &cursors()).unwrap();
    let mut body = found.body.into_text().unwrap_err();
    let mut text = body.next_piece(&snapshot).unwrap().unwrap();
    assert!(text.len() < 200_000, "{}", text.len());
    // Who goes meanwhile is left out.
    store
        .write(|tx| {
            // A whole piece of them, and one more.
            for gone in (501..=1_000).chain([1_299]) {
                let user = user_rows::find(tx, TEAM, Seq(gone))?;
                user_rows::remove(tx, TEAM, &user.ok_or(store::Error::Busy)?)?;
            }
            Ok::<_, store::Error>(())
        })
        .unwrap();
    let mut pieces = 1;
    while let Some(piece) = body.next_piece(&store.read().unwrap()).unwrap() {
        assert!(!piece.is_empty(), "an empty piece ends an answer");
        text.push_str(&piece);
        pieces += 1;
    }
    assert!(pieces >= 3, "{pieces}");
    let page: Value = serde_json::from_str(&text).unwrap();
    let count = |n: usize| page["Resources"][n]["members"].as_array().unwrap().len();
    assert_eq!((count(0), count(1)), (1_299, 2));
}
