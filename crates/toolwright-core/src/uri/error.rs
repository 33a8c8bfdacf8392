use std::fmt;

/// A URI template that cannot be used for matching.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid URI template `{template}`: {fault}")]
pub struct TemplateError {
    template: Box<str>,
    fault: Fault,
}

impl TemplateError {
    pub(super) fn new(template: &str, fault: Fault) -> Self {
        Self { template: template.into(), fault }
    }

    /// The template as it was given.
    pub fn template(&self) -> &str {
        &self.template
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Unclosed(usize),
    Unopened(usize),
    Empty(usize),
    Name(Box<str>),
    Operator(char),
    Prefix(Box<str>),
    ExplodedElsewhere(Box<str>),
    Several(Box<str>),
    Duplicate(Box<str>),
    Adjacent(Box<str>, Box<str>),
    QueryNotLast,
    QueryAfterQuery,
    NoUri(Box<str>),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unclosed(at) => write!(f, "the `{{` at offset {at} is never closed"),
            Self::Unopened(at) => {
                write!(f, "the `}}` at offset {at} closes nothing; write a literal one as `%7D`")
            }
            Self::Empty(at) => write!(f, "the expression at offset {at} names no variable"),
            Self::Name(name) => {
                write!(f, "`{name}` is no variable name; use letters, digits, `_` and single dots in between")
            }
            Self::Operator(operator) => write!(
                f,
                "the operator `{operator}` cannot be matched; use `{{x}}`, `{{x*}}`, `{{+x}}` or `{{?x,y}}`"
            ),
            Self::Prefix(variable) => write!(f, "`{variable}` asks for a prefix, which cannot be matched"),
            Self::ExplodedElsewhere(variable) => {
                write!(f, "`{variable}` is exploded; only a `{{x*}}` without operator can be")
            }
            Self::Several(expression) => write!(
                f,
                "`{{{expression}}}` names several variables; only a query such as `{{?x,y}}` can, so put text between them"
            ),
            Self::Duplicate(name) => write!(f, "the variable `{name}` occurs twice"),
            Self::Adjacent(one, two) => {
                write!(
                    f,
                    "nothing stands between `{{{one}}}` and `{{{two}}}`, so nobody can tell where one ends"
                )
            }
            Self::QueryNotLast => write!(f, "the query expression must stand last"),
            Self::QueryAfterQuery => {
                write!(f, "a query expression cannot follow a literal `?` or `#`; list all parameters in it")
            }
            Self::NoUri(reason) => write!(f, "it makes no absolute URI: {reason}"),
        }
    }
}

/// Values that make no URI of the template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExpandError {
    /// A variable outside the query has no value.
    #[error("the URI template `{template}` needs a value for `{variable}`")]
    Missing {
        /// The template.
        template: Box<str>,
        /// The variable without a value.
        variable: Box<str>,
    },
    /// A value cannot stand where the template puts it, so that the URI would not match its template.
    #[error(
        "the value of `{variable}` cannot stand in the URI template `{template}`: it must not be empty and must hold no separator, dot segment or NUL that its place does not allow"
    )]
    Value {
        /// The template.
        template: Box<str>,
        /// The variable with that value.
        variable: Box<str>,
    },
    /// The template is none of RFC 6570.
    #[error("`{template}` is no URI template of RFC 6570: {reason}")]
    Template {
        /// The template.
        template: Box<str>,
        /// Why.
        reason: Box<str>,
    },
}

/// A string that is no absolute URI of RFC 3986.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{uri}` is no absolute URI: {reason}")]
pub struct InvalidUri {
    uri: Box<str>,
    reason: Box<str>,
}

impl InvalidUri {
    pub(super) fn new(uri: &str, reason: impl Into<Box<str>>) -> Self {
        Self { uri: uri.into(), reason: reason.into() }
    }

    /// The string as it was given.
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// What is wrong with it.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}
