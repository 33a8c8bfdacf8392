use http::{HeaderMap, HeaderName, HeaderValue};

/// The value of a header that may come once only.
///
/// Two values are never resolved in favour of one of them: a gateway could have picked the other.
///
/// # Errors
/// When the header is there more than once.
///
/// # Example
/// ```
/// use http::{HeaderMap, HeaderValue};
/// use toolwright_core::headers::{MCP_METHOD, single};
///
/// let mut headers = HeaderMap::new();
/// assert_eq!(single(&headers, &MCP_METHOD)?, None);
///
/// headers.append(MCP_METHOD, HeaderValue::from_static("tools/list"));
/// assert_eq!(single(&headers, &MCP_METHOD)?.expect("one"), "tools/list");
///
/// headers.append(MCP_METHOD, HeaderValue::from_static("tools/call"));
/// assert_eq!(single(&headers, &MCP_METHOD).unwrap_err().to_string(), "header `mcp-method` is sent more than once");
/// # Ok::<(), toolwright_core::headers::Repeated>(())
/// ```
pub fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a HeaderValue>, Repeated> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    if values.next().is_some() { Err(Repeated(name.clone())) } else { Ok(first) }
}

/// A header that is there more than once.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("header `{0}` is sent more than once")]
pub struct Repeated(HeaderName);
