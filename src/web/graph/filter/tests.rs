//! Filters by example: what is read out of a text, and what is refused. What each finds is told in `tests/api/inbound`.

use super::*;

/// A tenant with two jobs: 1 out of the directory, 2 into it.
struct Two;

const TENANT: &str = "74beb175-3b80-4b63-b9d5-6f0b76082b16";
const ENTRY: &str = "75b5b0ae-9fc5-4d0e-a0a9-7f6a4728de56";
const CYCLE: &str = "b6502552-018d-49bd-8869-c47194dc65c1";

fn which(fits: impl Fn(&str) -> bool, names: [&str; 2]) -> Vec<Seq> {
    let rows = [(names[0], 1), (names[1], 2)].into_iter();
    rows.filter(|(name, _)| fits(name))
        .map(|(_, row)| Seq(row))
        .collect()
}

impl Known for Two {
    fn jobs_called(&self, text: &str, contains: bool) -> Vec<Seq> {
        let fits = |name: &str| {
            if contains {
                name.contains(text)
            } else {
                name == text
            }
        };
        which(fits, ["scim.a", "API2AAD.b"])
    }

    fn jobs_of_principal(&self, id: &str) -> Vec<Seq> {
        which(|name| name == id, ["p1", "p2"])
    }

    fn jobs_of_name(&self, name: &str) -> Vec<Seq> {
        which(|known| known == name, ["Postman", "HR"])
    }

    fn jobs_of_system(&self, end: End, text: &str, contains: bool) -> Vec<Seq> {
        let fits = |name: &str| {
            if contains {
                name.contains(text)
            } else {
                name == text
            }
        };
        match end {
            End::Source => which(fits, ["Microsoft Entra ID", "API"]),
            End::Target => which(fits, ["customappsso", "Microsoft Entra ID"]),
        }
    }

    fn is_tenant(&self, id: &str, contains: bool) -> bool {
        if contains {
            TENANT.contains(id)
        } else {
            TENANT == id
        }
    }

    fn entry(&self, id: &Guid) -> Option<Seq> {
        (id.to_string() == ENTRY).then_some(Seq(7))
    }

    fn change(&self, id: &Guid) -> Option<Seq> {
        (id.to_string() == ENTRY).then_some(Seq(8))
    }
}

fn wanted(text: &str) -> Wanted {
    read(text, Version::Beta, &Two).unwrap_or_else(|why| panic!("{text}: {why}"))
}

fn conditions(text: &str) -> Vec<Condition> {
    let wanted = wanted(text);
    assert_eq!((wanted.only, wanted.parts.len()), (Only::All, 0), "{text}");
    wanted.conditions
}

fn refusal(text: &str) -> String {
    match read(text, Version::V1, &Two) {
        Err(why) => why,
        Ok(wanted) => panic!("{text}: {wanted:?}"),
    }
}

#[test]
fn each_property_becomes_the_condition_that_the_log_is_searched_by() {
    let jobs = |rows: &[u64]| Condition::Jobs(rows.iter().copied().map(Seq).collect());
    let is = |text: &str| Text::Is(text.to_owned());
    let part = |text: &str| Text::Contains(text.to_owned());
    for (text, condition) in [
        ("jobid eq 'scim.a'", jobs(&[1])),
        ("jobId contains '.'", jobs(&[1, 2])),
        ("jobid eq 'none'", jobs(&[])),
        ("servicePrincipal/id eq 'p2'", jobs(&[2])),
        ("servicePrincipal/displayName eq 'HR'", jobs(&[2])),
        ("servicePrincipal/name eq 'Postman'", jobs(&[1])),
        ("sourceSystem/displayName eq 'API'", jobs(&[2])),
        ("targetSystem/displayName contains 'Entra'", jobs(&[2])),
        ("tenantid eq 'another'", jobs(&[])),
        ("cycleId eq 'no guid'", jobs(&[])),
        (
            "cycleid contains 'b650'",
            Condition::CycleLike("b650".into()),
        ),
        (
            "provisioningAction eq 'stagedDelete'",
            Condition::Actions(vec![Action::StagedDelete]),
        ),
        (
            "action contains 'elete'",
            Condition::Actions(vec![Action::Delete, Action::StagedDelete]),
        ),
        (
            "statusInfo/status eq 'FAILURE'",
            Condition::Statuses(vec![Status::Failure]),
        ),
        (
            "sourceIdentity/identityType eq 'Group'",
            Condition::Kind(ObjectKind::Group),
        ),
        (
            "targetIdentity/identityType contains 'enterprise:2.0:User'",
            Condition::Kind(ObjectKind::User),
        ),
        (
            "sourceIdentity/id eq '701984'",
            Condition::Id(End::Source, is("701984")),
        ),
        (
            "targetIdentity/id contains '24'",
            Condition::Id(End::Target, part("24")),
        ),
        (
            "sourceIdentity/displayName eq 'It''s'",
            Condition::Name(End::Source, is("It's")),
        ),
        (
            "contains(targetIdentity/displayName,'a, b (c)')",
            Condition::Name(End::Target, part("a, b (c)")),
        ),
        (
            "initiatedBy/displayName contains 'Azure'",
            Condition::InitiatedBy {
                name: part("Azure"),
                service: true,
            },
        ),
        (
            "initiatedBy/displayName eq 'Ann'",
            Condition::InitiatedBy {
                name: is("Ann"),
                service: false,
            },
        ),
    ] {
        assert_eq!(conditions(text), [condition], "{text}");
    }
    let cycle = |is| Condition::Cycle {
        id: CYCLE.parse().unwrap(),
        is,
    };
    assert_eq!(conditions(&format!("cycleId eq '{CYCLE}'")), [cycle(true)]);
    assert_eq!(conditions(&format!("cycleId ne '{CYCLE}'")), [cycle(false)]);
    for everything in ["cycleId ne ''", "tenantId contains '74be'"] {
        assert_eq!(conditions(everything), [], "{everything}");
    }
}

