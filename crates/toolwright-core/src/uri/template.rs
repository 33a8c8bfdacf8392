use std::{cmp::Reverse, fmt, str::FromStr};

use super::{Captures, ExpandError, Specificity, TemplateError, expand, matching, parse};

/// A URI template (RFC 6570), of the kind that can be matched.
///
/// | expression | matches | may be left out |
/// |---|---|---|
/// | `{x}` | text within one path segment | no |
/// | `{x*}` | one segment or more, with the slashes between them | no |
/// | `{+x}` | as `{x*}`, and all other reserved characters | no |
/// | `{?x,y}` | query parameters in any order, unknown ones ignored; stands last | each |
///
/// Where a variable could end in several places it takes as much as it can, the first one first. Matching takes time in proportion to
/// the length of the URI, whatever the template.
///
/// # Example
/// ```
/// use toolwright_core::uri::UriTemplate;
///
/// let template = UriTemplate::parse("repo://{owner}/files/{path*}{?at}")?;
/// let found = template.matches("repo://ada/files/src/caf%C3%A9.rs?at=v1").unwrap();
/// assert_eq!(found.value("owner"), Some("ada"));
/// assert_eq!(found.value("path"), Some("src/café.rs"));
/// assert_eq!(found.value("at"), Some("v1"));
/// assert!(template.matches("repo://ada/files/src/..%2F..%2Fsecret").is_none());
/// # Ok::<(), toolwright_core::uri::TemplateError>(())
/// ```
#[derive(Clone, Debug)]
pub struct UriTemplate {
    pub(super) source: Box<str>,
    pub(super) parts: Vec<Part>,
    pub(super) query: Vec<Box<str>>,
}

/// A stretch of the template before its query. Variables never stand next to each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Literal(Box<str>),
    Variable { name: Box<str>, place: Place },
}

/// What a variable's value may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// `{x}` in the path.
    Segment,
    /// `{x}` behind a literal `?` or `#`, where `&` separates, too.
    Parameter,
    /// `{x*}`.
    Segments,
    /// `{+x}`. A value may begin with a slash unless the template has one in front of it already.
    Reserved { leading_slash: bool },
}

impl Place {
    pub(super) fn is_wildcard(self) -> bool {
        matches!(self, Self::Segments | Self::Reserved { .. })
    }
}

impl UriTemplate {
    /// A longer URI, in bytes, matches no template.
    pub const MAX_URI: usize = 64 * 1024;

    /// Compiles a template.
    ///
    /// # Errors
    /// When the template is malformed, uses what cannot be matched, names a variable twice, lets two variables stand next to each
    /// other, or makes no absolute URIs.
    pub fn parse(template: &str) -> Result<Self, TemplateError> {
        parse::template(template)
    }

    /// The template as it was given.
    pub fn as_str(&self) -> &str {
        &self.source
    }

    /// The names of all variables, in the order of the template.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.required().chain(self.optional())
    }

    /// The names of the variables that every URI of the template has.
    pub fn required(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Variable { name, .. } => Some(&**name),
            Part::Literal(_) => None,
        })
    }

    /// The names of the query parameters, which a URI may leave out.
    pub fn optional(&self) -> impl Iterator<Item = &str> {
        self.query.iter().map(|name| &**name)
    }

    /// The values that the variables have in `uri`, or nothing if it is none of the template's.
    pub fn matches<'a>(&'a self, uri: &'a str) -> Option<Captures<'a>> {
        matching::captures(self, uri)
    }

    /// The URI in which the variables have these values. Parameters of the query may be left out, and unknown names are ignored.
    ///
    /// # Errors
    /// When a value is missing, or could not be matched where it stands.
    ///
    /// # Example
    /// ```
    /// use toolwright_core::uri::UriTemplate;
    ///
    /// let template = UriTemplate::parse("docs://{path*}{?lang}")?;
    /// assert_eq!(template.expand([("path", "a b/c"), ("lang", "en")])?, "docs://a%20b/c?lang=en");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn expand<'v>(
        &self,
        values: impl IntoIterator<Item = (&'v str, &'v str)>,
    ) -> Result<String, ExpandError> {
        expand::template(self, &values.into_iter().collect::<Vec<_>>())
    }

    /// In which order to try templates that may match the same URI.
    pub fn specificity(&self) -> Specificity {
        let (mut wildcards, mut literal, mut variables) = (0, 0, 0);
        for part in &self.parts {
            match part {
                Part::Literal(text) => literal += text.len(),
                Part::Variable { place, .. } if place.is_wildcard() => wildcards += 1,
                Part::Variable { .. } => variables += 1,
            }
        }
        Specificity {
            wildcards: Reverse(wildcards),
            literal,
            variables: Reverse(variables),
            parameters: Reverse(self.query.len()),
        }
    }
}

impl FromStr for UriTemplate {
    type Err = TemplateError;

    fn from_str(template: &str) -> Result<Self, TemplateError> {
        Self::parse(template)
    }
}

impl fmt::Display for UriTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

/// Templates are equal if they are spelled the same.
impl PartialEq for UriTemplate {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for UriTemplate {}
