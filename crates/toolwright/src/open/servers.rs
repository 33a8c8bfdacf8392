use std::{
    env, fs,
    path::{Path, PathBuf},
};

use toolwright_client::{Clients, ClientsBuilder};
use toolwright_server::{
    __private::serde_json::{self, Map, Value},
    core::joint::SharedConnect,
};

use super::{OpenError, entry::Entry};

/// Servers of a configuration as many hosts read it, `mcp.json` for example: an object `mcpServers` (or `servers`) whose members are
/// commands (`command`, `args`, `env`, `cwd`) or URLs (`url`, `headers`), one of which `type` may say.
///
/// Environment variables are put in for `${NAME}`, `${env:NAME}` and `${NAME:-default}`. A `cwd` is relative to the file. Servers with
/// `"disabled": true` are left out, and members that only other hosts know are ignored.
///
/// **A configuration starts programs.** Show people all of an unknown one, and ask them, before it is opened.
///
/// # Example
/// ```
/// use toolwright::client::Servers;
///
/// let servers = Servers::parse(
///     r#"{
///         "mcpServers": {
///             "files": { "command": "npx", "args": ["-y", "server-filesystem", "."], "alwaysAllow": ["read"] },
///             "weather": { "type": "http", "url": "https://example.com/mcp" },
///             "old": { "command": "old-server", "disabled": true }
///         }
///     }"#,
/// )?;
/// assert!(servers.names().eq(["files", "weather"]));
/// # Ok::<(), toolwright::client::OpenError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Servers {
    entries: Vec<(String, Entry)>,
    /// Where the file is.
    base: Option<PathBuf>,
}

