use std::error::Error;

use serde_json::Value;
use toolwright_benches::message::{Speech, request};

use super::digits::{ADDED, Digits};

/// What is asked over and over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Workload {
    pub(super) name: &'static str,
    pub(super) speech: Speech,
    pub(super) session: bool,
    pub(super) asked: Asked,
    /// How many tools the server has.
    pub(super) tools: usize,
    /// With how many connections it is measured.
    pub(super) connections: &'static [usize],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    Add,
    /// A text of so many bytes.
    Echo(usize),
    List,
    Read,
    Prompt,
}

const ALL: &[usize] = &[1, 16, 64];
const ONE: &[usize] = &[16];

impl Workload {
    pub(super) const ALL: [Self; 14] = [
        Self::modern("add", Asked::Add, 100, ALL),
        Self {
            speech: Speech::Legacy,
            session: true,
            ..Self::modern("add in a session", Asked::Add, 100, ALL)
        },
        Self {
            speech: Speech::Legacy,
            ..Self::modern("add, legacy without a session", Asked::Add, 100, ALL)
        },
        Self::modern("add, 1 tool", Asked::Add, 1, ONE),
        Self::modern("add, 1000 tools", Asked::Add, 1000, ONE),
        Self::modern("echo 1 KiB", Asked::Echo(1 << 10), 100, ONE),
        Self::modern("echo 64 KiB", Asked::Echo(64 << 10), 100, ONE),
        Self::modern("echo 1 MiB", Asked::Echo((1 << 20) - 1024), 100, ONE),
        Self::modern("list 1 tool", Asked::List, 1, ONE),
        Self::modern("list 100 tools", Asked::List, 100, ONE),
        Self::modern("list 1000 tools", Asked::List, 1000, ONE),
        Self {
            speech: Speech::Legacy,
            session: true,
            ..Self::modern("list 100 tools in a session", Asked::List, 100, ONE)
        },
        Self::modern("resource", Asked::Read, 100, ONE),
        Self::modern("prompt", Asked::Prompt, 100, ONE),
    ];

    const fn modern(name: &'static str, asked: Asked, tools: usize, connections: &'static [usize]) -> Self {
        Self { name, speech: Speech::Modern, session: false, asked, tools, connections }
    }

    pub(super) fn named(name: &str) -> Self {
        *Self::ALL.iter().find(|workload| workload.name == name).expect("the gate names workloads that exist")
    }

    pub(super) fn method(&self) -> &'static str {
        match self.asked {
            Asked::Add | Asked::Echo(_) => "tools/call",
            Asked::List => "tools/list",
            Asked::Read => "resources/read",
            Asked::Prompt => "prompts/get",
        }
    }

    /// The header `Mcp-Name`.
    pub(super) fn target(&self) -> Option<&'static str> {
        match self.asked {
            Asked::Add => Some("add"),
            Asked::Echo(_) => Some("echo"),
            Asked::List => None,
            Asked::Read => Some("notes://today"),
            Asked::Prompt => Some("review"),
        }
    }

    /// The body of the first request.
    pub(super) fn body(&self) -> String {
        let digits = Digits::of(0);
        let number = |digits: &[u8]| String::from_utf8_lossy(digits).into_owned();
        let members = match self.asked {
            Asked::Add => {
                format!(r#""name":"add","arguments":{{"a":{},"b":{ADDED}}}"#, number(&digits.summand))
            }
            Asked::Echo(size) => {
                format!(r#""name":"echo","arguments":{{"text":{}}}"#, Value::from(text(size)))
            }
            Asked::List => String::new(),
            Asked::Read => r#""uri":"notes://today""#.to_owned(),
            Asked::Prompt => r#""name":"review","arguments":{"text":"fn main() {}"}"#.to_owned(),
        };
        let id = number(&digits.id).parse().expect("an id is a number");
        request(self.speech, id, self.method(), &members)
    }

    /// Looks at an answer thoroughly.
    pub(super) fn check(&self, answer: &[u8], digits: &Digits) -> Result<(), Box<dyn Error>> {
        let wrong = |what: &str| {
            let answer = String::from_utf8_lossy(&answer[..answer.len().min(600)]);
            Err(format!("{what} in the answer {answer}").into())
        };
        let Ok(json) = serde_json::from_slice::<Value>(answer) else { return wrong("no JSON") };
        let number = |digits: &[u8]| String::from_utf8_lossy(digits).parse::<u64>().ok();
        if json["id"].as_u64() != number(&digits.id) {
            return wrong("not the id");
        }
        let result = &json["result"];
        let right = match self.asked {
            Asked::Add => {
                let text = result["content"][0]["text"].as_str().unwrap_or_default();
                let data = match &result["structuredContent"] {
                    Value::Object(members) => &members["result"],
                    data => data,
                };
                text.as_bytes().windows(digits.sum.len()).any(|part| part == digits.sum)
                    && (data.is_null() || data.as_u64() == number(&digits.sum))
            }
            Asked::Echo(size) => result["content"][0]["text"] == text(size),
            Asked::List => {
                let tools = result["tools"].as_array().map(Vec::as_slice).unwrap_or_default();
                let named = |name: &str| tools.iter().any(|tool| tool["name"] == name);
                tools.len() == self.tools && named("add") && (self.tools < 3 || named("look_up_2"))
            }
            Asked::Read => result["contents"][0]["text"] == "Be kind.",
            Asked::Prompt => result["messages"][0]["content"]["text"] == "Please review this:\nfn main() {}",
        };
        if right { Ok(()) } else { wrong("not the result") }
    }
}

/// Lines as text has them.
fn text(size: usize) -> String {
    let line = "The quick brown fox jumps over the lazy dog, says \"well\", and goes.\n";
    line.chars().cycle().take(size).collect()
}
