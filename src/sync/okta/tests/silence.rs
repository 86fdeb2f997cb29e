//! What Okta never asks for (parts 1.1 and 1.2 of the Okta reference).

use super::super::probe;
use super::*;

/// A whole life of a person and a group, as lines `METHOD path`.
fn life(lab: &Lab) -> Vec<String> {
    lab.target.seen();
    assert!(probe(&lab.context, lab.key, lab.app()).result.is_ok());
    let ann = lab.person("ann");
    lab.assign(ann);
    lab.drain();
    lab.change(ann, "title", "Boss");
    lab.drain();
    let group = lab.group("Eng", &[ann]);
    let mapping = lab.push(group, "Eng");
    lab.drain();
    lab.rename(group, "Dev");
    lab.push_now(mapping);
    lab.leave(group, ann);
    lab.drain();
    lab.unassign(ann);
    lab.drain();
    lab.assign(ann);
    lab.drain();
    // Deactivated, then deleted for good.
    for _ in 0..2 {
        lab.write(move |tx| Ok(users::delete(tx, &administrator(), ann, now())?));
        lab.drain();
    }
    lab.unlink(mapping, true);
    lab.drain();
    assert_eq!((lab.tasks(), lab.waiting()), (vec![], vec![]));
    lab.target.seen()
}

#[test]
fn only_users_and_groups_are_asked_for() {
    for lab in [Lab::oin(), Lab::aiw()] {
        lab.configure(|app| app.provisioning.import_groups = true);
        let lines = life(&lab);
        assert!(lines.len() > 15, "{lines:?}");
        for line in &lines {
            let (method, path) = line.split_once(' ').unwrap();
            let path = path.split(' ').next().unwrap();
            // 1.2: no discovery, no `/Me`, no `/Bulk`, no `POST /.search`.
            let resource = path[1..].split(['/', '?']).next().unwrap();
            assert!(["Users", "Groups"].contains(&resource), "{line}");
            assert!(!path.contains(".search"), "{line}");
            // 1.2: nobody is deleted at a target.
            assert!(method != "DELETE" || resource == "Groups", "{line}");
            // 1.1: no projection, no order; the parameters in their order, and none else.
            let query = path.split_once('?').map_or("", |(_, query)| query);
            let names: Vec<&str> = query
                .split('&')
                .filter_map(|one| Some(one.split_once('=')?.0))
                .collect();
            let known = ["filter", "startIndex", "count"];
            assert!(
                names.is_empty() || names == known || names == known[1..],
                "{line}"
            );
            assert!(!query.contains("meta.lastModified"), "{line}");
        }
        let deletions = lines.iter().filter(|line| line.starts_with("DELETE"));
        assert_eq!(deletions.count(), 1, "{lines:?}");
    }
}