impl Servers {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read or is no configuration. What is wrong with one server, such as a variable that is not set, is an
    /// error when that server is connected to.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        let path = path.as_ref();
        let failed = |problem| OpenError::File { path: path.to_owned(), problem };
        let text = fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
        let mut servers = Self::from_text(&text, &|name| env::var(name).ok()).map_err(failed)?;
        servers.base = path.parent().map(Path::to_owned);
        Ok(servers)
    }

    /// Reads a text.
    ///
    /// # Errors
    /// When it is no configuration.
    pub fn parse(text: &str) -> Result<Self, OpenError> {
        Self::from_text(text, &|name| env::var(name).ok()).map_err(OpenError::Config)
    }

    fn from_text(text: &str, lookup: &dyn Fn(&str) -> Option<String>) -> Result<Self, String> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let value: Value = serde_json::from_str(text).map_err(|error| format!("is no JSON: {error}"))?;
        let servers: &Map<String, Value> = ["mcpServers", "servers"]
            .iter()
            .find_map(|name| value.get(name)?.as_object())
            .ok_or("has no object `mcpServers`")?;
        let entries = servers
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), Entry::read(value, lookup)?)))
            .collect();
        Ok(Self { entries, base: None })
    }

    pub(super) fn single(name: String, entry: Entry) -> Self {
        Self { entries: vec![(name, entry)], base: None }
    }

    /// The names of the servers that are not disabled, in the order of the configuration.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|(name, _)| &**name)
    }

    /// Only the server of that name.
    ///
    /// # Errors
    /// When there is none.
    pub fn one(mut self, name: &str) -> Result<Self, OpenError> {
        let names: Vec<_> = self.names().map(str::to_owned).collect();
        self.entries.retain(|(other, _)| other == name);
        if self.entries.is_empty() {
            return Err(OpenError::Config(format!("has no server `{name}`; it has {}", names.join(", "))));
        }
        Ok(self)
    }

    /// What a client connects to, if there is exactly one server: for [`Builder::connect_shared`](crate::client::Builder::connect_shared).
    ///
    /// # Errors
    /// When there are more or none.
    pub fn target(self) -> Result<SharedConnect, OpenError> {
        let Self { mut entries, base } = self;
        if entries.len() != 1 {
            return Err(OpenError::Count { servers: entries.into_iter().map(|(name, _)| name).collect() });
        }
        let (_, entry) = entries.remove(0);
        Ok(entry.target(base.as_deref()))
    }

    /// Clients for all of them.
    pub fn clients(self) -> ClientsBuilder {
        let Self { entries, base } = self;
        entries.into_iter().fold(Clients::builder(), |builder, (name, entry)| {
            builder.shared(name, entry.target(base.as_deref()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, Servers};

    fn entries(servers: &str) -> Vec<(String, Entry)> {
        let lookup = |name: &str| (name == "KEY").then(|| "hush".to_owned());
        Servers::from_text(&format!(r#"{{ "mcpServers": {servers} }}"#), &lookup).unwrap().entries
    }

    fn problem(entry: &str) -> String {
        match entries(&format!(r#"{{ "it": {entry} }}"#)).remove(0).1 {
            Entry::Broken(problem) => problem,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn commands_and_urls_are_told_apart_and_variables_put_in() {
        let read = entries(
            r#"{
                "a": { "command": "run", "args": ["--key=${KEY}", 1, true], "env": { "K": "${KEY}" }, "cwd": "${DIR:-here}", "autoApprove": [] },
                "b": { "url": "https://x/${KEY}", "headers": { "Authorization": "Bearer ${env:KEY}" } },
                "c": { "type": "stdio", "command": "run", "url": "ignored" }
            }"#,
        );
        let text = |text: &str| text.to_owned();
        assert!(
            read == [
                (
                    text("a"),
                    Entry::Command {
                        program: text("run"),
                        args: ["--key=hush", "1", "true"].map(text).into(),
                        env: vec![(text("K"), text("hush"))],
                        directory: Some(text("here")),
                    }
                ),
                (
                    text("b"),
                    Entry::Url {
                        url: text("https://x/hush"),
                        headers: vec![(text("Authorization"), text("Bearer hush"))]
                    }
                ),
                (
                    text("c"),
                    Entry::Command {
                        program: text("run"),
                        args: Vec::new(),
                        env: Vec::new(),
                        directory: None
                    }
                ),
            ],
            "{read:?}"
        );
        assert!(!format!("{read:?}").contains("hush"));
    }

    #[test]
    fn what_is_wrong_with_one_server_is_said_of_it_alone() {
        assert_eq!(problem("7"), "is no object");
        assert_eq!(problem("{}"), "has neither a `command` nor a `url`");
        assert_eq!(problem(r#"{ "type": "stdio" }"#), "has no `command`");
        assert_eq!(
            problem(r#"{ "type": "ws", "url": "x" }"#),
            "has the type `ws`; known are `stdio`, `http` and `sse`"
        );
        assert_eq!(problem(r#"{ "command": ["x"] }"#), "has a `command` that is no string");
        assert_eq!(problem(r#"{ "command": "x", "args": "y" }"#), "has `args` that are no list");
        assert_eq!(
            problem(r#"{ "command": "x", "args": [[]] }"#),
            "has something in `args` that is no string"
        );
        assert_eq!(problem(r#"{ "command": "x", "env": [] }"#), "has `env` that are no object");
        assert_eq!(
            problem(r#"{ "command": "x", "env": { "A": "${NONE}" } }"#),
            "needs the environment variable `NONE`, which is not set; set it, or write `${NONE:-default}` (in `env`)"
        );
    }

    #[test]
    fn other_files_are_told_apart_from_configurations() {
        assert_eq!(
            Servers::parse("{}").unwrap_err().to_string(),
            "the configuration of servers has no object `mcpServers`"
        );
        assert!(
            Servers::parse("{")
                .unwrap_err()
                .to_string()
                .starts_with("the configuration of servers is no JSON")
        );
        assert!(Servers::parse("\u{feff}{ \"servers\": {} }").unwrap().names().next().is_none());
    }

    #[test]
    fn one_is_chosen_by_name() {
        let servers =
            Servers::parse(r#"{ "servers": { "a": { "command": "x" }, "b": { "command": "y" } } }"#).unwrap();
        assert_eq!(
            servers.clone().target().err().unwrap().to_string(),
            "the configuration has the servers a, b; open it as `Clients`, or name one server with `Servers::one`"
        );
        assert!(servers.clone().one("b").unwrap().target().is_ok());
        assert_eq!(
            servers.one("c").unwrap_err().to_string(),
            "the configuration of servers has no server `c`; it has a, b"
        );
    }
}
