//! [`Context`]: what an evaluation needs besides the object.
//!
//! The moment, the randomness and the answers of others come in here, so that the same context gives
//! the same results. Also the place of switches for documented defects of the service.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use super::expression::Node;
use super::target::TargetPath;

/// What an evaluation needs besides the object. The same context gives the same results, also from
/// functions that draw random values.
#[derive(Debug, Clone)]
pub struct Context {
    /// The present moment, in milliseconds since 1970-01-01T00:00:00Z.
    pub now_millis: i64,
    /// What random values are derived from; fresh for every object that may be created.
    pub seed: [u8; 16],
    /// Answer of `DefaultDomain()`: the tenant's default domain name.
    pub default_domain: String,
    pub(super) taken: Option<Taken>,
    /// Names of the changed attributes in lower case, while the defect is switched on.
    switch_null_bug: Option<Arc<BTreeSet<String>>>,
}

impl Context {
    /// A context for one object: no value is taken in the target, no defect is switched on.
    pub fn new(now_millis: i64, seed: [u8; 16], default_domain: impl Into<String>) -> Self {
        Self {
            now_millis,
            seed,
            default_domain: default_domain.into(),
            taken: None,
            switch_null_bug: None,
        }
    }

    /// With the answers that `SelectUniqueValue` asks for.
    #[must_use]
    pub fn with_taken(mut self, taken: Taken) -> Self {
        self.taken = Some(taken);
        self
    }

    /// With the documented defect of `Switch`: in an incremental cycle, when none of the attributes
    /// its source reads changed but another attribute did, it gives null. `changed` names the source
    /// attributes of the object that changed since the last cycle; none of them, no defect.
    #[must_use]
    pub fn with_switch_null_bug<N: AsRef<str>>(
        mut self,
        changed: impl IntoIterator<Item = N>,
    ) -> Self {
        let names = changed.into_iter();
        let lower = names.map(|name| name.as_ref().to_ascii_lowercase());
        self.switch_null_bug = Some(Arc::new(lower.collect()));
        self
    }

    /// Whether a `Switch` on this source gives null because of the defect.
    pub(super) fn nulls_switch_on(&self, source: &Node) -> bool {
        let Some(changed) = self.switch_null_bug.as_ref().filter(|c| !c.is_empty()) else {
            return false;
        };
        let (mut reads, mut touched) = (false, false);
        source.visit(&mut |node| {
            if let Node::Attribute(name) = node {
                reads = true;
                touched |= changed.contains(&name.to_ascii_lowercase());
            }
        });
        reads && !touched
    }
}

/// Answers whether a value is used in the target already. It is asked with the target attribute of
/// the mapping (`None` when an expression is evaluated on its own) and the value; when it cannot
/// tell, its sentence becomes the error of the evaluation.
#[derive(Clone)]
pub struct Taken(Arc<Ask>);

type Ask = dyn Fn(Option<&TargetPath>, &str) -> Result<bool, String> + Send + Sync;

impl Taken {
    /// From a function that knows.
    pub fn new(
        ask: impl Fn(Option<&TargetPath>, &str) -> Result<bool, String> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(ask))
    }

    pub(super) fn ask(&self, target: Option<&TargetPath>, value: &str) -> Result<bool, String> {
        (self.0)(target, value)
    }
}

impl fmt::Debug for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Taken")
    }
}
