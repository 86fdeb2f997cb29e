//! `$filter`, `$top`, `$orderby`, `$skiptoken`, `$count` and `$select` of the provisioning log by the tables of 7.1.

use scimlab::model::{Action, Identity, LogEntry, ObjectKind};

use super::*;

/// Ids of the two cycles, and of people in the source.
const CYCLE: &str = "b6502552-018d-49bd-8869-c47194dc65c1";
const OTHER_CYCLE: &str = "c7613663-129e-4ace-9970-d582a5ed76d2";
const ALICE: &str = "5e6c9bae-ab4d-4239-8ad0-174391d110eb";

/// Six entries, a minute apart from 03:00:54 on: 0 to 2 of the outbound job, 3 to 5 of the inbound one.
fn entries(known: &Known) -> Vec<LogEntry> {
    use scimlab::model::Status::{Failure, Skipped, Success, Warning};
    let (outbound, inbound) = (known.outbound.2.job, known.key.job);
    let mut number = 0;
    let mut entry =
        |job, cycle: &str, kind, action, status, source: [&str; 2], target: [&str; 2]| {
            let at = format!("2026-05-04T03:{number:02}:54.250Z");
            number += 1;
            let identity = |[id, name]: [&str; 2]| Identity {
                id: id.to_owned(),
                display_name: name.to_owned(),
            };
            LogEntry {
                seq: Seq(0),
                job,
                cycle_id: cycle.parse().unwrap(),
                activity_date_time: Timestamp::parse(&at).unwrap(),
                kind,
                object: Seq(1),
                action,
                status,
                error: None,
                duration_in_milliseconds: 100 * number,
                source: identity(source),
                target: identity(target),
                initiated_by: None,
                steps: Vec::new(),
                modified_properties: Vec::new(),
                exchanges: Vec::new(),
            }
        };
    let (user, group) = (ObjectKind::User, ObjectKind::Group);
    let mut all = vec![
        entry(
            outbound,
            CYCLE,
            user,
            Action::Create,
            Success,
            [ALICE, "Alice"],
            ["2441309d", "alice@contoso.com"],
        ),
        entry(
            outbound,
            CYCLE,
            group,
            Action::Update,
            Failure,
            ["g-1", "Sales"],
            ["2441309e", "Sales"],
        ),
        entry(
            outbound,
            CYCLE,
            user,
            Action::Disable,
            Success,
            ["u-2", "Bob's"],
            ["2441309f", "bob@contoso.com"],
        ),
        entry(
            inbound,
            OTHER_CYCLE,
            user,
            Action::Create,
            Success,
            ["701984", "Babs Jensen"],
            ["d-1", "bjensen@contoso.com"],
        ),
        entry(
            inbound,
            OTHER_CYCLE,
            user,
            Action::Other,
            Skipped,
            ["701985", "Kathy Jensen"],
            ["d-2", "kjensen@contoso.com"],
        ),
        entry(
            inbound,
            OTHER_CYCLE,
            user,
            Action::StagedDelete,
            Warning,
            ["9", "Alice"],
            ["", "alice@contoso.com"],
        ),
    ];
    all[2].initiated_by = Some("Ann Operator".to_owned());
    all
}

fn filled() -> Inbound {
    Inbound::start_with(&USUAL, |tx, known| {
        let tenant = known.key.tenant;
        for entry in entries(known) {
            logs::append(tx, tenant, entry)?;
        }
        Ok(())
    })
}

/// Numbers of the entries on a page, by their minutes.
fn numbers(page: &Response<Value>) -> Vec<usize> {
    assert_eq!(page.status(), 200, "{}", page.body());
    let all = page.body()["value"].as_array().unwrap().iter();
    all.map(|entry| {
        entry["activityDateTime"].as_str().unwrap()[14..16]
            .parse()
            .unwrap()
    })
    .collect()
}

/// Sends each filter to a version, and to its address with a slash before the query; the newest come first.
fn finds(inbound: &Inbound, version: &str, filter: &str, expected: &[usize]) {
    let mut newest_first = expected.to_vec();
    newest_first.reverse();
    let page = inbound.log(version, &[("$filter", filter)]);
    assert_eq!(numbers(&page), newest_first, "{version}: {filter}");
    let path = format!(
        "/{version}/auditLogs/provisioning/?$filter={}",
        encoded(filter)
    );
    assert_eq!(numbers(&inbound.get(&path)), newest_first, "{path}");
}