#[test]
fn ids_of_an_entry_lead_to_it_and_parts_of_them_are_looked_for() {
    assert_eq!(wanted(&format!("id eq '{ENTRY}'")).only, Only::One(Seq(7)));
    assert_eq!(
        wanted(&format!("changeId contains '{ENTRY}'")).only,
        Only::One(Seq(8))
    );
    assert_eq!(wanted("id eq 'none'").only, Only::Nothing);
    let both = format!("id eq '{ENTRY}' and changeid eq '{ENTRY}'");
    assert_eq!(wanted(&both).only, Only::Nothing, "no entry is both");
    let parts = wanted("id contains '75b5' and changeId contains '9fc5'").parts;
    assert_eq!(
        parts,
        [Part::Id("75b5".into()), Part::Change("9fc5".into())]
    );
}

#[test]
fn bounds_are_whole_seconds_and_whole_milliseconds() {
    let at = |second: i64| Timestamp::from_millis(1_780_000_000_000 + second * 1000);
    let (least, most) = (
        Timestamp::from_millis(i64::MIN),
        Timestamp::from_millis(i64::MAX),
    );
    let moment = at(0).to_string();
    for (operator, time, took) in [
        ("eq", at(0)..at(1), 5..6),
        ("gt", at(1)..most, 6..u64::MAX),
        ("ge", at(0)..most, 5..u64::MAX),
        ("lt", least..at(0), 0..5),
        ("le", least..at(1), 0..6),
    ] {
        let text = format!("activityDateTime {operator} {moment}");
        assert_eq!(conditions(&text), [Condition::Time(time)], "{text}");
        let text = format!("durationInMilliseconds {operator} 5");
        assert_eq!(conditions(&text), [Condition::Duration(took)], "{text}");
    }
    let extreme = conditions("durationInMilliseconds gt 18446744073709551615");
    assert_eq!(extreme, [Condition::Duration(u64::MAX..u64::MAX)]);
}

#[test]
fn comparisons_are_joined_with_and_alone() {
    let all = conditions(
        "jobid eq 'scim.a' AND sourceIdentity/id eq 'x'  and statusInfo/status eq 'failure'",
    );
    assert_eq!(all.len(), 3);
    let one = "jobid eq 'x'";
    let fifty = vec![one; 50].join(" and ");
    assert_eq!(conditions(&fifty).len(), 50);
    let refused = refusal(&format!("{fifty} and {one}"));
    assert!(refused.contains("more than 50"), "{refused}");
}

#[test]
fn what_cannot_be_understood_is_named() {
    for (text, says) in [
        ("", "begins with the name of a property"),
        ("()", "begins with the name of a property"),
        ("jobid", "Behind jobid"),
        ("jobid like 'x'", "Behind jobid"),
        ("jobid eq", "compared with nothing"),
        ("jobid eq (", "not '('"),
        ("jobid eq 'x", "never closed"),
        ("jobid eq 'x' or jobid eq 'y'", "not with 'or'"),
        ("jobid eq 'x' and", "begins with the name of a property"),
        ("contains(jobid)", "contains(property,'text')"),
        ("contains(jobid,'x'", "contains(property,'text')"),
        ("jobid ne 'x'", "jobid cannot be compared"),
        (
            "servicePrincipal/id contains 'x'",
            "servicePrincipal/id cannot be compared",
        ),
        ("durationInMilliseconds contains '5'", "cannot be compared"),
        ("durationInMilliseconds eq 'x'", "'x' is no number"),
        ("activityDateTime ge yesterday", "'yesterday' is no moment"),
        ("colour eq 'red'", "filtered by colour"),
        ("action eq 'Create'", "property of beta"),
        ("STATUSINFO/status eq 'failure'", "property of beta"),
        ("servicePrincipal/name eq 'HR'", "property of beta"),
    ] {
        let why = refusal(text);
        assert!(why.contains(says), "{text}: {why}");
    }
    assert!(refusal(&"x".repeat(9 << 10)).contains("bytes"));
}

proptest::proptest! {
    #[test]
    fn no_text_breaks_the_reader(text in "\\PC{0,80}") {
        let _ = read(&text, Version::Beta, &Two);
    }
}
