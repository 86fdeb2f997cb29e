//! What a mapped value does to an object that exists: [`due`] honours *Exact case*, `flowType` and
//! `flowBehavior`.
//!
//! The service documents `Always`, `ObjectAddOnly` and `MultiValueAddOnly` ("only when the change is
//! adding new values to a multi-valued attribute"). `ValueAddOnly` and `AttributeAddOnly` are names
//! without description; they mean here what they say.

use super::attribute::{FlowBehavior, FlowType};
use super::object::MappedAttribute;
use super::resource::differs;
use crate::mapping::Value;

/// The value to write into an object of the target that has `current`; `None` when nothing is to be
/// written.
pub fn due(attribute: &MappedAttribute<'_>, current: Option<&Value>) -> Option<Value> {
    let empty = current.is_none_or(Value::is_null_or_empty);
    let several = |value: &Value| matches!(value, Value::List(_));
    let lists = several(&attribute.value) || current.is_some_and(several);
    let value = match attribute.flow {
        FlowType::ValueAddOnly | FlowType::MultiValueAddOnly if lists && !empty => {
            union(current, &attribute.value, attribute.case_exact)
        }
        FlowType::ValueAddOnly | FlowType::AttributeAddOnly if !empty => return None,
        _ => attribute.value.clone(),
    };
    let send = differs(&value, current, attribute.case_exact)
        || (attribute.flow_behavior == FlowBehavior::FlowAlways && !value.is_null());
    send.then_some(value)
}

/// What the target has, and then what it lacks.
fn union(current: Option<&Value>, wanted: &Value, case_exact: bool) -> Value {
    let mut all: Vec<Value> = current.map_or(&[][..], Value::elements).to_vec();
    for value in wanted.elements() {
        if all.iter().all(|has| differs(value, Some(has), case_exact)) {
            all.push(value.clone());
        }
    }
    Value::List(all)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::super::TargetPath;
    use super::*;

    fn written(flow: FlowType, mapped: &Json, current: &Json) -> Json {
        let target = TargetPath::parse("roles").unwrap();
        let attribute = MappedAttribute {
            flow,
            ..MappedAttribute::new(&target, Value::from_json(mapped.clone()))
        };
        let current = Value::from_json(current.clone());
        due(&attribute, Some(&current)).map_or(Json::Null, |value| value.to_json())
    }

    #[test]
    fn the_add_only_flow_types_take_nothing_away() {
        let none = Json::Null;
        for (mapped, current, always, multi, value, attribute) in [
            (
                json!("b"),
                json!(null),
                json!("b"),
                json!("b"),
                json!("b"),
                json!("b"),
            ),
            (
                json!("b"),
                json!("a"),
                json!("b"),
                json!("b"),
                none.clone(),
                none.clone(),
            ),
            (
                json!("a"),
                json!("A"),
                none.clone(),
                none.clone(),
                none.clone(),
                none.clone(),
            ),
            (
                json!(["b", "c"]),
                json!(["a", "b"]),
                json!(["b", "c"]),
                json!(["a", "b", "c"]),
                json!(["a", "b", "c"]),
                none.clone(),
            ),
            (
                json!(["b"]),
                json!(["a", "b"]),
                json!(["b"]),
                none.clone(),
                none.clone(),
                none,
            ),
        ] {
            for (flow, wanted) in [
                (FlowType::Always, &always),
                (FlowType::MultiValueAddOnly, &multi),
                (FlowType::ValueAddOnly, &value),
                (FlowType::AttributeAddOnly, &attribute),
            ] {
                assert_eq!(
                    &written(flow, &mapped, &current),
                    wanted,
                    "{flow:?}: {mapped} onto {current}"
                );
            }
        }
    }

    #[test]
    fn exact_case_makes_a_change_of_case_a_change() {
        let target = TargetPath::parse("userName").unwrap();
        let current = Value::from("ANN");
        let loose = MappedAttribute::new(&target, Value::from("ann"));
        assert_eq!(due(&loose, Some(&current)), None);
        let exact = MappedAttribute {
            case_exact: true,
            ..loose
        };
        assert_eq!(due(&exact, Some(&current)), Some(Value::from("ann")));
    }

    #[test]
    fn flow_always_sends_what_the_target_has() {
        let target = TargetPath::parse("title").unwrap();
        let current = Value::from("x");
        let changed = MappedAttribute::new(&target, current.clone());
        assert_eq!(due(&changed, Some(&current)), None);
        let always = MappedAttribute {
            flow_behavior: FlowBehavior::FlowAlways,
            ..changed
        };
        assert_eq!(due(&always, Some(&current)), Some(current));
    }
}
