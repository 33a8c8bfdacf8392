use std::ffi::OsString;

use toolwright_server::Error;

/// Where HTTP is served if nobody says where.
const LOOPBACK: &str = "127.0.0.1:8000";

/// What `--help` prints.
pub(super) const HELP: &str = "\
An MCP server.

Options:
  --stdio        Speak MCP on stdin and stdout (the default)
  --http ADDR    Serve MCP over HTTP at ADDR, for example 127.0.0.1:8000
  --help         Print this
  --             Everything after it is left to the program

Environment:
  TOOLWRIGHT_TRANSPORT  `stdio` or `http`; options win
  TOOLWRIGHT_HTTP       The address for HTTP, and a wish for HTTP unless the transport is named
  TOOLWRIGHT_LOG        What to log to stderr: `off`, `error`, `warn`, `info` (the default), `debug`, `trace`, or levels by
                        module, for example `info,my_server=debug`";

/// What a command line asks for.
#[derive(Debug, PartialEq)]
pub(super) enum Asked {
    Help,
    Stdio,
    Http(String),
}

/// Reads the arguments after the program's name. What they leave open is asked of `environment`.
pub(super) fn parse(
    arguments: impl IntoIterator<Item = OsString>,
    environment: impl Fn(&str) -> Option<OsString>,
) -> Result<Asked, Error> {
    let (mut stdio, mut http) = (false, None);
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        let argument = argument.to_string_lossy();
        match &*argument {
            "--" => break,
            "--help" | "-h" => return Ok(Asked::Help),
            "--stdio" => stdio = true,
            "--http" => {
                let address = arguments.next().ok_or_else(missing_address)?;
                http = Some(address.to_string_lossy().into_owned());
            }
            other => match other.strip_prefix("--http=") {
                Some(address) => http = Some(address.to_owned()),
                None => return Err(unknown(other)),
            },
        }
    }
    match (stdio, http) {
        (true, Some(_)) => Err(Error::Usage("`--stdio` and `--http` exclude each other; choose one".into())),
        (_, Some(address)) if address.is_empty() || address.starts_with('-') => Err(missing_address()),
        (_, Some(address)) => Ok(Asked::Http(address)),
        (true, None) => Ok(Asked::Stdio),
        (false, None) => from_environment(environment),
    }
}

fn from_environment(environment: impl Fn(&str) -> Option<OsString>) -> Result<Asked, Error> {
    let read = |name| {
        let value = environment(name)?.to_string_lossy().trim().to_owned();
        (!value.is_empty()).then_some(value)
    };
    let address = read("TOOLWRIGHT_HTTP");
    match (read("TOOLWRIGHT_TRANSPORT").as_deref(), address) {
        (Some("stdio"), _) | (None, None) => Ok(Asked::Stdio),
        (None, Some(address)) => Ok(Asked::Http(address)),
        (Some("http"), address) => Ok(Asked::Http(address.unwrap_or_else(|| LOOPBACK.into()))),
        (Some(other), _) => {
            Err(Error::Usage(format!("`TOOLWRIGHT_TRANSPORT` is `{other}`; expected `stdio` or `http`")))
        }
    }
}

fn unknown(argument: &str) -> Error {
    Error::Usage(format!(
        "unknown argument `{argument}`; known are `--stdio`, `--http ADDR` and `--help`, and everything after `--` is left to \
         the program"
    ))
}

fn missing_address() -> Error {
    Error::Usage(format!("`--http` needs an address, for example `--http {LOOPBACK}`"))
}

#[cfg(test)]
mod tests {
    use super::{Asked, parse};

    fn ask(arguments: &str, environment: &[(&str, &str)]) -> Result<Asked, String> {
        let arguments = arguments.split_whitespace().map(Into::into);
        let variable =
            |name: &str| environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).into());
        parse(arguments, variable).map_err(|error| error.to_string())
    }

    fn http(address: &str) -> Result<Asked, String> {
        Ok(Asked::Http(address.into()))
    }

    #[test]
    fn stdio_is_the_default() {
        assert_eq!(ask("", &[]), Ok(Asked::Stdio));
        assert_eq!(ask("--stdio", &[]), Ok(Asked::Stdio));
        assert_eq!(
            ask("", &[("TOOLWRIGHT_TRANSPORT", "stdio"), ("TOOLWRIGHT_HTTP", "[::1]:80")]),
            Ok(Asked::Stdio)
        );
        assert_eq!(ask("", &[("TOOLWRIGHT_TRANSPORT", " "), ("TOOLWRIGHT_HTTP", "")]), Ok(Asked::Stdio));
    }

    #[test]
    fn http_is_asked_for_in_several_ways() {
        assert_eq!(ask("--http 127.0.0.1:1", &[]), http("127.0.0.1:1"));
        assert_eq!(ask("--http=127.0.0.1:1", &[]), http("127.0.0.1:1"));
        assert_eq!(ask("", &[("TOOLWRIGHT_HTTP", "127.0.0.1:1")]), http("127.0.0.1:1"));
        assert_eq!(ask("", &[("TOOLWRIGHT_TRANSPORT", "http")]), http("127.0.0.1:8000"));
        assert_eq!(
            ask("", &[("TOOLWRIGHT_TRANSPORT", "http"), ("TOOLWRIGHT_HTTP", "127.0.0.1:1")]),
            http("127.0.0.1:1")
        );
    }

    #[test]
    fn arguments_win_over_the_environment() {
        assert_eq!(ask("--stdio", &[("TOOLWRIGHT_TRANSPORT", "http")]), Ok(Asked::Stdio));
        assert_eq!(ask("--http [::1]:1", &[("TOOLWRIGHT_TRANSPORT", "stdio")]), http("[::1]:1"));
    }

    #[test]
    fn what_follows_two_dashes_is_the_programs() {
        assert_eq!(ask("-- --frobnicate", &[]), Ok(Asked::Stdio));
        assert_eq!(ask("--http 127.0.0.1:1 -- --stdio", &[]), http("127.0.0.1:1"));
    }

    #[test]
    fn help_wins() {
        assert_eq!(ask("--stdio --help --frobnicate", &[]), Ok(Asked::Help));
        assert_eq!(ask("-h", &[("TOOLWRIGHT_TRANSPORT", "carrier pigeon")]), Ok(Asked::Help));
    }

    #[test]
    fn mistakes_say_what_is_known() {
        let unknown = "unknown argument `--htpp`; known are `--stdio`, `--http ADDR` and `--help`, and everything after `--` is \
                       left to the program";
        assert_eq!(ask("--htpp 127.0.0.1:1", &[]), Err(unknown.into()));
        let address = "`--http` needs an address, for example `--http 127.0.0.1:8000`";
        for arguments in ["--http", "--http=", "--http --stdio"] {
            assert_eq!(ask(arguments, &[]), Err(address.into()), "{arguments}");
        }
        assert_eq!(
            ask("--http 127.0.0.1:1 --stdio", &[]),
            Err("`--stdio` and `--http` exclude each other; choose one".into())
        );
        assert_eq!(
            ask("", &[("TOOLWRIGHT_TRANSPORT", "carrier pigeon")]),
            Err("`TOOLWRIGHT_TRANSPORT` is `carrier pigeon`; expected `stdio` or `http`".into())
        );
    }
}
