use http::{
    HeaderMap, HeaderValue,
    header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE},
};

/// In which forms a client takes an answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Accepts {
    /// As one JSON body.
    pub(crate) json: bool,
    /// As a stream of events.
    pub(crate) events: bool,
}

impl Accepts {
    const ANY: Self = Self { json: true, events: true };
    const NONE: Self = Self { json: false, events: false };

    /// What `Accept` says; `None` if it allows neither form. Clients have to name both ("Streamable HTTP", "Sending Messages to the
    /// Server"), but one that knows less is served as far as that goes.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let mut accepts = Self::NONE;
        let mut values = headers.get_all(ACCEPT).iter().peekable();
        if values.peek().is_none() {
            return Some(Self::ANY);
        }
        for value in values {
            match value.as_bytes() {
                b"application/json, text/event-stream" | b"*/*" => return Some(Self::ANY),
                ranges => ranges.split(|byte| *byte == b',').for_each(|range| accepts.add(range)),
            }
        }
        (accepts != Self::NONE).then_some(accepts)
    }

    fn add(&mut self, range: &[u8]) {
        let mut parts = range.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
        let range = parts.next().unwrap_or_default();
        if parts.any(refuses) {
            return;
        }
        let is = |name: &str| range.eq_ignore_ascii_case(name.as_bytes());
        self.json |= is("application/json") || is("application/*") || is("*/*");
        self.events |= is("text/event-stream") || is("text/*") || is("*/*");
    }
}

/// Whether a parameter gives no weight to its range.
fn refuses(parameter: &[u8]) -> bool {
    let Some(weight) = parameter.strip_prefix(b"q=").or_else(|| parameter.strip_prefix(b"Q=")) else {
        return false;
    };
    weight.first() == Some(&b'0') && weight.iter().all(|byte| matches!(byte, b'0' | b'.'))
}

/// Whether the body is said to be JSON, in UTF-8 as JSON always is, and not compressed.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let json = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes).is_some_and(|value| {
        value == b"application/json"
            || value
                .split(|byte| *byte == b';')
                .next()
                .is_some_and(|media| media.trim_ascii().eq_ignore_ascii_case(b"application/json"))
    });
    json && headers
        .get(CONTENT_ENCODING)
        .is_none_or(|encoding| encoding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(values: &[&'static str]) -> Option<Accepts> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(ACCEPT, HeaderValue::from_static(value));
        }
        Accepts::of(&headers)
    }

    #[test]
    fn absent_both_or_anything_means_either_form() {
        let cases: [&[&str]; 6] = [
            &[],
            &["application/json, text/event-stream"],
            &["*/*"],
            &["text/event-stream;q=0.5,application/json"],
            &["application/json", "text/event-stream"],
            &["Application/*, TEXT/*"],
        ];
        for case in cases {
            assert_eq!(accepts(case), Some(Accepts::ANY), "{case:?}");
        }
    }

    #[test]
    fn one_form_alone_is_kept_to() {
        assert_eq!(accepts(&["application/json"]), Some(Accepts { json: true, events: false }));
        assert_eq!(accepts(&["text/event-stream, image/png"]), Some(Accepts { json: false, events: true }));
        assert!(!accepts(&["application/json, text/event-stream;q=0.0"]).unwrap().events);
    }

    #[test]
    fn neither_form_is_nothing() {
        for case in ["text/html", "application/json;q=0", "", "application/jsonp"] {
            assert_eq!(accepts(&[case]), None, "{case:?}");
        }
    }

    #[test]
    fn json_may_have_parameters_but_no_encoding() {
        let is = |media: &'static str, encoding: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(media));
            if let Some(encoding) = encoding {
                headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
            }
            is_json(&headers)
        };
        assert!(is("application/json", None) && is("Application/JSON ; charset=utf-8", Some("identity")));
        assert!(
            !is("text/plain", None)
                && !is("application/jsonl", None)
                && !is("application/json", Some("gzip"))
        );
        assert!(!is_json(&HeaderMap::new()));
    }
}
