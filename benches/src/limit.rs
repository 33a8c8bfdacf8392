//! The least work: the same messages read into borrowed structs and answered with typed ones, without any framework.
use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::message::Speech;

/// Answers messages by hand.
#[derive(Debug)]
pub struct Limit {
    list: String,
}

#[derive(Deserialize)]
struct Request<'a> {
    #[serde(borrow)]
    jsonrpc: Cow<'a, str>,
    id: Option<i64>,
    #[serde(borrow)]
    method: Cow<'a, str>,
    #[serde(borrow)]
    params: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Params<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    arguments: &'a RawValue,
    #[serde(borrow, rename = "_meta")]
    meta: Option<Meta<'a>>,
}

#[derive(Deserialize)]
struct Meta<'a> {
    #[serde(borrow, rename = "io.modelcontextprotocol/protocolVersion")]
    version: Cow<'a, str>,
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
struct Add {
    a: i64,
    b: i64,
}

#[derive(Serialize)]
struct Answer<R> {
    jsonrpc: &'static str,
    id: i64,
    result: R,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Called<'a, S> {
    content: [Text<'a>; 1],
    structured_content: S,
    /// A modern result says this and its server besides.
    #[serde(skip_serializing_if = "Option::is_none")]
    result_type: Option<&'static str>,
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    meta: Option<Signature>,
}

#[derive(Serialize)]
struct Text<'a> {
    r#type: &'static str,
    text: &'a str,
}

#[derive(Serialize)]
struct Signature {
    #[serde(rename = "io.modelcontextprotocol/serverInfo")]
    server: Server,
}

#[derive(Serialize)]
struct Server {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Wrapped {
    result: i64,
}

impl Limit {
    /// Answers `tools/list` with these bytes, the result alone.
    pub fn new(list: String) -> Self {
        Self { list }
    }

    /// Appends the answer to `line`, if it has one.
    ///
    /// # Errors
    /// When it is none of the messages of this benchmark.
    pub fn answer(&self, line: &[u8], out: &mut Vec<u8>) -> Result<(), Box<dyn std::error::Error>> {
        let request: Request<'_> = serde_json::from_slice(line)?;
        let Some(id) = request.id else { return Ok(()) };
        if request.jsonrpc != "2.0" {
            return Err("not JSON-RPC 2.0".into());
        }
        match &*request.method {
            "tools/call" => {
                let params: Params<'_> = serde_json::from_str(request.params.ok_or("no params")?.get())?;
                if params.name != "add" {
                    return Err("no such tool".into());
                }
                let Add { a, b } = serde_json::from_str(params.arguments.get())?;
                write_sum(out, id, a + b, params.meta.is_some_and(|meta| meta.version == "2026-07-28"))?;
            }
            "tools/list" => {
                out.extend_from_slice(br#"{"jsonrpc":"2.0","id":"#);
                serde_json::to_writer(&mut *out, &id)?;
                out.extend_from_slice(br#","result":"#);
                out.extend_from_slice(self.list.as_bytes());
                out.push(b'}');
            }
            "initialize" => {
                let result = r#"{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"bench","version":"1.0.0"}}"#;
                let result: &RawValue = serde_json::from_str(result)?;
                serde_json::to_writer(&mut *out, &Answer { jsonrpc: "2.0", id, result })?;
            }
            method => return Err(format!("unknown method {method}").into()),
        }
        Ok(())
    }
}

fn write_sum(out: &mut Vec<u8>, id: i64, sum: i64, modern: bool) -> serde_json::Result<()> {
    if modern {
        let server = Server { name: "bench", version: "1.0.0" };
        let text = sum.to_string();
        let content = [Text { r#type: "text", text: &text }];
        let result = Called {
            content,
            structured_content: sum,
            result_type: Some("complete"),
            meta: Some(Signature { server }),
        };
        serde_json::to_writer(out, &Answer { jsonrpc: "2.0", id, result })
    } else {
        let structured_content = Wrapped { result: sum };
        let text = serde_json::to_string(&structured_content)?;
        let content = [Text { r#type: "text", text: &text }];
        let result = Called { content, structured_content, result_type: None, meta: None };
        serde_json::to_writer(out, &Answer { jsonrpc: "2.0", id, result })
    }
}

/// The members of an answer to `add` that show that it is right.
#[derive(Deserialize)]
struct Sum {
    id: u64,
    result: SumResult,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SumResult {
    structured_content: Structured,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Structured {
    Plain(i64),
    Wrapped { result: i64 },
}

/// Reads the id and the sum out of an answer to `add`.
///
/// # Errors
/// When it is none.
pub fn read_sum(speech: Speech, line: &[u8]) -> Result<(u64, i64), Box<dyn std::error::Error>> {
    let Sum { id, result } = serde_json::from_slice(line)
        .map_err(|error| format!("{error} in {}", String::from_utf8_lossy(line)))?;
    match (speech, result.structured_content) {
        (Speech::Modern, Structured::Plain(sum)) | (Speech::Legacy, Structured::Wrapped { result: sum }) => {
            Ok((id, sum))
        }
        _ => Err(format!("not wrapped as it should be: {}", String::from_utf8_lossy(line)).into()),
    }
}
