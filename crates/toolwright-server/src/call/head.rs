use std::borrow::Cow;

use bytes::Bytes;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use toolwright_core::{
    era::Claim,
    jsonrpc::RpcError,
    model::{ClientCapabilities, Method, RequestMeta, meta},
};

use super::{
    Target,
    metadata::{Glance, Metadata},
};
use crate::journal::Sent;

/// What the engine looks at in the `params` of any message, read in one pass; the rest is for the method.
#[derive(Debug, Default)]
pub(crate) struct Head {
    /// `params.uri` or `params.name`, whichever the method has: what the request addresses.
    pub(crate) target: Option<Target>,
    /// `params.arguments`, cut out of the body.
    pub(crate) arguments: Option<Bytes>,
    /// What a client that calls again sends along; methods that cannot ask ignore it.
    pub(crate) sent: Option<Box<Sent>>,
    /// `params._meta`.
    pub(crate) meta: Metadata,
}

/// The same, borrowed from the body: what almost every message has.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Usual<'a> {
    #[serde(borrow, default)]
    name: Option<Text<'a>>,
    #[serde(borrow, default)]
    uri: Option<Text<'a>>,
    #[serde(borrow, default)]
    arguments: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    input_responses: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    request_state: Option<&'a RawValue>,
    #[serde(default, rename = "_meta")]
    meta: Glance,
}

/// A member that is there, `null` included.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    Deserialize::deserialize(deserializer).map(Some)
}

/// A string without a copy, unless it is written with escapes. Of an `Option<Cow<str>>`, serde would always make one.
#[derive(Deserialize)]
#[serde(transparent)]
pub(super) struct Text<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

/// The same, member by member, to find out what is wrong.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Members<'a> {
    #[serde(borrow, default)]
    name: Option<&'a RawValue>,
    #[serde(borrow, default)]
    uri: Option<&'a RawValue>,
    #[serde(borrow, default)]
    arguments: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    input_responses: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    request_state: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "_meta")]
    meta: Option<&'a RawValue>,
}

/// A head that cannot be read, with the version that the message claims all the same.
pub(crate) struct Illegible {
    pub(crate) claim: Claim<'static>,
    /// Whether it is a required member of `_meta` that is missing or malformed.
    pub(crate) in_required: bool,
    pub(crate) error: RpcError,
}

impl Head {
    /// Reads `params`, a JSON object that is a part of `body`.
    pub(crate) fn read(body: &Bytes, method: &Method, params: Option<&RawValue>) -> Result<Self, Illegible> {
        let Some(params) = params else { return Ok(Self::default()) };
        let Ok(head) = serde_json::from_str::<Usual<'_>>(params.get()) else {
            return Self::read_members(body, method, params);
        };
        let target = match method {
            Method::CallTool | Method::GetPrompt => head.name,
            Method::ReadResource | Method::Subscribe | Method::Unsubscribe => head.uri,
            _ => head.name.or(head.uri),
        };
        Ok(Self {
            target: target.map(|Text(target)| Target::of(body, target)),
            arguments: head.arguments.map(|raw| body.slice_ref(raw.get().as_bytes())),
            sent: sent(body, method, head.input_responses, head.request_state),
            meta: Metadata::new(head.meta, body.slice_ref(params.get().as_bytes())),
        })
    }

    fn read_members(body: &Bytes, method: &Method, params: &RawValue) -> Result<Self, Illegible> {
        let head: Members<'_> = serde_json::from_str(params.get()).map_err(|error| Illegible {
            claim: Claim::None,
            in_required: false,
            error: RpcError::invalid_params(format!("`params` cannot be read: {error}")),
        })?;
        let meta = match head.meta {
            Some(raw) => {
                serde_json::from_str::<RequestMeta>(raw.get()).map_err(|error| illegible_meta(raw, &error))?
            }
            None => RequestMeta::default(),
        };
        let target = target(&head, method).map_err(|member| Illegible {
            claim: meta
                .protocol_version
                .as_ref()
                .map_or(Claim::None, |version| Claim::Version(version.as_str().to_owned().into())),
            in_required: false,
            error: RpcError::invalid_params(format!("`params.{member}` must be a string")),
        })?;
        Ok(Self {
            target: target.map(Target::from),
            arguments: head
                .arguments
                .filter(|raw| raw.get() != "null")
                .map(|raw| body.slice_ref(raw.get().as_bytes())),
            sent: sent(body, method, head.input_responses, head.request_state),
            meta: Metadata::from(meta).part_of(body.slice_ref(params.get().as_bytes())),
        })
    }
}

/// What a call may send along when it comes again. No other request can be asked questions ("Multi Round-Trip Requests").
fn sent(
    body: &Bytes,
    method: &Method,
    responses: Option<&RawValue>,
    state: Option<&RawValue>,
) -> Option<Box<Sent>> {
    match method {
        Method::CallTool | Method::ReadResource | Method::GetPrompt => Sent::of(body, responses, state),
        _ => None,
    }
}

/// What the request addresses, or the member that is no string. Members that the method does not have may be anything.
fn target(head: &Members<'_>, method: &Method) -> Result<Option<String>, &'static str> {
    let (member, raw) = match method {
        Method::CallTool | Method::GetPrompt => ("name", head.name),
        Method::ReadResource | Method::Subscribe | Method::Unsubscribe => ("uri", head.uri),
        _ => {
            let raw = head.name.or(head.uri);
            return Ok(raw.and_then(|raw| serde_json::from_str(raw.get()).ok()));
        }
    };
    raw.map(|raw| serde_json::from_str(raw.get())).transpose().map_err(|_| member)
}

/// `_meta` with a malformed member, of which the claim may still be good.
fn illegible_meta(raw: &RawValue, error: &serde_json::Error) -> Illegible {
    let value: serde_json::Value = serde_json::from_str(raw.get()).unwrap_or_default();
    let claim = match value.get(meta::PROTOCOL_VERSION.as_str()) {
        None => Claim::None,
        Some(serde_json::Value::String(version)) => Claim::Version(version.clone().into()),
        Some(_) => Claim::Malformed,
    };
    let capabilities = value.get(meta::CLIENT_CAPABILITIES.as_str());
    Illegible {
        claim,
        in_required: capabilities.is_none_or(|value| ClientCapabilities::deserialize(value).is_err()),
        error: RpcError::invalid_params(format!(
            "`params._meta` cannot be read: {}",
            without_position(error)
        )),
    }
}

/// Positions count from the start of a fragment and would mislead, and names of our types say nothing to a client.
pub(crate) fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or(&text);
    match text.rsplit_once("expected struct ") {
        Some((start, name)) if name.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            format!("{start}expected an object")
        }
        _ => text.to_owned(),
    }
}
