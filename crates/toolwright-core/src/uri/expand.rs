use iri_string::{
    spec::UriSpec,
    template::{
        UriTemplateStr,
        context::{Context, Visitor},
    },
};

use super::{
    ExpandError, UriTemplate,
    template::{Part, Place},
    value,
};

/// Expands any template of RFC 6570, also one that only others can match.
///
/// Templates that [`UriTemplate`] understands are expanded by its rules, so that the URI matches: `{x*}` keeps the slashes of its
/// value, and a variable outside the query must have one. For others the RFC alone counts, and a variable without a value
/// expands to nothing.
///
/// # Errors
/// When the template is malformed, or a value is missing or cannot stand where the template puts it.
///
/// # Example
/// ```
/// use toolwright_core::uri::expand;
///
/// assert_eq!(expand("a://x{/rest}{#part}", [("rest", "b c")])?, "a://x/b%20c");
/// # Ok::<(), toolwright_core::uri::ExpandError>(())
/// ```
pub fn expand<'v>(
    template: &str,
    values: impl IntoIterator<Item = (&'v str, &'v str)>,
) -> Result<String, ExpandError> {
    if let Ok(ours) = UriTemplate::parse(template) {
        return ours.expand(values);
    }
    let values: Vec<_> = values.into_iter().collect();
    rfc6570(template, &Values { values: &values, segments: false })
}

pub(super) fn template(template: &UriTemplate, values: &[(&str, &str)]) -> Result<String, ExpandError> {
    let mut uri = String::with_capacity(template.source.len());
    for part in &template.parts {
        match part {
            Part::Literal(text) => uri.push_str(text),
            Part::Variable { name, place } => uri.push_str(&variable(template, name, *place, values)?),
        }
    }
    if !template.query.is_empty() {
        let nul = |name: &&str| values.iter().any(|(key, value)| key == name && value.contains('\0'));
        if let Some(name) = template.optional().find(nul) {
            return Err(ExpandError::Value { template: template.source.clone(), variable: name.into() });
        }
        let expression = format!("{{?{}}}", template.query.join(","));
        uri.push_str(&rfc6570(&expression, &Values { values, segments: false })?);
    }
    Ok(uri)
}

fn variable(
    template: &UriTemplate,
    name: &str,
    place: Place,
    values: &[(&str, &str)],
) -> Result<String, ExpandError> {
    let expression = match place {
        Place::Segment | Place::Parameter => format!("{{{name}}}"),
        // The RFC joins an exploded list with commas here, but with slashes there.
        Place::Segments => format!("{{/{name}*}}"),
        Place::Reserved { .. } => format!("{{+{name}}}"),
    };
    let context = Values { values, segments: place == Place::Segments };
    if context.value(name).is_none() {
        return Err(ExpandError::Missing { template: template.source.clone(), variable: name.into() });
    }
    let expanded = rfc6570(&expression, &context)?;
    let expanded = match place {
        Place::Segments => expanded.strip_prefix('/').unwrap_or(&expanded).to_owned(),
        _ => expanded,
    };
    if value::decode(&expanded, place).is_none() {
        return Err(ExpandError::Value { template: template.source.clone(), variable: name.into() });
    }
    Ok(expanded)
}

fn rfc6570(template: &str, values: &Values<'_>) -> Result<String, ExpandError> {
    let fail = |error: iri_string::template::Error| ExpandError::Template {
        template: template.into(),
        reason: error.to_string().into(),
    };
    let parsed = UriTemplateStr::new(template).map_err(fail)?;
    Ok(parsed.expand::<UriSpec, _>(values).map_err(fail)?.to_string())
}

struct Values<'a> {
    values: &'a [(&'a str, &'a str)],
    segments: bool,
}

impl<'a> Values<'a> {
    fn value(&self, name: &str) -> Option<&'a str> {
        self.values.iter().find_map(|&(key, value)| (key == name).then_some(value))
    }
}

impl Context for Values<'_> {
    fn visit<V: Visitor>(&self, visitor: V) -> V::Result {
        match self.value(visitor.var_name().as_str()) {
            None => visitor.visit_undefined(),
            Some(value) if self.segments => visitor.visit_list_direct(value.split('/')),
            Some(value) => visitor.visit_string(value),
        }
    }
}