const EVERY: &[usize] = &[0, 1, 2, 3, 4, 5];

#[test]
fn every_attribute_is_compared_as_documented() {
    let inbound = filled();
    let all = inbound.log("v1.0", &[("$orderby", "activityDateTime asc")]);
    assert_eq!(numbers(&all), EVERY);
    let third = &all.body()["value"][3];
    let own = |name: &str| third[name].as_str().unwrap().to_owned();
    let (id, change) = (own("id"), own("changeId"));
    let Known {
        tenant,
        principal,
        job,
        outbound,
        ..
    } = &inbound.known;
    let guid = &job[job.len() - 36..];
    let part = |text: &str| text[9..18].to_owned();
    for (attribute, whole, its, contained) in [
        ("id", id.as_str(), &[3][..], part(&id)),
        ("tenantid", tenant, EVERY, part(tenant)),
        ("jobid", job, &[3, 4, 5], guid.to_owned()),
        ("changeid", change.as_str(), &[3], part(&change)),
        ("cycleid", CYCLE, &[0, 1, 2], part(CYCLE)),
        ("provisioningAction", "stagedDelete", &[5], "staged".into()),
        (
            "provisioningStatusInfo/status",
            "failure",
            &[1],
            "fail".into(),
        ),
        ("sourceSystem/displayName", "API", &[3, 4, 5], "AP".into()),
        (
            "targetSystem/displayName",
            "customappsso",
            &[0, 1, 2],
            "appsso".into(),
        ),
        ("sourceIdentity/identityType", "Group", &[1], "roup".into()),
        (
            "targetIdentity/identityType",
            "Group",
            &[1],
            "core:2.0:Group".into(),
        ),
        ("sourceIdentity/id", "701984", &[3], "0198".into()),
        ("targetIdentity/id", "2441309e", &[1], "309e".into()),
        (
            "sourceIdentity/displayName",
            "Kathy Jensen",
            &[4],
            "athy".into(),
        ),
        (
            "targetIdentity/displayName",
            "bob@contoso.com",
            &[2],
            "bob@".into(),
        ),
        (
            "initiatedBy/displayName",
            "Ann Operator",
            &[2],
            "nn Op".into(),
        ),
    ] {
        let contained = if attribute == "sourceIdentity/id" {
            finds(
                &inbound,
                "v1.0",
                "sourceIdentity/id contains '70198'",
                &[3, 4],
            );
            "701984".to_owned()
        } else {
            contained
        };
        for version in ["v1.0", "beta"] {
            for filter in [
                format!("{attribute} eq '{whole}'"),
                format!("{} EQ '{whole}'", attribute.to_uppercase()),
                format!("{attribute} contains '{contained}'"),
                format!("contains({attribute}, '{contained}')"),
            ] {
                finds(&inbound, version, &filter, its);
            }
            finds(&inbound, version, &format!("{attribute} eq 'nobody'"), &[]);
            finds(
                &inbound,
                version,
                &format!("{attribute} contains 'nobody'"),
                &[],
            );
        }
    }
    // Parts that are no whole, and whole ones that are only a part.
    finds(
        &inbound,
        "v1.0",
        "sourceIdentity/displayName contains 'Jensen'",
        &[3, 4],
    );
    finds(
        &inbound,
        "v1.0",
        "sourceIdentity/displayName eq 'Jensen'",
        &[],
    );
    finds(
        &inbound,
        "v1.0",
        "initiatedBy/displayName eq 'Azure AD Provisioning Service'",
        &[0, 1, 3, 4, 5],
    );
    finds(
        &inbound,
        "v1.0",
        "initiatedBy/displayName contains 'Azure'",
        &[0, 1, 3, 4, 5],
    );
    finds(
        &inbound,
        "v1.0",
        "sourceIdentity/displayName eq 'Bob''s'",
        &[2],
    );
    finds(
        &inbound,
        "v1.0",
        &format!("servicePrincipal/id eq '{principal}'"),
        &[3, 4, 5],
    );
    finds(
        &inbound,
        "v1.0",
        &format!("servicePrincipal/id eq '{}'", outbound.0),
        &[0, 1, 2],
    );
    finds(
        &inbound,
        "v1.0",
        "servicePrincipal/displayName eq 'HR to directory'",
        &[3, 4, 5],
    );
    finds(
        &inbound,
        "beta",
        "servicePrincipal/name eq 'HR to directory'",
        &[3, 4, 5],
    );
}

