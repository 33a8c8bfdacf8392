use std::ffi::OsString;

use toolwright_server::Error;

use super::address;

/// Where HTTP is served if nobody says where.
const LOOPBACK: &str = "127.0.0.1:8000";

/// What `--help` prints.
pub(super) fn help(default: Transport) -> String {
    let note = |transport| if transport == default { " (the default)" } else { "" };
    let (stdio, http) = (note(Transport::Stdio), note(Transport::Http));
    format!(
        "\
An MCP server.

Options:
  --stdio        Speak MCP on stdin and stdout{stdio}
  --http ADDR    Serve MCP over HTTP at ADDR, for example {LOOPBACK}; a port alone means loopback{http}
  --help         Print this
  --             Everything after it is left to the program

Environment:
  TOOLWRIGHT_TRANSPORT        `stdio` or `http`; options win
  TOOLWRIGHT_HTTP             The address for HTTP, and a wish for HTTP unless the transport is named
  TOOLWRIGHT_PATH             The path of MCP over HTTP; `/mcp` if nobody says
  TOOLWRIGHT_ALLOWED_HOSTS    The hosts that clients may address over HTTP, with commas between; loopback names if nobody says
  TOOLWRIGHT_ALLOWED_ORIGINS  The origins of web pages that may call over HTTP, with commas between; those of loopback if
                              nobody says
  TOOLWRIGHT_STATE_KEY        The keys that seal what travels through clients, with commas between: 64 hexadecimal digits
                              each; the first seals, all open; random if nobody says
  TOOLWRIGHT_LOG              What to log to stderr: `off`, `error`, `warn`, `info` (the default), `debug`, `trace`, or levels
                              by module, for example `info,my_server=debug`"
    )
}

/// How messages come and go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Transport {
    Stdio,
    Http,
}

/// What a command line asks for.
#[derive(Debug, PartialEq)]
pub(super) enum Asked {
    Help,
    Stdio,
    Http(String),
}

/// Reads the arguments after the program's name. What they leave open is asked of `environment`, and then `default` holds.
pub(super) fn parse(
    arguments: impl IntoIterator<Item = OsString>,
    environment: impl Fn(&str) -> Option<String>,
    default: Transport,
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
        (_, Some(address)) => Ok(Asked::Http(address::read("--http", &address)?)),
        (true, None) => Ok(Asked::Stdio),
        (false, None) => from_environment(environment, default),
    }
}

fn from_environment(
    environment: impl Fn(&str) -> Option<String>,
    default: Transport,
) -> Result<Asked, Error> {
    let address = environment("TOOLWRIGHT_HTTP");
    let transport = match (environment("TOOLWRIGHT_TRANSPORT").as_deref(), &address) {
        (Some("stdio"), _) => Transport::Stdio,
        (Some("http"), _) | (None, Some(_)) => Transport::Http,
        (None, None) => default,
        (Some(other), _) => {
            return Err(Error::Usage(format!(
                "`TOOLWRIGHT_TRANSPORT` is `{other}`; expected `stdio` or `http`"
            )));
        }
    };
    match (transport, address) {
        (Transport::Stdio, _) => Ok(Asked::Stdio),
        (Transport::Http, Some(address)) => Ok(Asked::Http(address::read("TOOLWRIGHT_HTTP", &address)?)),
        (Transport::Http, None) => Ok(Asked::Http(LOOPBACK.into())),
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
    use super::{Asked, Transport, help, parse};

    fn ask(arguments: &str, environment: &[(&str, &str)]) -> Result<Asked, String> {
        ask_of(Transport::Stdio, arguments, environment)
    }

    fn ask_of(default: Transport, arguments: &str, environment: &[(&str, &str)]) -> Result<Asked, String> {
        let arguments = arguments.split_whitespace().map(Into::into);
        let variable =
            |name: &str| environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).into());
        parse(arguments, variable, default).map_err(|error| error.to_string())
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
    }

    #[test]
    fn a_program_made_for_http_serves_it_unless_told_otherwise() {
        let ask = |arguments, environment| ask_of(Transport::Http, arguments, environment);
        assert_eq!(ask("", &[]), http("127.0.0.1:8000"));
        assert_eq!(ask("", &[("TOOLWRIGHT_HTTP", "[::1]:1")]), http("[::1]:1"));
        assert_eq!(ask("--stdio", &[("TOOLWRIGHT_HTTP", "[::1]:1")]), Ok(Asked::Stdio));
        assert_eq!(ask("", &[("TOOLWRIGHT_TRANSPORT", "stdio")]), Ok(Asked::Stdio));
    }

    #[test]
    fn http_is_asked_for_in_several_ways() {
        assert_eq!(ask("--http 127.0.0.1:1", &[]), http("127.0.0.1:1"));
        assert_eq!(ask("--http=127.0.0.1:1", &[]), http("127.0.0.1:1"));
        assert_eq!(ask("--http 9000", &[]), http("127.0.0.1:9000"));
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
    fn help_wins_and_names_the_default() {
        assert_eq!(ask("--stdio --help --frobnicate", &[]), Ok(Asked::Help));
        assert_eq!(ask("-h", &[("TOOLWRIGHT_TRANSPORT", "carrier pigeon")]), Ok(Asked::Help));
        assert!(help(Transport::Stdio).contains("stdin and stdout (the default)"));
        assert!(help(Transport::Http).contains("loopback (the default)"));
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
        for (arguments, environment, named) in
            [("--http here", &[][..], "`--http`"), ("", &[("TOOLWRIGHT_HTTP", "here")], "`TOOLWRIGHT_HTTP`")]
        {
            let error = ask(arguments, environment).unwrap_err();
            assert!(error.starts_with(named), "{error}");
        }
    }
}
