use std::{fmt, path::Path, sync::Arc};

use toolwright_server::{
    __private::serde_json::{Map, Value},
    core::joint::{Attach, Connect, ConnectError, Link, SharedConnect},
};

use super::variables::expand;

/// What one member of `mcpServers` says.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Entry {
    Command {
        program: String,
        args: Vec<String>,
        env: Vec<(String, String)>,
        directory: Option<String>,
    },
    Url {
        url: String,
        headers: Vec<(String, String)>,
    },
    /// It says nothing that can be connected to: a failure of this server alone.
    Broken(String),
}

/// Names only: arguments, variables and headers may be secret.
impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Command { program, .. } => f.debug_tuple("Command").field(program).finish(),
            Self::Url { .. } => f.write_str("Url"),
            Self::Broken(problem) => f.debug_tuple("Broken").field(problem).finish(),
        }
    }
}

impl Entry {
    /// Reads an entry; nothing if it is disabled. Unknown members are other hosts' business.
    pub(super) fn read(value: &Value, lookup: &dyn Fn(&str) -> Option<String>) -> Option<Self> {
        let Value::Object(members) = value else {
            return Some(Self::Broken("is no object".to_owned()));
        };
        if members.get("disabled") == Some(&Value::Bool(true)) {
            return None;
        }
        Some(Reader { members, lookup }.entry().unwrap_or_else(Self::Broken))
    }

    /// What a client connects to.
    pub(super) fn target(self, base: Option<&Path>) -> SharedConnect {
        match self {
            Self::Command { program, args, env, directory } => command(program, args, env, directory, base),
            Self::Url { url, headers } => address(url, headers),
            Self::Broken(problem) => broken("it", format!("its entry in the configuration {problem}")),
        }
    }
}

struct Reader<'a> {
    members: &'a Map<String, Value>,
    lookup: &'a dyn Fn(&str) -> Option<String>,
}

impl Reader<'_> {
    fn entry(&self) -> Result<Entry, String> {
        let kind = self.text("type")?.or(self.text("transport")?);
        let command = match kind.as_deref() {
            None => self.members.contains_key("command"),
            Some("stdio") => true,
            Some("http" | "streamable-http" | "streamableHttp" | "sse") => false,
            Some(other) => {
                return Err(format!("has the type `{other}`; known are `stdio`, `http` and `sse`"));
            }
        };
        if command {
            let program = self.text("command")?.ok_or("has no `command`")?;
            let args = self.list("args")?;
            return Ok(Entry::Command {
                program,
                args,
                env: self.pairs("env")?,
                directory: self.text("cwd")?,
            });
        }
        let url = self.text("url")?.ok_or("has neither a `command` nor a `url`")?;
        Ok(Entry::Url { url, headers: self.pairs("headers")? })
    }

    fn text(&self, name: &str) -> Result<Option<String>, String> {
        match self.members.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => self.expand(name, text).map(Some),
            Some(_) => Err(format!("has a `{name}` that is no string")),
        }
    }

    fn list(&self, name: &str) -> Result<Vec<String>, String> {
        match self.members.get(name) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(items)) => items.iter().map(|item| self.plain(name, item)).collect(),
            Some(_) => Err(format!("has `{name}` that are no list")),
        }
    }

    fn pairs(&self, name: &str) -> Result<Vec<(String, String)>, String> {
        match self.members.get(name) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Object(pairs)) => {
                pairs.iter().map(|(key, value)| Ok((key.clone(), self.plain(name, value)?))).collect()
            }
            Some(_) => Err(format!("has `{name}` that are no object")),
        }
    }

    /// People write numbers and `true` where texts are meant.
    fn plain(&self, name: &str, value: &Value) -> Result<String, String> {
        match value {
            Value::String(text) => self.expand(name, text),
            Value::Number(_) | Value::Bool(_) => Ok(value.to_string()),
            _ => Err(format!("has something in `{name}` that is no string")),
        }
    }

    fn expand(&self, name: &str, text: &str) -> Result<String, String> {
        expand(text, self.lookup).map_err(|problem| format!("{problem} (in `{name}`)"))
    }
}

#[cfg(feature = "child")]
fn command(
    program: String,
    args: Vec<String>,
    env: Vec<(String, String)>,
    directory: Option<String>,
    base: Option<&Path>,
) -> SharedConnect {
    let mut child = toolwright_stdio::Child::new(program).args(args).envs(env);
    if let Some(directory) = directory {
        child =
            child.current_dir(base.map_or_else(|| directory.clone().into(), |base| base.join(&directory)));
    }
    SharedConnect::new(child)
}

#[cfg(not(feature = "child"))]
fn command(
    program: String,
    _args: Vec<String>,
    _env: Vec<(String, String)>,
    _directory: Option<String>,
    _base: Option<&Path>,
) -> SharedConnect {
    broken(&format!("the command `{program}`"), missing("child"))
}

#[cfg(feature = "http-client")]
fn address(url: String, headers: Vec<(String, String)>) -> SharedConnect {
    let http = toolwright_http::client::Http::new(url);
    SharedConnect::new(headers.into_iter().fold(http, |http, (name, value)| http.header(name, value)))
}

#[cfg(not(feature = "http-client"))]
fn address(_url: String, _headers: Vec<(String, String)>) -> SharedConnect {
    broken("a URL", missing("http-client"))
}

#[cfg(not(all(feature = "child", feature = "http-client")))]
fn missing(feature: &str) -> String {
    format!(
        "that takes the feature `{feature}` of the crate `toolwright`, which is off; turn it on in `Cargo.toml`"
    )
}

fn broken(target: &str, problem: String) -> SharedConnect {
    SharedConnect::new(Broken { target: target.to_owned(), problem })
}

/// A target that is known to lead nowhere.
struct Broken {
    target: String,
    problem: String,
}

impl Connect for Broken {
    async fn connect(&self, _attach: Attach) -> Result<Arc<dyn Link>, ConnectError> {
        Err(ConnectError::new(self.target.clone(), self.problem.clone()))
    }
}
