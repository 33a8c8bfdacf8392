use super::{
    TemplateError, UriTemplate,
    error::Fault,
    template::{Part, Place},
    validate,
};

pub(super) fn template(source: &str) -> Result<UriTemplate, TemplateError> {
    let fail = |fault| TemplateError::new(source, fault);
    let mut parsed = UriTemplate { source: source.into(), parts: Vec::new(), query: Vec::new() };
    let mut rest = source;
    while !rest.is_empty() {
        let offset = source.len() - rest.len();
        if !parsed.query.is_empty() {
            return Err(fail(Fault::QueryNotLast));
        }
        let literal = &rest[..rest.find('{').unwrap_or(rest.len())];
        if let Some(at) = literal.find('}') {
            return Err(fail(Fault::Unopened(offset + at)));
        }
        if literal.is_empty() {
            let end = rest.find('}').ok_or_else(|| fail(Fault::Unclosed(offset)))?;
            let expression = &rest[1..end];
            if expression.contains('{') {
                return Err(fail(Fault::Unclosed(offset)));
            }
            expression_into(&mut parsed, expression, offset).map_err(fail)?;
            rest = &rest[end + 1..];
        } else {
            parsed.parts.push(Part::Literal(literal.into()));
            rest = &rest[literal.len()..];
        }
    }
    // A digit is a legal value everywhere except in the scheme, where no variable may stand.
    let sample: String = parsed
        .parts
        .iter()
        .map(|part| match part {
            Part::Literal(text) => text,
            Part::Variable { .. } => "1",
        })
        .collect();
    validate(&sample).map_err(|error| fail(Fault::NoUri(error.reason().into())))?;
    Ok(parsed)
}

fn expression_into(parsed: &mut UriTemplate, expression: &str, offset: usize) -> Result<(), Fault> {
    let (operator, names) = match expression.chars().next() {
        None => return Err(Fault::Empty(offset)),
        Some(operator @ ('+' | '?')) => (Some(operator), &expression[1..]),
        Some(operator) if "#./;&=,!@|".contains(operator) => return Err(Fault::Operator(operator)),
        Some(_) => (None, expression),
    };
    if names.is_empty() {
        return Err(Fault::Empty(offset));
    }
    if operator == Some('?') {
        if literals(parsed).any(|text| text.contains(['?', '#'])) {
            return Err(Fault::QueryAfterQuery);
        }
        for name in names.split(',') {
            let (name, exploded) = variable(parsed, name)?;
            if exploded {
                return Err(Fault::ExplodedElsewhere(format!("{name}*").into()));
            }
            parsed.query.push(name.into());
        }
        return Ok(());
    }
    if names.contains(',') {
        return Err(Fault::Several(expression.into()));
    }
    let (name, exploded) = variable(parsed, names)?;
    let place = match (operator, exploded) {
        (Some(_), true) => return Err(Fault::ExplodedElsewhere(names.into())),
        (Some(_), false) => Place::Reserved { leading_slash: leading_slash(parsed) },
        (None, true) => Place::Segments,
        (None, false) if literals(parsed).any(|text| text.contains(['?', '#'])) => Place::Parameter,
        (None, false) => Place::Segment,
    };
    if let Some(Part::Variable { name: before, .. }) = parsed.parts.last() {
        return Err(Fault::Adjacent(before.clone(), name.into()));
    }
    parsed.parts.push(Part::Variable { name: name.into(), place });
    Ok(())
}

fn variable<'a>(parsed: &UriTemplate, text: &'a str) -> Result<(&'a str, bool), Fault> {
    let (name, exploded) = text.strip_suffix('*').map_or((text, false), |name| (name, true));
    if name.contains(':') {
        return Err(Fault::Prefix(text.into()));
    }
    let word = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    if !name.split('.').all(word) {
        return Err(Fault::Name(name.into()));
    }
    if parsed.variables().any(|known| known == name) {
        return Err(Fault::Duplicate(name.into()));
    }
    Ok((name, exploded))
}

/// Behind `dir/` a value that begins with a slash would turn into an absolute path for whoever joins it to a folder. Behind the
/// empty authority of `file://` the slash is the root of the path itself.
fn leading_slash(parsed: &UriTemplate) -> bool {
    match parsed.parts.last() {
        Some(Part::Literal(text)) => !text.ends_with('/') || text.ends_with("://"),
        _ => true,
    }
}

fn literals(parsed: &UriTemplate) -> impl Iterator<Item = &str> {
    parsed.parts.iter().filter_map(|part| match part {
        Part::Literal(text) => Some(&**text),
        Part::Variable { .. } => None,
    })
}
