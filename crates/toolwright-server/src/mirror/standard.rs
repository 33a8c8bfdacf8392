use std::borrow::Cow;

use http::{HeaderMap, HeaderName};
use serde_json::value::RawValue;
use toolwright_core::{
    headers::{MCP_METHOD, MCP_NAME, MCP_PROTOCOL_VERSION, ParamValue},
    jsonrpc::RpcError,
    model::Method,
};

use super::compare::{literal, mirrors, missing, one};
use crate::call::{Head, member};

/// The version that the request claims ("Protocol Version Header").
pub(crate) fn version(headers: &HeaderMap, claimed: &str) -> Result<(), RpcError> {
    demanded(headers, &MCP_PROTOCOL_VERSION, "MCP-Protocol-Version", claimed)
}

/// The method of the request ("Standard Request Headers").
pub(crate) fn method(headers: &HeaderMap, method: &str) -> Result<(), RpcError> {
    demanded(headers, &MCP_METHOD, "Mcp-Method", method)
}

/// What the request addresses, for the methods that address something: those of the protocol ("Standard Request Headers"), and
/// those of extensions which say by which `member`.
pub(crate) fn name(
    headers: &HeaderMap,
    method: &Method,
    head: &Head,
    params: Option<&RawValue>,
    extended: Option<&str>,
) -> Result<(), RpcError> {
    let value = match method {
        Method::CallTool | Method::GetPrompt | Method::ReadResource => {
            head.target.as_deref().map(|target| ParamValue::String(Cow::Borrowed(target)))
        }
        _ => {
            let Some(extended) = extended else { return Ok(()) };
            params.and_then(|params| member(params, extended)).and_then(|value| ParamValue::read(value.get()))
        }
    };
    mirrors(headers, &MCP_NAME, &"Mcp-Name", value.as_ref())
}

/// The specification asks for no headers with notifications, and says nothing of those that come; they must not be wrong.
pub(crate) fn notification(headers: &HeaderMap, claimed: &str, method: &str) -> Result<(), RpcError> {
    for (header, shown, body) in
        [(&MCP_PROTOCOL_VERSION, "MCP-Protocol-Version", claimed), (&MCP_METHOD, "Mcp-Method", method)]
    {
        if let Some(value) = one(headers, header, &shown)? {
            literal(value, shown, body)?;
        }
    }
    Ok(())
}

fn demanded(headers: &HeaderMap, header: &HeaderName, shown: &str, body: &str) -> Result<(), RpcError> {
    match one(headers, header, &shown)? {
        Some(value) => literal(value, shown, body),
        None => Err(missing(shown, &body)),
    }
}
