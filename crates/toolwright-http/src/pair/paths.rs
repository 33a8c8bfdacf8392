/// The query parameter that says which session a message is for. Clients look for this name.
const SESSION: &str = "sessionId";

/// Where the two endpoints are, in one router.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PairPaths {
    pub(crate) events: Box<str>,
    pub(crate) messages: Box<str>,
    /// The way from the one to the other, which does not depend on what is in front of the router.
    relative: Box<str>,
}

impl PairPaths {
    pub(crate) fn new(events: &str, messages: &str) -> Self {
        Self { events: events.into(), messages: messages.into(), relative: relative(events, messages).into() }
    }

    /// Where messages of a session go, as a reference relative to the stream's address.
    pub(super) fn endpoint(&self, session: &str) -> String {
        format!("{}?{SESSION}={session}", self.relative)
    }
}

/// The session that a query names.
pub(super) fn session(query: Option<&str>) -> Option<&str> {
    query?.split('&').find_map(|pair| pair.strip_prefix(SESSION)?.strip_prefix('='))
}

/// How to get from one absolute path to another ("Relative Resolution" of RFC 3986, backwards).
fn relative(from: &str, to: &str) -> String {
    let directory = from.rfind('/').map_or("", |slash| &from[..=slash]);
    let shared = directory.bytes().zip(to.bytes()).take_while(|(a, b)| a == b).count();
    let shared = directory[..shared].rfind('/').map_or(0, |slash| slash + 1);
    let up = directory[shared..].bytes().filter(|byte| *byte == b'/').count();
    let down = &to[shared..];
    // A colon in the first segment would make it a scheme, and nothing at all would mean the same document.
    let here =
        if up == 0 && (down.is_empty() || down.split('/').next().is_some_and(|first| first.contains(':'))) {
            "./"
        } else {
            ""
        };
    format!("{here}{}{down}", "../".repeat(up))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_messages_is_relative_to_the_stream() {
        let cases = [
            ("/sse", "/messages", "messages"),
            ("/sse", "/sse/messages", "sse/messages"),
            ("/v1/sse", "/v1/messages", "messages"),
            ("/v1/sse", "/v1x/messages", "../v1x/messages"),
            ("/a/b/sse", "/messages", "../../messages"),
            ("/a/b/sse", "/a/c/messages/", "../c/messages/"),
            ("/sse", "/a:b", "./a:b"),
            ("/sse", "/", "./"),
        ];
        for (from, to, expected) in cases {
            assert_eq!(relative(from, to), expected, "from {from} to {to}");
        }
        assert_eq!(PairPaths::new("/sse", "/messages").endpoint("ab12"), "messages?sessionId=ab12");
    }

    #[test]
    fn the_session_is_one_parameter_among_others() {
        assert_eq!(session(Some("sessionId=ab12")), Some("ab12"));
        assert_eq!(session(Some("a=b&sessionId=ab12&c")), Some("ab12"));
        for query in [None, Some(""), Some("sessionid=a"), Some("sessionIds=a"), Some("sessionId")] {
            assert_eq!(session(query), None, "{query:?}");
        }
    }
}
