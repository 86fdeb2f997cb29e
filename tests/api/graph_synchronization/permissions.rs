//! Who may do what (entra.md 6.1).

use scimlab::access::Operator;
use scimlab::id::Seq;
use scimlab::model::{Direction, GraphPermission as P};
use scimlab::store::{Write, jobs};
use serde_json::{Value, json};

use super::{Graph, SECRET, client, secret};

/// A client with permissions; `owns` makes it an owner of the outbound application.
fn graph(permissions: &'static [P], owns: bool) -> Graph {
    let secret = secret();
    let prepare = move |tx: &Write<'_>, operator: &Operator| {
        let job_ids = jobs::all(tx)?;
        let outbound = job_ids
            .iter()
            .find(|(_, job)| job.direction == Direction::Outbound)
            .map(|(_, job)| job.application);
        let owned: Vec<Seq> = outbound.into_iter().filter(|_| owns).collect();
        client(tx, operator, secret, permissions, &owned)
    };
    Graph::prepared(prepare, |made| {
        Some((made.app_id.to_string(), SECRET.to_owned()))
    })
    .0
}

/// Statuses of a read, a write and *Provision on demand* of both jobs.
fn statuses(graph: &Graph) -> [u16; 6] {
    let ask =
        |method: &str, path: String, body: &Value| graph.ask(method, &path, body).status().as_u16();
    let mut all = [0; 6];
    for (index, job) in [graph.outbound_job(), graph.inbound_job()]
        .into_iter()
        .enumerate()
    {
        all[index * 3] = ask("GET", job.clone(), &Value::Null);
        all[index * 3 + 1] = ask("POST", format!("{job}/pause"), &Value::Null);
        all[index * 3 + 2] = ask("POST", format!("{job}/provisionOnDemand"), &json!({}));
    }
    all
}

#[test]
fn each_permission_opens_what_it_is_for() {
    for (permissions, owns, expected) in [
        (
            &[P::SynchronizationReadAll][..],
            false,
            [200, 403, 403, 200, 403, 403],
        ),
        // An empty body is refused after the permission was looked at.
        (
            &[P::SynchronizationReadWriteAll][..],
            false,
            [200, 204, 400, 200, 204, 400],
        ),
        (
            &[P::DirectoryReadWriteAll][..],
            false,
            [200, 204, 403, 200, 204, 403],
        ),
        (
            &[P::ApplicationReadWriteOwnedBy][..],
            true,
            [200, 204, 403, 403, 403, 403],
        ),
        (&[P::ApplicationReadWriteOwnedBy][..], false, [403; 6]),
        (
            &[P::UserReadAll, P::ProvisioningLogReadAll][..],
            true,
            [403; 6],
        ),
    ] {
        let graph = graph(permissions, owns);
        assert_eq!(statuses(&graph), expected, "{permissions:?}");
    }
}

#[test]
fn who_has_no_permission_is_not_told_what_there_is() {
    let graph = graph(&[P::UserReadAll], false);
    let nowhere = "/servicePrincipals/00000000-0000-0000-0000-000000000009/synchronization/jobs";
    let answer = graph.ask("GET", nowhere, &Value::Null);
    assert_eq!(answer.status(), 403);
    assert_eq!(
        answer.body()["error"]["code"],
        "Authorization_RequestDenied"
    );
}
