use http::HeaderName;

/// The revision that a message follows ("Streamable HTTP", "Protocol Version Header").
pub const MCP_PROTOCOL_VERSION: HeaderName = HeaderName::from_static("mcp-protocol-version");

/// The method of the request in the body, since 2026-07-28 ("Streamable HTTP", "Standard Request Headers").
pub const MCP_METHOD: HeaderName = HeaderName::from_static("mcp-method");

/// What the request in the body addresses: the name of a tool or prompt, the URI of a resource. Since 2026-07-28 ("Streamable
/// HTTP", "Standard Request Headers"). Its value is [encoded](super::encode_value).
pub const MCP_NAME: HeaderName = HeaderName::from_static("mcp-name");

/// Which member of a request's `params` the header [`MCP_NAME`] repeats, if that method addresses something ("Streamable HTTP",
/// "Standard Request Headers", and the Tasks extension).
///
/// # Example
/// ```
/// use toolwright_core::headers::name_member;
///
/// assert_eq!(name_member("resources/read"), Some("uri"));
/// assert_eq!(name_member("tools/list"), None);
/// ```
pub fn name_member(method: &str) -> Option<&'static str> {
    match method {
        "tools/call" | "prompts/get" => Some("name"),
        "resources/read" => Some("uri"),
        "tasks/get" | "tasks/update" | "tasks/cancel" => Some("taskId"),
        _ => None,
    }
}

/// The session of a message, up to 2025-11-25 ("Streamable HTTP", "Session Management").
pub const MCP_SESSION_ID: HeaderName = HeaderName::from_static("mcp-session-id");

/// The last event that a client saw of a stream that it resumes, up to 2025-11-25 ("Streamable HTTP", "Resumability and
/// Redelivery").
pub const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// What the names of headers that mirror arguments of tools begin with, in lower case; [`param_name`] completes it.
pub const MCP_PARAM_PREFIX: &str = "mcp-param-";

/// The header that mirrors the argument whose schema says `"x-mcp-header": name` ("Streamable HTTP", "Custom Headers from Tool
/// Parameters").
///
/// Names that differ in the case of letters only give the same header.
///
/// # Errors
/// When `name` is not one or more of the characters that the name of a header can have: ASCII letters, digits and
/// ``!#$%&'*+-.^_`|~``.
///
/// # Example
/// ```
/// use toolwright_core::headers::param_name;
///
/// assert_eq!(param_name("Region")?, "mcp-param-region");
/// assert!(param_name("My Region").is_err());
/// # Ok::<(), toolwright_core::headers::InvalidParamName>(())
/// ```
pub fn param_name(name: &str) -> Result<HeaderName, InvalidParamName> {
    let fault = match name.chars().find(|character| !token(*character)) {
        None if name.is_empty() => Fault::Empty,
        None => {
            let full = format!("{MCP_PARAM_PREFIX}{name}");
            match HeaderName::from_bytes(full.as_bytes()) {
                Ok(header) => return Ok(header),
                Err(_) => Fault::Long,
            }
        }
        Some(character) => Fault::Character(character),
    };
    Err(InvalidParamName { name: name.into(), fault })
}

/// `tchar` of RFC 9110 ("Tokens").
fn token(character: char) -> bool {
    character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(character)
}

/// A value of `x-mcp-header` that cannot be part of a header's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid `x-mcp-header` {name:?}: {fault}; write letters, digits and `-`, such as `Region`")]
pub struct InvalidParamName {
    name: Box<str>,
    fault: Fault,
}

impl InvalidParamName {
    /// The value as it was given.
    pub fn name(&self) -> &str {
        &self.name
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum Fault {
    #[error("it is empty")]
    Empty,
    #[error("{0:?} cannot stand in the name of a header")]
    Character(char),
    #[error("it is too long for the name of a header")]
    Long,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_token_character_can_stand_in_a_name() {
        for byte in 0..=u8::MAX {
            let character = char::from(byte);
            assert_eq!(param_name(&character.to_string()).is_ok(), token(character), "{character:?}");
        }
        assert_eq!(param_name("!#$%&'*+-.^_`|~09azAZ").unwrap(), "mcp-param-!#$%&'*+-.^_`|~09azaz");
    }

    #[test]
    fn names_that_differ_in_case_are_one_header() {
        assert_eq!(param_name("REGION"), param_name("region"));
    }

    #[test]
    fn a_refusal_names_the_value_and_what_is_wrong_with_it() {
        let text = |name: &str| param_name(name).unwrap_err().to_string();
        assert_eq!(
            text("My Region"),
            "invalid `x-mcp-header` \"My Region\": ' ' cannot stand in the name of a header; \
             write letters, digits and `-`, such as `Region`",
        );
        assert!(text("").contains("it is empty"));
        assert!(text("a:b").contains("':'"));
        assert!(text("Straße").contains("'ß'"));
        assert!(text("a\tb").contains("'\\t'"));
        assert!(text(&"x".repeat(1 << 16)).contains("too long"));
    }
}
