use http::{HeaderMap, HeaderValue};
use toolwright_core::{
    era::Revision,
    headers::{MCP_METHOD, MCP_NAME, MCP_PROTOCOL_VERSION, encode_value, name_member},
    joint::Link,
};

/// Which headers of the protocol the messages of a connection have ("Streamable HTTP", "Request Headers").
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Headers {
    version: Option<Revision>,
    mirrors: bool,
}

impl Headers {
    /// Those of messages that follow `revision`.
    pub(crate) fn of(link: &dyn Link, revision: Revision) -> Self {
        let era = revision.era();
        let wanted = link.wants_headers();
        Self {
            version: (wanted && era.heads_messages()).then_some(revision),
            mirrors: wanted && era.mirrors_in_headers(),
        }
    }

    /// Whether headers repeat what a request says.
    pub(crate) fn mirrors(self) -> bool {
        self.mirrors
    }

    /// Of a request about `subject`, which is what its method addresses: a tool, a prompt, a URI.
    pub(crate) fn request(self, method: &str, subject: &str) -> HeaderMap {
        let mut headers = self.message(Some(method));
        if self.mirrors && name_member(method).is_some() {
            headers.insert(MCP_NAME, encode_value(subject));
        }
        headers
    }

    /// Of a notification, or of a response, which has no method.
    pub(crate) fn message(self, method: Option<&str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let Some(revision) = self.version else { return headers };
        headers.insert(MCP_PROTOCOL_VERSION, HeaderValue::from_static(revision.as_str()));
        // A method that no header can carry is none that a server could know.
        if self.mirrors
            && let Some(Ok(method)) = method.map(HeaderValue::from_str)
        {
            headers.insert(MCP_METHOD, method);
        }
        headers
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use toolwright_core::joint::{BoxFuture, Incoming, LinkError, Outgoing};

    use super::*;

    struct Wire(bool);

    impl Link for Wire {
        fn exchange(&self, _message: Outgoing) -> BoxFuture<'static, Result<Incoming, LinkError>> {
            Box::pin(std::future::pending())
        }

        fn announces_cancel(&self) -> bool {
            false
        }

        fn wants_headers(&self) -> bool {
            self.0
        }

        fn close(&self) -> BoxFuture<'static, ()> {
            Box::pin(std::future::pending())
        }
    }

    fn headers(wanted: bool, revision: Revision, method: &str, subject: &str) -> Vec<String> {
        let link: Arc<dyn Link> = Arc::new(Wire(wanted));
        let headers = Headers::of(&*link, revision).request(method, subject);
        headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect()
    }

    #[test]
    fn a_stateless_request_says_what_it_is_and_what_it_addresses() {
        let modern = Revision::V2026_07_28;
        assert_eq!(
            headers(true, modern, "tools/call", "füge"),
            ["mcp-protocol-version: 2026-07-28", "mcp-method: tools/call", "mcp-name: =?base64?ZsO8Z2U=?="]
        );
        assert_eq!(
            headers(true, modern, "resources/subscribe", "a://b"),
            ["mcp-protocol-version: 2026-07-28", "mcp-method: resources/subscribe"]
        );
    }

    #[test]
    fn a_session_names_its_revision_since_there_is_a_header_for_it() {
        let call = |revision| headers(true, revision, "tools/call", "add");
        assert_eq!(call(Revision::V2025_11_25), ["mcp-protocol-version: 2025-11-25"]);
        assert_eq!(call(Revision::V2025_06_18), ["mcp-protocol-version: 2025-06-18"]);
        assert!(call(Revision::V2025_03_26).is_empty());
    }

    #[test]
    fn nothing_is_written_for_links_without_headers() {
        assert!(headers(false, Revision::V2026_07_28, "tools/call", "add").is_empty());
    }
}
