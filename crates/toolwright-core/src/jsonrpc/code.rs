use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};

use super::id::integer;

/// The number that says what kind of error an [`RpcError`](super::RpcError) is.
///
/// The constants are all codes that JSON-RPC 2.0 and the Model Context Protocol define. Codes of an application lie outside
/// -32768 to -32000, which belong to the two specifications ("Error codes" of the base protocol).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ErrorCode(pub i64);

impl ErrorCode {
    /// The bytes are not JSON. Sent without the id of a request.
    pub const PARSE_ERROR: Self = Self(-32700);
    /// JSON, but no message of JSON-RPC; also a batch where the revision has none, and a message out of turn.
    pub const INVALID_REQUEST: Self = Self(-32600);
    /// The method is unknown, or belongs to a capability that is not offered.
    pub const METHOD_NOT_FOUND: Self = Self(-32601);
    /// The parameters do not fit the method: wrong shape, unknown tool or prompt, bad cursor; since 2026-07-28 also a resource
    /// that does not exist.
    pub const INVALID_PARAMS: Self = Self(-32602);
    /// The receiver failed; the sender can do nothing about it.
    pub const INTERNAL_ERROR: Self = Self(-32603);
    /// A resource does not exist. Sent in revisions before 2026-07-28 only, read in all.
    pub const RESOURCE_NOT_FOUND_LEGACY: Self = Self(-32002);
    /// An HTTP header is missing, malformed, or differs from the body it repeats. Since 2026-07-28.
    pub const HEADER_MISMATCH: Self = Self(-32020);
    /// The request needs a capability that the client did not declare on it; `data.requiredCapabilities` names what is missing.
    /// Since 2026-07-28.
    pub const MISSING_CLIENT_CAPABILITY: Self = Self(-32021);
    /// The revision asked for is not served; `data` holds `requested` and `supported`. Since 2026-07-28.
    pub const UNSUPPORTED_PROTOCOL_VERSION: Self = Self(-32022);
    /// The user has to visit a URL first; `data.elicitations` holds where. In 2025-11-25 only.
    pub const URL_ELICITATION_REQUIRED: Self = Self(-32042);
}

impl From<i64> for ErrorCode {
    fn from(code: i64) -> Self {
        Self(code)
    }
}

impl PartialEq<i64> for ErrorCode {
    fn eq(&self, other: &i64) -> bool {
        self.0 == *other
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl<'de> Deserialize<'de> for ErrorCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CodeVisitor)
    }
}

struct CodeVisitor;

impl de::Visitor<'_> for CodeVisitor {
    type Value = ErrorCode;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integer")
    }

    fn visit_i64<E: de::Error>(self, code: i64) -> Result<ErrorCode, E> {
        Ok(ErrorCode(code))
    }

    fn visit_u64<E: de::Error>(self, code: u64) -> Result<ErrorCode, E> {
        i64::try_from(code)
            .map(ErrorCode)
            .map_err(|_| E::invalid_value(de::Unexpected::Unsigned(code), &"an integer of 64 bits with sign"))
    }

    fn visit_f64<E: de::Error>(self, code: f64) -> Result<ErrorCode, E> {
        integer(code)
            .map(ErrorCode)
            .ok_or_else(|| E::invalid_value(de::Unexpected::Float(code), &"an integer"))
    }
}
