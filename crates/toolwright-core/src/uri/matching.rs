use super::{
    Captures, UriTemplate,
    template::{Part, Place},
    value,
};

pub(super) fn captures<'a>(template: &'a UriTemplate, uri: &'a str) -> Option<Captures<'a>> {
    if uri.len() > UriTemplate::MAX_URI {
        return None;
    }
    let (path, query) = match uri.split_once('?') {
        Some((path, query)) if !template.query.is_empty() => (path, Some(query)),
        _ => (uri, None),
    };
    let mut captures = Captures(Vec::with_capacity(template.parts.len() / 2 + 1 + template.query.len()));
    path_into(&mut captures, &template.parts, path)?;
    if let Some(query) = query {
        query_into(&mut captures, template, query)?;
    }
    Some(captures)
}

fn path_into<'a>(captures: &mut Captures<'a>, parts: &'a [Part], mut path: &'a str) -> Option<()> {
    let mut parts = parts;
    // Text at both ends is fixed, and what most templates have in between is one variable.
    if let [Part::Literal(text), rest @ ..] = parts {
        path = path.strip_prefix(&**text)?;
        parts = rest;
    }
    if let [rest @ .., Part::Literal(text)] = parts {
        path = path.strip_suffix(&**text)?;
        parts = rest;
    }
    match parts {
        [] => path.is_empty().then_some(()),
        [Part::Variable { name, place }] => capture(captures, name, path, *place),
        _ => {
            let mut from = 0;
            let ends = Ends::of(parts, path)?;
            for (index, part) in parts.iter().enumerate() {
                let to = ends.end(index, from);
                if let Part::Variable { name, place } = part {
                    capture(captures, name, &path[from..to], *place)?;
                }
                from = to;
            }
            Some(())
        }
    }
}

fn capture<'a>(captures: &mut Captures<'a>, name: &'a str, raw: &'a str, place: Place) -> Option<()> {
    if !raw.bytes().all(|byte| allows(place, byte)) {
        return None;
    }
    captures.0.push((name, value::decode(raw, place)?));
    Some(())
}

/// Which bytes can stand in a value before it is decoded.
fn allows(place: Place, byte: u8) -> bool {
    match place {
        Place::Segment => !matches!(byte, b'/' | b'?' | b'#' | b'\\'),
        Place::Parameter => !matches!(byte, b'/' | b'?' | b'#' | b'\\' | b'&'),
        Place::Segments => !matches!(byte, b'?' | b'#' | b'\\'),
        Place::Reserved { .. } => byte != b'\\',
    }
}

/// Where each part may end, for each place where it may begin.
///
/// Filled from the last part to the first, one look at each byte, so hostile URIs cannot make matching slow as backtracking
/// could.
struct Ends {
    width: usize,
    /// Per part and beginning: the last end from which the remaining parts match, `NONE` if there is none.
    last: Vec<usize>,
}

const NONE: usize = usize::MAX;

impl Ends {
    fn of(parts: &[Part], path: &str) -> Option<Self> {
        let width = path.len() + 1;
        let mut ends = Self { width, last: vec![NONE; parts.len() * width] };
        for (index, part) in parts.iter().enumerate().rev() {
            let remaining_match = |ends: &Self, at: usize| {
                if index + 1 == parts.len() { at == path.len() } else { ends.end(index + 1, at) != NONE }
            };
            for from in (0..path.len()).rev() {
                let end = match part {
                    Part::Literal(text) => {
                        let to = from + text.len();
                        let here = path.as_bytes()[from..].starts_with(text.as_bytes());
                        (here && remaining_match(&ends, to)).then_some(to)
                    }
                    Part::Variable { place, .. } => {
                        let allowed = allows(*place, path.as_bytes()[from]);
                        let longer = Some(ends.end(index, from + 1)).filter(|&end| end != NONE);
                        let shortest = || remaining_match(&ends, from + 1).then_some(from + 1);
                        if allowed { longer.or_else(shortest) } else { None }
                    }
                };
                ends.last[index * width + from] = end.unwrap_or(NONE);
            }
        }
        (ends.end(0, 0) != NONE).then_some(ends)
    }

    fn end(&self, part: usize, from: usize) -> usize {
        self.last[part * self.width + from]
    }
}

fn query_into<'a>(captures: &mut Captures<'a>, template: &'a UriTemplate, query: &'a str) -> Option<()> {
    if query.contains('#') {
        return None;
    }
    for name in template.optional() {
        let mut found = query
            .split('&')
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .filter(|(key, _)| value::decode_parameter(key).as_deref() == Some(name));
        if let Some((_, raw)) = found.next() {
            // Which of two values counts is something that programs disagree about; that is how filters get evaded.
            if found.next().is_some() {
                return None;
            }
            captures.0.push((name, value::decode_parameter(raw)?));
        }
    }
    Some(())
}
