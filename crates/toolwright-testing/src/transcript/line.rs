use serde_json::Value;

use super::Mismatch;

/// One line of a transcript, understood.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Line {
    /// The client sends.
    Send(String),
    /// The server is expected to send this value, written like this.
    Expect(Value, String),
    /// The client gives a request up.
    Drop(Value),
    Drain,
    Close,
    /// A comment or nothing.
    Nothing,
}

impl Line {
    pub(super) fn parse(number: usize, text: &str) -> Result<Self, Mismatch> {
        let text = text.trim();
        let Some(kind) = text.chars().next() else { return Ok(Self::Nothing) };
        let rest = text[kind.len_utf8()..].trim();
        let json = |rest: &str| {
            serde_json::from_str(rest)
                .map_err(|error| Mismatch::new(number, format!("`{rest}` is not JSON: {error}")))
        };
        match kind {
            '#' => Ok(Self::Nothing),
            '>' => Ok(Self::Send(rest.to_owned())),
            '<' => json(rest).map(|value| Self::Expect(value, rest.to_owned())),
            '!' => match rest.split_once(char::is_whitespace) {
                Some(("drop", id)) => json(id.trim()).map(Self::Drop),
                None if rest == "drain" => Ok(Self::Drain),
                None if rest == "close" => Ok(Self::Close),
                _ => Err(Mismatch::new(
                    number,
                    format!("unknown directive `{rest}`; known: drop ID, drain, close"),
                )),
            },
            _ => Err(Mismatch::new(number, "a line begins with `>`, `<`, `!` or `#`")),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Line;

    #[test]
    fn lines_are_told_apart_by_their_first_sign() {
        for (text, expected) in [
            ("", Line::Nothing),
            ("  # comment", Line::Nothing),
            ("> {\"a\":1} ", Line::Send("{\"a\":1}".to_owned())),
            (">no json", Line::Send("no json".to_owned())),
            ("< {\"a\":1}", Line::Expect(json!({ "a": 1 }), "{\"a\":1}".to_owned())),
            ("! drop \"a b\"", Line::Drop(json!("a b"))),
            ("! drain", Line::Drain),
            ("!close", Line::Close),
        ] {
            assert_eq!(Line::parse(1, text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn mistakes_name_their_line() {
        for (text, expected) in [
            ("{}", "line 7: a line begins with `>`, `<`, `!` or `#`"),
            ("! sleep 5", "line 7: unknown directive `sleep 5`; known: drop ID, drain, close"),
        ] {
            assert_eq!(Line::parse(7, text).unwrap_err().to_string(), expected);
        }
        assert!(Line::parse(7, "< {").unwrap_err().to_string().starts_with("line 7: `{` is not JSON"));
    }
}
