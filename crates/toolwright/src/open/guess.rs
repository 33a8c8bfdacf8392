use std::path::Path;

use super::{OpenError, Servers, entry::Entry, words::words};

pub(super) const URL: &str = "a URL";
pub(super) const COMMAND: &str = "a command line";
pub(super) const FILE: &str = "a configuration of servers";

/// What a string is taken for.
#[derive(Debug)]
pub(super) struct Guess {
    pub(super) kind: &'static str,
    pub(super) servers: Servers,
}

/// Takes a string for a URL, a configuration, or a command line, in this order.
pub(super) fn guess(target: &str) -> Result<Guess, OpenError> {
    let target = target.trim();
    if let Some((scheme, rest)) = target.split_once("://")
        && !scheme.contains(|letter: char| !letter.is_ascii_alphanumeric() && !"+-.".contains(letter))
    {
        if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
            return Err(OpenError::Target(format!(
                "`{scheme}` URLs are not spoken to, `http` and `https` ones are"
            )));
        }
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = host.rsplit('@').next().unwrap_or_default();
        let entry = Entry::Url { url: target.to_owned(), headers: Vec::new() };
        return Ok(Guess { kind: URL, servers: Servers::single(host.to_owned(), entry) });
    }
    let path = Path::new(target);
    let is_file = path.is_file();
    let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    if is_json && (is_file || !target.contains(char::is_whitespace)) {
        return Ok(Guess { kind: FILE, servers: Servers::read(path)? });
    }
    let mut words = match words(target) {
        // A path with blanks in it.
        _ if is_file => vec![target.to_owned()],
        Ok(words) => words,
        Err(problem) => return Err(OpenError::Target(format!("{problem} in the command line"))),
    };
    if words.is_empty() {
        return Err(OpenError::Target(
            "it is empty; give a URL, a command line, or the path of an `mcp.json`".to_owned(),
        ));
    }
    let program = words.remove(0);
    let name = Path::new(&program).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let entry = Entry::Command { program, args: words, env: Vec::new(), directory: None };
    Ok(Guess { kind: COMMAND, servers: Servers::single(name, entry) })
}

#[cfg(test)]
mod tests {
    use super::{COMMAND, FILE, URL, guess};

    fn taken_for(target: &str) -> (&'static str, String) {
        let guess = guess(target).unwrap();
        (guess.kind, guess.servers.names().collect())
    }

    #[test]
    fn urls_commands_and_configurations_are_told_apart() {
        assert_eq!(taken_for("http://localhost:8000/mcp"), (URL, "localhost:8000".to_owned()));
        assert_eq!(taken_for(" HTTPS://user:password@example.com?x "), (URL, "example.com".to_owned()));
        assert_eq!(taken_for("npx -y server --url https://example.com"), (COMMAND, "npx".to_owned()));
        assert_eq!(taken_for("node server.js config.json"), (COMMAND, "node".to_owned()));
        assert_eq!(taken_for("'/opt/my server/run.sh' -v"), (COMMAND, "run".to_owned()));

        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("my servers.json");
        std::fs::write(&file, r#"{ "mcpServers": { "a": { "command": "x" } } }"#).unwrap();
        assert_eq!(taken_for(file.to_str().unwrap()), (FILE, "a".to_owned()));
        let program = directory.path().join("my server");
        std::fs::write(&program, "").unwrap();
        assert_eq!(taken_for(program.to_str().unwrap()), (COMMAND, "my server".to_owned()));
    }

    #[test]
    fn what_is_none_of_them_says_what_is_expected() {
        let problem = |target| guess(target).unwrap_err().to_string();
        assert_eq!(
            problem(" "),
            "cannot tell what to open: it is empty; give a URL, a command line, or the path of an `mcp.json`"
        );
        assert_eq!(
            problem("ws://localhost"),
            "cannot tell what to open: `ws` URLs are not spoken to, `http` and `https` ones are"
        );
        assert_eq!(
            problem("run 'it"),
            "cannot tell what to open: a single quote has no end in the command line"
        );
        let missing = problem("no/such/mcp.json");
        assert!(
            missing.starts_with("taken for a configuration of servers: `no/such/mcp.json`: "),
            "{missing}"
        );
    }
}
