//! The least work: the same messages read into borrowed structs and answered with typed ones, without any framework.
mod lists;
mod request;
mod result;
mod sum;

use serde::Serialize;
use serde_json::value::RawValue;

use lists::Lists;
use request::{Add, Call, Echo, Get, List, Meta, Read, Request, Review};
use result::{Answer, Called, Contents, Got, Item, Message, Text, Wrapped};

pub use sum::read_sum;

/// Answers messages by hand.
#[derive(Debug)]
pub struct Limit {
    lists: Lists,
}

/// Why a message was not answered.
type Failure = Box<dyn std::error::Error>;

impl Limit {
    /// Answers `tools/list` with these bytes, the result alone.
    pub fn new(list: String) -> Self {
        Self { lists: Lists { legacy: list.clone(), modern: list } }
    }

    /// Lists so many tools: `add`, `echo`, and others as large as tools usually are.
    pub fn with_tools(count: usize) -> Self {
        Self { lists: Lists::of(count) }
    }

    /// Appends the answer to `line`, if it has one.
    ///
    /// # Errors
    /// When it is none of the messages of this benchmark.
    pub fn answer(&self, line: &[u8], out: &mut Vec<u8>) -> Result<(), Failure> {
        let request: Request<'_> = serde_json::from_slice(line)?;
        let Some(id) = request.id else { return Ok(()) };
        if request.jsonrpc != "2.0" {
            return Err("not JSON-RPC 2.0".into());
        }
        let params = request.params.map_or("{}", RawValue::get);
        match &*request.method {
            "tools/call" => call(id, serde_json::from_str(params)?, out),
            "tools/list" => {
                let List { meta } = serde_json::from_str(params)?;
                let list = if is_modern(meta.as_ref()) { &self.lists.modern } else { &self.lists.legacy };
                out.reserve(list.len() + 64);
                out.extend_from_slice(br#"{"jsonrpc":"2.0","id":"#);
                serde_json::to_writer(&mut *out, &id)?;
                out.extend_from_slice(br#","result":"#);
                out.extend_from_slice(list.as_bytes());
                out.push(b'}');
                Ok(())
            }
            "resources/read" => read(id, &serde_json::from_str(params)?, out),
            "prompts/get" => get(id, &serde_json::from_str(params)?, out),
            "initialize" => {
                let result = r#"{"protocolVersion":"2025-11-25","capabilities":{"tools":{},"resources":{},"prompts":{}},"serverInfo":{"name":"bench","version":"1.0.0"}}"#;
                let result: &RawValue = serde_json::from_str(result)?;
                write(id, result, out)
            }
            method => Err(format!("unknown method {method}").into()),
        }
    }
}

fn is_modern(meta: Option<&Meta<'_>>) -> bool {
    meta.is_some_and(|meta| meta.version == "2026-07-28")
}

fn call(id: i64, call: Call<'_>, out: &mut Vec<u8>) -> Result<(), Failure> {
    let modern = is_modern(call.meta.as_ref());
    match &*call.name {
        "add" => {
            let Add { a, b } = serde_json::from_str(call.arguments.get())?;
            write_sum(id, a + b, modern, out)
        }
        "echo" => {
            let Echo { text } = serde_json::from_str(call.arguments.get())?;
            // The escapes of the answer are those of the question.
            out.reserve(call.arguments.get().len() + 256);
            write(id, Called::<()>::new(&text, None, modern), out)
        }
        name => Err(format!("no tool {name}").into()),
    }
}

/// A number is structured data: plain for a modern client, in an object for the others, and as text besides.
fn write_sum(id: i64, sum: i64, modern: bool, out: &mut Vec<u8>) -> Result<(), Failure> {
    if modern {
        write(id, Called::new(&sum.to_string(), Some(sum), modern), out)
    } else {
        let wrapped = Wrapped { result: sum };
        write(id, Called::new(&serde_json::to_string(&wrapped)?, Some(wrapped), modern), out)
    }
}

fn read(id: i64, read: &Read<'_>, out: &mut Vec<u8>) -> Result<(), Failure> {
    if read.uri != "notes://today" {
        return Err(format!("no resource {}", read.uri).into());
    }
    let item = Item { uri: &read.uri, mime_type: "text/plain", text: "Be kind." };
    write(id, Contents::new(item, is_modern(read.meta.as_ref())), out)
}

fn get(id: i64, get: &Get<'_>, out: &mut Vec<u8>) -> Result<(), Failure> {
    if get.name != "review" {
        return Err(format!("no prompt {}", get.name).into());
    }
    let Review { text } = serde_json::from_str(get.arguments.get())?;
    let text = format!("Please review this:\n{text}");
    let message = Message { role: "user", content: Text::new(&text) };
    write(id, Got::new(message, is_modern(get.meta.as_ref())), out)
}

fn write(id: i64, result: impl Serialize, out: &mut Vec<u8>) -> Result<(), Failure> {
    Ok(serde_json::to_writer(out, &Answer { jsonrpc: "2.0", id, result })?)
}
