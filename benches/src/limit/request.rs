//! What is read, borrowed from the bytes that came.
use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
pub(super) struct Request<'a> {
    #[serde(borrow)]
    pub(super) jsonrpc: Cow<'a, str>,
    pub(super) id: Option<i64>,
    #[serde(borrow)]
    pub(super) method: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) params: Option<&'a RawValue>,
}

#[derive(Deserialize)]
pub(super) struct Call<'a> {
    #[serde(borrow)]
    pub(super) name: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) arguments: &'a RawValue,
    #[serde(borrow, rename = "_meta")]
    pub(super) meta: Option<Meta<'a>>,
}

/// The parameters of `prompts/get` are those of a call.
pub(super) type Get<'a> = Call<'a>;

#[derive(Deserialize)]
pub(super) struct List<'a> {
    #[serde(borrow, rename = "_meta")]
    pub(super) meta: Option<Meta<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Read<'a> {
    #[serde(borrow)]
    pub(super) uri: Cow<'a, str>,
    #[serde(borrow, rename = "_meta")]
    pub(super) meta: Option<Meta<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Meta<'a> {
    #[serde(borrow, rename = "io.modelcontextprotocol/protocolVersion")]
    pub(super) version: Cow<'a, str>,
    #[serde(rename = "io.modelcontextprotocol/clientCapabilities")]
    _capabilities: Capabilities,
    #[serde(borrow, rename = "io.modelcontextprotocol/clientInfo")]
    _info: Option<Info<'a>>,
}

#[derive(Deserialize)]
struct Capabilities {}

#[derive(Deserialize)]
struct Info<'a> {
    #[serde(borrow, rename = "name")]
    _name: Cow<'a, str>,
    #[serde(borrow, rename = "version")]
    _version: Cow<'a, str>,
}

#[derive(Deserialize)]
pub(super) struct Add {
    pub(super) a: i64,
    pub(super) b: i64,
}

#[derive(Deserialize)]
pub(super) struct Echo<'a> {
    #[serde(borrow)]
    pub(super) text: Cow<'a, str>,
}

#[derive(Deserialize)]
pub(super) struct Review<'a> {
    #[serde(borrow)]
    pub(super) text: Cow<'a, str>,
}
