use std::cmp::Reverse;

/// How closely a template describes its URIs; the greater one should be tried first.
///
/// Fewer wildcards (`{x*}`, `{+x}`) win, then more literal text, then fewer variables in the path, then fewer query parameters. So
/// a literal beats a variable, and a variable beats a wildcard.
///
/// # Example
/// ```
/// use toolwright_core::uri::UriTemplate;
///
/// let [wild, variable, literal] = ["a://{x*}", "a://{x}/{y}", "a://{x}/info"].map(|text| UriTemplate::parse(text).unwrap());
/// assert!(wild.specificity() < variable.specificity());
/// assert!(variable.specificity() < literal.specificity());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Specificity {
    pub(super) wildcards: Reverse<usize>,
    pub(super) literal: usize,
    pub(super) variables: Reverse<usize>,
    pub(super) parameters: Reverse<usize>,
}
