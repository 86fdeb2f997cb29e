//! What is left of uploads when their days are over.

use super::{Bench, at, person};
use crate::directory::inbound;
use crate::id::Seq;
use crate::store::inbound as rows;

#[test]
fn uploads_go_when_the_days_of_the_log_are_over_unless_they_wait() {
    let bench = Bench::new();
    bench.upload(&[person("1", "ann@contoso.example")]);
    bench.accept(&[person("2", "bob@contoso.example")]).unwrap();
    let left = |days: i64| {
        let now = at(days * 24 * 3_600);
        while bench
            .store
            .write(move |tx| inbound::sweep(tx, now))
            .unwrap()
        {}
        rows::newest(&bench.store.read().unwrap(), bench.key, None, 9)
            .unwrap()
            .len()
    };
    assert_eq!(left(30), 2);
    assert_eq!(left(31), 1);
    bench.work();
    assert_eq!(left(31), 0);
    let tx = bench.store.read().unwrap();
    assert_eq!(rows::body(&tx, bench.key, Seq(1)).unwrap(), None);
}
