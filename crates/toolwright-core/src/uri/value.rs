//! What text may be the value of a variable.
use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::template::Place;

/// The value that `raw` stands for at `place`, if it may stand there.
pub(super) fn decode(raw: &str, place: Place) -> Option<Cow<'_, str>> {
    let safe = match place {
        Place::Segment | Place::Parameter => decoded_segment(raw).is_some(),
        Place::Segments => raw.split('/').all(|segment| decoded_segment(segment).is_some()),
        Place::Reserved { leading_slash } => {
            !raw.is_empty()
                && (leading_slash || !raw.starts_with('/'))
                && raw
                    .split(['/', '?', '#'])
                    .all(|segment| segment.is_empty() || decoded_segment(segment).is_some())
        }
    };
    // Every segment decodes to text without separators, so decoding all at once moves none.
    if safe { decoded(raw) } else { None }
}

/// The value of a query parameter, which knows no segments.
pub(super) fn decode_parameter(raw: &str) -> Option<Cow<'_, str>> {
    decoded(raw)
}

fn decoded_segment(raw: &str) -> Option<Cow<'_, str>> {
    let value = decoded(raw)?;
    let crosses = value.is_empty() || value == "." || value == ".." || value.contains(['/', '\\']);
    (!crosses).then_some(value)
}

/// Nothing for a broken triplet, text that is not UTF-8, and NUL.
fn decoded(raw: &str) -> Option<Cow<'_, str>> {
    let whole = |triplet: &str| {
        triplet.get(..2).is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
    };
    if !raw.split('%').skip(1).all(whole) {
        return None;
    }
    let value = percent_decode_str(raw).decode_utf8().ok()?;
    (!value.contains('\0')).then_some(value)
}
