//! The tree that a text becomes. Chains of one kind are flat, so that depth is bounded by nesting alone.

use super::super::functions::Function;
use super::super::pattern::Pattern;

/// A part of an expression and where it begins, in bytes.
#[derive(Debug)]
pub(in crate::mapping::okta) struct Node {
    pub(in crate::mapping::okta) at: usize,
    pub(in crate::mapping::okta) kind: Kind,
}

#[derive(Debug)]
pub(in crate::mapping::okta) enum Kind {
    Null,
    Boolean(bool),
    Integer(i64),
    Number(f64),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
    /// A name by itself: one of the roots, or an attribute of the source.
    Name(String),
    Call(Call),
    Path(Box<Node>, Vec<Step>),
    Not(Box<Node>),
    /// `-x`, or `+x` when not to be turned.
    Sign(bool, Box<Node>),
    /// `a + b - c`: the offsets are those of the operators.
    Chain(Box<Node>, Vec<(Operator, usize, Node)>),
    Compare(Box<Node>, Comparison, Box<Node>),
    Matches(Box<Node>, Box<Node>, Option<Pattern>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Choice(Vec<Piece>, Box<Node>),
}

/// A function call with as many arguments as the function allows.
#[derive(Debug)]
pub(in crate::mapping::okta) struct Call {
    pub(in crate::mapping::okta) function: &'static Function,
    pub(in crate::mapping::okta) arguments: Vec<Node>,
    /// The regular expression argument, compiled, when it is a constant.
    pub(in crate::mapping::okta) pattern: Option<Pattern>,
}

/// A step of a path.
#[derive(Debug)]
pub(in crate::mapping::okta) enum Step {
    /// `.name`
    Property(String),
    /// `[index]`
    Index(Node),
    /// `.![of every element]`
    Project(Node),
}

/// One alternative before the last.
#[derive(Debug)]
pub(in crate::mapping::okta) enum Piece {
    /// `condition ? value :`
    When(Node, Node),
    /// `value ?:`
    Unless(Node),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::mapping::okta) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::mapping::okta) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// What stands before a dot and is no app.
pub(in crate::mapping::okta) const ROOTS: [&str; 8] = [
    "user", "source", "appuser", "app", "org", "idpuser", "session", "access",
];

pub(in crate::mapping::okta) fn is_root(name: &str) -> bool {
    ROOTS.contains(&name)
}

impl Node {
    pub(in crate::mapping::okta) fn new(at: usize, kind: Kind) -> Self {
        Self { at, kind }
    }

    /// Shows every part, the outer before the inner and the left before the right. Names that a path
    /// begins with belong to the path.
    pub(in crate::mapping::okta) fn visit<'a>(&'a self, see: &mut dyn FnMut(&'a Node)) {
        see(self);
        match &self.kind {
            Kind::Null
            | Kind::Boolean(_)
            | Kind::Integer(_)
            | Kind::Number(_)
            | Kind::Text(_)
            | Kind::Name(_) => {}
            Kind::List(items) | Kind::And(items) | Kind::Or(items) => {
                for item in items {
                    item.visit(see);
                }
            }
            Kind::Map(members) => {
                for (_, value) in members {
                    value.visit(see);
                }
            }
            Kind::Call(call) => {
                for argument in &call.arguments {
                    argument.visit(see);
                }
            }
            Kind::Path(base, steps) => {
                let named = matches!(steps.first(), Some(Step::Property(_)));
                if !(named && matches!(base.kind, Kind::Name(_))) {
                    base.visit(see);
                }
                for step in steps {
                    // A projection names attributes of the elements.
                    if let Step::Index(inner) = step {
                        inner.visit(see);
                    }
                }
            }
            Kind::Not(inner) | Kind::Sign(_, inner) => inner.visit(see),
            Kind::Chain(first, rest) => {
                first.visit(see);
                for (_, _, node) in rest {
                    node.visit(see);
                }
            }
            Kind::Compare(left, _, right) | Kind::Matches(left, right, _) => {
                left.visit(see);
                right.visit(see);
            }
            Kind::Choice(pieces, last) => {
                for piece in pieces {
                    match piece {
                        Piece::When(condition, value) => {
                            condition.visit(see);
                            value.visit(see);
                        }
                        Piece::Unless(value) => value.visit(see),
                    }
                }
                last.visit(see);
            }
        }
    }
}