#[test]
fn moments_and_durations_are_compared_by_size() {
    let inbound = filled();
    for (operator, moments, durations) in [
        ("eq", &[2][..], &[2][..]),
        ("gt", &[3, 4, 5], &[3, 4, 5]),
        ("lt", &[0, 1], &[0, 1]),
        ("ge", &[2, 3, 4, 5], &[2, 3, 4, 5]),
        ("le", &[0, 1, 2], &[0, 1, 2]),
    ] {
        for version in ["v1.0", "beta"] {
            let moment = format!("activityDateTime {operator} 2026-05-04T03:02:54Z");
            finds(&inbound, version, &moment, moments);
            let duration = format!("durationInMilliseconds {operator} 300");
            finds(&inbound, version, &duration, durations);
        }
    }
    finds(
        &inbound,
        "v1.0",
        "activityDateTime gt 2026-05-04T05:02:54+02:00 and durationInMilliseconds lt 600",
        &[3, 4],
    );
}

#[test]
fn values_are_compared_by_case_but_for_a_status_and_names_of_properties_are_not() {
    let inbound = filled();
    let job = &inbound.known.job;
    for (filter, expected) in [
        ("provisioningStatusInfo/status eq 'Success'", &[0, 2, 3][..]),
        ("PROVISIONINGSTATUSINFO/STATUS eq 'SUCCESS'", &[0, 2, 3]),
        ("sourceIdentity/displayName eq 'alice'", &[]),
        ("sourceIdentity/displayName eq 'Alice'", &[0, 5]),
        ("sourceIdentity/id eq 'U-2'", &[]),
        ("provisioningAction eq 'CREATE'", &[]),
        ("provisioningAction eq 'create'", &[0, 3]),
    ] {
        finds(&inbound, "v1.0", filter, expected);
    }
    for name in ["jobid", "jobId", "JobID"] {
        finds(&inbound, "v1.0", &format!("{name} eq '{job}'"), &[3, 4, 5]);
    }
    for name in ["cycleId", "cycleid"] {
        finds(
            &inbound,
            "v1.0",
            &format!("{name} eq '{CYCLE}'"),
            &[0, 1, 2],
        );
        finds(
            &inbound,
            "v1.0",
            &format!("{name} ne '{CYCLE}'"),
            &[3, 4, 5],
        );
    }
    finds(&inbound, "v1.0", "cycleId ne ''", EVERY);
}

#[test]
fn names_that_only_beta_has_are_refused_in_v1() {
    let inbound = filled();
    for (filter, expected) in [
        ("action eq 'Create'", &[0, 3][..]),
        ("action contains 'Delete'", &[5]),
        ("statusInfo/status eq 'failure'", &[1]),
        ("statusInfo/status contains 'fail'", &[1]),
    ] {
        finds(&inbound, "beta", filter, expected);
        let refusal = inbound.log("v1.0", &[("$filter", filter)]);
        assert!(refused(&refusal, 400, "BadRequest").contains("beta"));
    }
}

#[test]
fn queries_of_real_clients_are_answered() {
    let inbound = filled();
    let Known { job, principal, .. } = &inbound.known;
    for (path, expected) in [
        (
            format!("/beta/auditLogs/provisioning/?$filter=jobid eq '{job}'"),
            &[5, 4, 3][..],
        ),
        (
            format!(
                "/beta/auditLogs/provisioning/?$filter=jobid eq '{job}' and statusInfo/status eq 'failure' and activityDateTime ge 2022-10-10T09:47:34Z"
            ),
            &[],
        ),
        (
            format!(
                "/beta/auditLogs/provisioning/?$filter=jobid eq '{}' and statusInfo/status eq 'failure' and activityDateTime ge 2022-10-10T09:47:34Z",
                inbound.known.outbound.1
            ),
            &[1],
        ),
        (
            format!(
                "/beta/auditLogs/provisioning/?$filter=jobid eq '{job}' and sourceIdentity/id eq '701984'"
            ),
            &[3],
        ),
        (
            format!(
                "/beta/auditLogs/provisioning?$filter=activityDateTime ge 2026-05-04T03:04:00Z and servicePrincipal/id eq '{principal}'&$top=100&$orderby=activityDateTime desc"
            ),
            &[5, 4],
        ),
        (
            format!(
                "/v1.0/auditLogs/provisioning?$filter=jobid eq '{job}' and cycleId ne '{CYCLE}'&$top=1"
            ),
            &[5],
        ),
        (
            format!("/v1.0/auditLogs/provisioning?$filter=cycleId eq '{CYCLE}'"),
            &[2, 1, 0],
        ),
    ] {
        let page = inbound.get(&path.replace(' ', "%20"));
        assert_eq!(numbers(&page), expected, "{path}");
    }
}

