use std::{fmt, marker::PhantomData};

use crate::{
    jsonrpc::Id,
    model::{ClientCapabilities, Implementation, LoggingLevel, ProgressToken, ProtocolVersion, RelatedTask},
};

/// The name of a `_meta` member together with the type of its value.
///
/// # Example
/// ```
/// use toolwright_core::model::{Meta, meta::MetaKey};
///
/// const TENANT: MetaKey<String> = MetaKey::new("com.example/tenant");
///
/// let meta: Meta = serde_json::from_str(r#"{"com.example/tenant": "blue"}"#)?;
/// assert_eq!(meta.read(TENANT)?.as_deref(), Some("blue"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct MetaKey<T> {
    name: &'static str,
    value: PhantomData<fn() -> T>,
}

impl<T> MetaKey<T> {
    /// A key for values of type `T`; [`check_key`] says which names are legal.
    pub const fn new(name: &'static str) -> Self {
        Self { name, value: PhantomData }
    }

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        self.name
    }
}

impl<T> Clone for MetaKey<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for MetaKey<T> {}

impl<T> fmt::Debug for MetaKey<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MetaKey").field(&self.name).finish()
    }
}

/// The token under which progress of the request is reported.
pub const PROGRESS_TOKEN: MetaKey<ProgressToken> = MetaKey::new("progressToken");
/// W3C Trace Context: the position in the trace.
pub const TRACEPARENT: MetaKey<String> = MetaKey::new("traceparent");
/// W3C Trace Context: what vendors add.
pub const TRACESTATE: MetaKey<String> = MetaKey::new("tracestate");
/// W3C Baggage.
pub const BAGGAGE: MetaKey<String> = MetaKey::new("baggage");
/// The protocol version of this request.
pub const PROTOCOL_VERSION: MetaKey<ProtocolVersion> =
    MetaKey::new("io.modelcontextprotocol/protocolVersion");
/// What the client can do, declared for this request.
pub const CLIENT_CAPABILITIES: MetaKey<ClientCapabilities> =
    MetaKey::new("io.modelcontextprotocol/clientCapabilities");
/// Who the client says it is.
pub const CLIENT_INFO: MetaKey<Implementation> = MetaKey::new("io.modelcontextprotocol/clientInfo");
/// Who the server says it is.
pub const SERVER_INFO: MetaKey<Implementation> = MetaKey::new("io.modelcontextprotocol/serverInfo");
/// The least level of log messages that this request wants.
pub const LOG_LEVEL: MetaKey<LoggingLevel> = MetaKey::new("io.modelcontextprotocol/logLevel");
/// The id of the `subscriptions/listen` request that a notification answers.
pub const SUBSCRIPTION_ID: MetaKey<Id> = MetaKey::new("io.modelcontextprotocol/subscriptionId");
/// The task of 2025-11-25 that a message belongs to.
pub const RELATED_TASK: MetaKey<RelatedTask> = MetaKey::new("io.modelcontextprotocol/related-task");

/// A `_meta` key or extension identifier that the specification does not allow.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{key}` is no legal {what}: {rule}")]
pub struct IllegalMetaKey {
    key: String,
    what: &'static str,
    rule: &'static str,
}

/// Checks a `_meta` key against the grammar: an optional prefix of labels and a slash, then a name.
///
/// # Errors
/// When the key breaks a rule, which the error names.
///
/// # Example
/// ```
/// use toolwright_core::model::meta::check_key;
///
/// assert!(check_key("com.example/build.id").is_ok());
/// assert!(check_key("progressToken").is_ok());
/// assert!(check_key("1com/x").is_err());
/// assert!(check_key("com.example/-x").is_err());
/// ```
pub fn check_key(key: &str) -> Result<(), IllegalMetaKey> {
    parts(key, "`_meta` key").map(|_| ())
}

/// Checks the identifier of an extension, which is a `_meta` key that has a prefix (basic/versioning, "Extension Negotiation").
///
/// # Errors
/// When the identifier breaks a rule, which the error names.
pub fn check_extension_id(id: &str) -> Result<(), IllegalMetaKey> {
    const WHAT: &str = "extension identifier";
    let (prefix, name) = parts(id, WHAT)?;
    let rule = if prefix.is_none() {
        "it needs a prefix such as `com.example/`"
    } else if name.is_empty() {
        "it needs a name after the slash"
    } else {
        return Ok(());
    };
    Err(IllegalMetaKey { key: id.to_owned(), what: WHAT, rule })
}

/// Whether the specification keeps the key for itself: second label `modelcontextprotocol` or `mcp`, or one of the four
/// reserved names without a prefix.
pub fn is_reserved(key: &str) -> bool {
    match key.split_once('/') {
        Some((prefix, _)) => matches!(prefix.split('.').nth(1), Some("modelcontextprotocol" | "mcp")),
        None => [PROGRESS_TOKEN.as_str(), TRACEPARENT.as_str(), TRACESTATE.as_str(), BAGGAGE.as_str()]
            .contains(&key),
    }
}

fn parts<'a>(key: &'a str, what: &'static str) -> Result<(Option<&'a str>, &'a str), IllegalMetaKey> {
    let illegal = |rule| Err(IllegalMetaKey { key: key.to_owned(), what, rule });
    let (prefix, name) = match key.split_once('/') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, key),
    };
    if !prefix.is_none_or(|prefix| prefix.split('.').all(is_label)) {
        return illegal(
            "a label of the prefix starts with a letter, ends with a letter or digit, and has hyphens between",
        );
    }
    if !is_name(name) {
        return illegal("the name starts and ends with a letter or digit, and has `-`, `_`, `.` between");
    }
    Ok((prefix, name))
}

fn is_label(label: &str) -> bool {
    let bytes = label.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_alphabetic)
        && bytes.last().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
}

fn is_name(name: &str) -> bool {
    let bytes = name.as_bytes();
    let Some((first, last)) = bytes.first().zip(bytes.last()) else { return true };
    first.is_ascii_alphanumeric()
        && last.is_ascii_alphanumeric()
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::{check_extension_id, check_key, is_reserved};

    #[test]
    fn keys_follow_the_grammar() {
        for legal in ["a", "a.b_c-d", "com.example/x", "c0m.ex-ample/x.1", "com.example/", "9lives", ""] {
            assert!(check_key(legal).is_ok(), "{legal}");
        }
        for illegal in
            ["-a", "a-", "a b", "/x", "com./x", "com.-x/y", "0om/x", "com.example/x/y", "com.ex_ample/x"]
        {
            assert!(check_key(illegal).is_err(), "{illegal}");
        }
    }

    #[test]
    fn an_extension_needs_prefix_and_name() {
        assert!(check_extension_id("com.example/x").is_ok());
        assert_eq!(
            check_extension_id("x").map_err(|error| error.to_string()),
            Err("`x` is no legal extension identifier: it needs a prefix such as `com.example/`".to_owned())
        );
        assert!(check_extension_id("com.example/").is_err());
    }

    #[test]
    fn the_second_label_reserves_a_prefix() {
        for reserved in
            ["io.modelcontextprotocol/x", "dev.mcp/x", "com.mcp.tools/x", "progressToken", "baggage"]
        {
            assert!(is_reserved(reserved), "{reserved}");
        }
        for free in ["com.example.mcp/x", "mcp/x", "modelcontextprotocol.io/x", "x"] {
            assert!(!is_reserved(free), "{free}");
        }
    }
}
