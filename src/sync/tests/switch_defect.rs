//! The documented defect of `Switch`, which a job may show.

use crate::directory::users;
use crate::id::Seq;
use crate::mapping::entra::{
    AttributeMapping, Expression, MappingSource, ObjectMapping, TargetPath,
};
use crate::model::{ObjectKind, Scope};
use crate::sync::jobs;
use crate::sync::testing::{Lab, operator, text};

/// A user whose `nickName` is a `Switch` on the department.
fn lab(shows: bool) -> Lab {
    let lab = Lab::new(Scope::All);
    let mut rules = lab.job().rules;
    let mut fields = rules.users.into_fields();
    let switch = r#"Switch([department], "Other", "Eng", "Engineer")"#;
    fields.attributes.push(AttributeMapping::new(
        MappingSource::Expression(Expression::parse(switch).unwrap()),
        TargetPath::parse("nickName").unwrap(),
    ));
    rules.users = ObjectMapping::new(fields).unwrap();
    let (key, now) = (lab.key, lab.now());
    lab.write(move |tx| jobs::set_rules(tx, &operator(), key, rules, now));
    lab.configure(|job| job.settings.switch_null_bug = shows);
    lab.user("ann", None);
    lab
}

fn set(lab: &Lab, name: &str, value: &str) {
    let (change, now) = (text(ObjectKind::User, name, value), lab.now());
    lab.write(move |tx| users::update(tx, &operator(), Seq(1), Seq(1), &[change], now).map(drop));
    lab.cycle();
}

#[test]
fn it_overwrites_with_null_when_another_attribute_changes() {
    for (shows, expected) in [(false, "Engineer".into()), (true, serde_json::Value::Null)] {
        let lab = lab(shows);
        lab.cycle();
        let nick = || lab.target.all("Users")[0]["nickName"].clone();
        set(&lab, "department", "Eng");
        assert_eq!(nick(), "Engineer", "its own attribute changed");
        set(&lab, "jobTitle", "Boss");
        assert_eq!(nick(), expected, "another attribute changed");
        // An initial cycle mends it.
        let (key, now) = (lab.key, lab.now());
        let scope = jobs::RestartScope::default();
        lab.write(move |tx| jobs::restart(tx, &operator(), key, scope, now));
        lab.cycle();
        assert_eq!(nick(), "Engineer");
    }
}