#[test]
fn pages_follow_each_other_in_either_order() {
    let inbound = filled();
    for (order, expected) in [
        (None, [5, 4, 3, 2, 1, 0]),
        (Some("activityDateTime desc"), [5, 4, 3, 2, 1, 0]),
        (Some("activityDateTime asc"), [0, 1, 2, 3, 4, 5]),
        (Some("activitydatetime"), [0, 1, 2, 3, 4, 5]),
    ] {
        for top in 1..=7 {
            let top = top.to_string();
            let mut options = vec![("$top", top.as_str())];
            options.extend(order.map(|order| ("$orderby", order)));
            let mut page = inbound.log("v1.0", &options);
            let mut seen = numbers(&page);
            while let Some(next) = page.body()["@odata.nextLink"].as_str().map(str::to_owned) {
                assert!(
                    next.contains("$skiptoken=") && next.contains("$top="),
                    "{next}"
                );
                assert!(next.starts_with(&inbound.server.url), "{next}");
                page = inbound.get(next.split_once("/graph").unwrap().1);
                seen.extend(numbers(&page));
            }
            assert_eq!(seen, expected, "{order:?} by {top}");
        }
    }
    // The other options stay on the way.
    let job = format!("jobId eq '{}'", inbound.known.job);
    let page = inbound.log(
        "beta",
        &[
            ("$filter", &job),
            ("$top", "2"),
            ("$select", "id,activityDateTime"),
        ],
    );
    let next = page.body()["@odata.nextLink"].as_str().unwrap();
    let page = inbound.get(next.split_once("/graph").unwrap().1);
    assert_eq!(numbers(&page), [3]);
    let members: Vec<&String> = page.body()["value"][0]
        .as_object()
        .unwrap()
        .keys()
        .collect();
    assert_eq!(members, ["id", "activityDateTime"]);
    assert!(page.body()["@odata.nextLink"].is_null());
}

#[test]
fn entries_are_counted_and_options_have_bounds() {
    let inbound = filled();
    let count = |options: &[(&str, &str)]| {
        let page = inbound.log(
            "v1.0",
            &[options, &[("$count", "true"), ("$top", "1")]].concat(),
        );
        page.body()["@odata.count"].clone()
    };
    assert_eq!(count(&[]), 6);
    assert_eq!(
        count(&[("$filter", "provisioningStatusInfo/status eq 'success'")]),
        3
    );
    assert_eq!(
        count(&[("$filter", "sourceIdentity/displayName eq 'nobody'")]),
        0
    );
    let page = inbound.log("v1.0", &[]);
    assert!(page.body()["@odata.count"].is_null());
    // More than a page may have is the most it may have.
    assert_eq!(
        numbers(&inbound.log("v1.0", &[("$top", "100000")])).len(),
        6
    );
    for (option, value) in [
        ("$top", "0"),
        ("$top", "-1"),
        ("$top", "many"),
        ("$skiptoken", "~"),
        ("$orderby", "id"),
        ("$orderby", "activityDateTime upwards"),
        ("$filter", "nothing"),
        ("$filter", "jobid eq"),
        ("$filter", "jobid eq 'open"),
        ("$filter", "jobid is 'x'"),
        ("$filter", "jobid eq 'x' or jobid eq 'y'"),
        ("$filter", "not(jobid eq 'x')"),
        ("$filter", "jobid gt 'x'"),
        ("$filter", "servicePrincipal/id contains 'x'"),
        ("$filter", "activityDateTime contains '2026'"),
        ("$filter", "activityDateTime ge yesterday"),
        ("$filter", "durationInMilliseconds eq long"),
        ("$filter", "colour eq 'red'"),
    ] {
        let message = refused(&inbound.log("v1.0", &[(option, value)]), 400, "BadRequest");
        assert!(!message.is_empty(), "{option}={value}");
    }
    let long = format!("jobid eq '{}'", "x".repeat(20_000));
    refused(
        &inbound.log("v1.0", &[("$filter", &long)]),
        400,
        "BadRequest",
    );
}
