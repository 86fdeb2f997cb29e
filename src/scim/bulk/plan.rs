//! The order in which operations can run. RFC 7644 sections 3.7 and 3.7.1.
//!
//! What an operation waits for: the POSTs it refers to; earlier operations on its own resource; and,
//! before a DELETE, earlier operations that mention what will be gone. POSTs wait for POSTs only, so
//! circles consist of POSTs; everything else waits for what came before it and cannot close one.
//! Among what can run, the order of the request decides. Nothing recurses.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

use super::{BulkOperation, Operation, Step, reference};

pub(super) fn plan(operations: &[BulkOperation]) -> Vec<Step> {
    let waits_for = dependencies(operations);
    let circles = circles(&waits_for);
    // A circle can run where its last member stands.
    let mut turn: Vec<(usize, Vec<usize>)> = vec![(0, vec![]); circles.count];
    for (i, circle) in circles.of.iter().enumerate() {
        if let Some((last, members)) = turn.get_mut(*circle) {
            *last = i;
            members.push(i);
        }
    }
    let mut missing = vec![0_usize; circles.count];
    let mut awaited_by: Vec<Vec<usize>> = vec![vec![]; circles.count];
    for (from, targets) in circles.of.iter().zip(&waits_for) {
        let others: HashSet<usize> = targets
            .iter()
            .filter_map(|target| circles.of.get(*target).copied())
            .filter(|to| to != from)
            .collect();
        for to in others {
            if let (Some(missing), Some(awaited_by)) =
                (missing.get_mut(*from), awaited_by.get_mut(to))
            {
                *missing += 1;
                awaited_by.push(*from);
            }
        }
    }
    let place = |circle: usize| turn.get(circle).map_or(0, |(last, _)| *last);
    let mut ready: BinaryHeap<Reverse<(usize, usize)>> = missing
        .iter()
        .enumerate()
        .filter(|(_, missing)| **missing == 0)
        .map(|(circle, _)| Reverse((place(circle), circle)))
        .collect();
    let mut steps = Vec::with_capacity(circles.count);
    while let Some(Reverse((_, circle))) = ready.pop() {
        let members = turn.get(circle).map_or([].as_slice(), |(_, m)| m);
        steps.push(match members {
            [one] if !waits_for.get(*one).is_some_and(|w| w.contains(one)) => Step::One(*one),
            several => Step::Cycle(several.to_vec()),
        });
        for waiting in awaited_by.get(circle).into_iter().flatten() {
            if let Some(missing) = missing.get_mut(*waiting) {
                *missing -= 1;
                if *missing == 0 {
                    ready.push(Reverse((place(*waiting), *waiting)));
                }
            }
        }
    }
    steps
}

/// For each operation the indexes of those that must run before it (itself, when it refers to itself).
fn dependencies(operations: &[BulkOperation]) -> Vec<Vec<usize>> {
    let mut creates: HashMap<&str, usize> = HashMap::new();
    let mut deleted: HashSet<&str> = HashSet::new();
    for (i, operation) in operations.iter().enumerate() {
        if let Some(id) = operation.created_as() {
            creates.entry(id).or_insert(i);
        }
        if let Ok(Operation::Delete { resource, .. }) = &operation.wanted {
            deleted.insert(&resource.id);
        }
    }
    let mut changed_by: HashMap<&str, usize> = HashMap::new();
    let mut mentioned_by: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut all = Vec::with_capacity(operations.len());
    for (i, operation) in operations.iter().enumerate() {
        let mut before: Vec<usize> = operation
            .references()
            .iter()
            .filter_map(|id| creates.get(id.as_str()).copied())
            .collect();
        if let Ok(wanted) = &operation.wanted {
            if let Some(resource) = wanted.resource() {
                before.extend(changed_by.insert(&resource.id, i));
                if matches!(wanted, Operation::Delete { .. }) {
                    before.extend(
                        mentioned_by
                            .remove(resource.id.as_str())
                            .unwrap_or_default(),
                    );
                }
            }
            if !deleted.is_empty() {
                let mentioned: HashSet<&str> = reference::mentions(wanted)
                    .into_iter()
                    .filter(|text| deleted.contains(text))
                    .collect();
                for text in mentioned {
                    mentioned_by.entry(text).or_default().push(i);
                }
            }
        }
        before.sort_unstable();
        before.dedup();
        all.push(before);
    }
    all
}

/// Strongly connected components: `of` says to which one each node belongs.
struct Circles {
    of: Vec<usize>,
    count: usize,
}

/// Kosaraju: nodes by the order in which a walk leaves them, then walks against the arrows from the last
/// left node on.
fn circles(edges: &[Vec<usize>]) -> Circles {
    let n = edges.len();
    let mut against: Vec<Vec<usize>> = vec![vec![]; n];
    for (from, targets) in edges.iter().enumerate() {
        for to in targets {
            if let Some(list) = against.get_mut(*to) {
                list.push(from);
            }
        }
    }
    let mut seen = vec![false; n];
    let mut left = Vec::with_capacity(n);
    for start in 0..n {
        // Each entry is a node and how many of its arrows have been followed.
        let mut walk = if enter(&mut seen, start) {
            vec![(start, 0)]
        } else {
            vec![]
        };
        while let Some((node, followed)) = walk.last_mut() {
            match edges.get(*node).and_then(|targets| targets.get(*followed)) {
                Some(target) => {
                    *followed += 1;
                    if enter(&mut seen, *target) {
                        walk.push((*target, 0));
                    }
                }
                None => {
                    left.push(*node);
                    walk.pop();
                }
            }
        }
    }
    let mut seen = vec![false; n];
    let mut circles = Circles {
        of: vec![0; n],
        count: 0,
    };
    for start in left.into_iter().rev() {
        if !enter(&mut seen, start) {
            continue;
        }
        let mut walk = vec![start];
        while let Some(node) = walk.pop() {
            if let Some(slot) = circles.of.get_mut(node) {
                *slot = circles.count;
            }
            for source in against.get(node).into_iter().flatten() {
                if enter(&mut seen, *source) {
                    walk.push(*source);
                }
            }
        }
        circles.count += 1;
    }
    circles
}

/// Marks a node; true the first time.
fn enter(seen: &mut [bool], node: usize) -> bool {
    seen.get_mut(node)
        .is_some_and(|seen| !std::mem::replace(seen, true))
}
