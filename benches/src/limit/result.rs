//! What is written.
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Answer<R> {
    pub(super) jsonrpc: &'static str,
    pub(super) id: i64,
    pub(super) result: R,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Called<'a, S> {
    content: [Text<'a>; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    structured_content: Option<S>,
    /// A modern result says this and its server besides.
    #[serde(skip_serializing_if = "Option::is_none")]
    result_type: Option<&'static str>,
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    meta: Option<Signature>,
}

impl<'a, S> Called<'a, S> {
    pub(super) fn new(text: &'a str, structured_content: Option<S>, modern: bool) -> Self {
        let (result_type, meta) = end(modern);
        Self { content: [Text::new(text)], structured_content, result_type, meta }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Contents<'a> {
    contents: [Item<'a>; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    ttl_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cache_scope: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    result_type: Option<&'static str>,
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    meta: Option<Signature>,
}

impl<'a> Contents<'a> {
    pub(super) fn new(item: Item<'a>, modern: bool) -> Self {
        let (result_type, meta) = end(modern);
        let (ttl_ms, cache_scope) = (modern.then_some(0), modern.then_some("private"));
        Self { contents: [item], ttl_ms, cache_scope, result_type, meta }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Item<'a> {
    pub(super) uri: &'a str,
    pub(super) mime_type: &'static str,
    pub(super) text: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Got<'a> {
    description: &'static str,
    messages: [Message<'a>; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    result_type: Option<&'static str>,
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    meta: Option<Signature>,
}

impl<'a> Got<'a> {
    pub(super) fn new(message: Message<'a>, modern: bool) -> Self {
        let (result_type, meta) = end(modern);
        Self { description: "Asks for a review.", messages: [message], result_type, meta }
    }
}

#[derive(Serialize)]
pub(super) struct Message<'a> {
    pub(super) role: &'static str,
    pub(super) content: Text<'a>,
}

#[derive(Serialize)]
pub(super) struct Text<'a> {
    r#type: &'static str,
    text: &'a str,
}

impl<'a> Text<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { r#type: "text", text }
    }
}

/// What a modern result ends with.
fn end(modern: bool) -> (Option<&'static str>, Option<Signature>) {
    let signature = Signature { server: Server { name: "bench", version: "1.0.0" } };
    (modern.then_some("complete"), modern.then_some(signature))
}

#[derive(Serialize)]
pub(super) struct Signature {
    #[serde(rename = "io.modelcontextprotocol/serverInfo")]
    server: Server,
}

#[derive(Serialize)]
struct Server {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
pub(super) struct Wrapped {
    pub(super) result: i64,
}
