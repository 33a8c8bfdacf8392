use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;
use toolwright_core::{
    jsonrpc::RpcError,
    model::{RequestMeta, meta},
};

/// What the engine looks at in the `params` of any message, read in one pass; the rest is for the method.
#[derive(Debug, Default)]
pub(crate) struct Head {
    /// `params.name` or `params.uri`: what the request addresses.
    pub(crate) target: Option<String>,
    /// `params.arguments`, cut out of the body.
    pub(crate) arguments: Option<Bytes>,
    /// `params._meta`.
    pub(crate) meta: RequestMeta,
}

/// The same, borrowed from the body.
#[derive(Default, Deserialize)]
struct Borrowed<'a> {
    #[serde(borrow, default)]
    name: Option<&'a RawValue>,
    #[serde(borrow, default)]
    uri: Option<&'a RawValue>,
    #[serde(borrow, default)]
    arguments: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "_meta")]
    meta: Option<&'a RawValue>,
}

/// A head that cannot be read, with the version that the message claims all the same.
pub(crate) struct Illegible {
    pub(crate) claim: Option<String>,
    pub(crate) error: RpcError,
}

impl Head {
    /// Reads `params`, a JSON object that is a part of `body`.
    pub(crate) fn read(body: &Bytes, params: Option<&RawValue>) -> Result<Self, Illegible> {
        let Some(params) = params else { return Ok(Self::default()) };
        let illegible = |claim, error: String| Illegible { claim, error: RpcError::invalid_params(error) };
        let head: Borrowed<'_> = serde_json::from_str(params.get())
            .map_err(|error| illegible(None, format!("`params` cannot be read: {error}")))?;
        let meta = match head.meta {
            Some(raw) => serde_json::from_str::<RequestMeta>(raw.get()).map_err(|error| {
                illegible(
                    loose_claim(raw),
                    format!("`params._meta` cannot be read: {}", without_position(&error)),
                )
            })?,
            None => RequestMeta::default(),
        };
        let target = match head.name.or(head.uri) {
            Some(raw) => serde_json::from_str::<Option<String>>(raw.get()).map_err(|_| {
                let member = if head.name.is_some() { "name" } else { "uri" };
                illegible(
                    meta.protocol_version.as_ref().map(|version| version.as_str().to_owned()),
                    format!("`params.{member}` must be a string"),
                )
            })?,
            None => None,
        };
        Ok(Self {
            target,
            arguments: head
                .arguments
                .filter(|raw| raw.get() != "null")
                .map(|raw| body.slice_ref(raw.get().as_bytes())),
            meta,
        })
    }
}

/// The claimed version of a `_meta` whose other members may be anything.
fn loose_claim(raw: &RawValue) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(raw.get()).ok()?;
    match value.get(meta::PROTOCOL_VERSION.as_str())? {
        serde_json::Value::String(version) => Some(version.clone()),
        other => Some(other.to_string()),
    }
}

/// Positions count from the start of a fragment and would mislead.
pub(crate) fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}
