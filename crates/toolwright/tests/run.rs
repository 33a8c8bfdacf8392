//! `run()` as a program sees it: this test starts itself as the server. It has no harness, so that the arguments are its own.
#![expect(clippy::unwrap_used, reason = "what fails fails the test")]
use std::{
    env,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::{Child, ChildStderr, Command, Output, Stdio},
};

use serde_json::Value;
use toolwright::{
    core::model::{CallToolResult, ContentBlock},
    prelude::*,
};

const SERVER: &str = "TOOLWRIGHT_TEST_SERVER";

fn main() -> toolwright::Result<()> {
    if env::var_os(SERVER).is_some() {
        return serve();
    }
    stdio_is_the_default();
    what_follows_two_dashes_is_left_alone();
    usage_errors_say_what_is_known();
    help_is_for_stdout();
    logs_are_for_stderr();
    mistakes_of_the_author_are_reported();
    #[cfg(unix)]
    {
        termination_loses_no_answer();
        http_is_served_until_the_process_is_terminated();
        the_environment_configures_http();
        a_server_made_for_http_serves_it_unless_stdio_is_asked_for();
    }
    Ok(())
}

#[tokio::main]
async fn serve() -> toolwright::Result<()> {
    let log = Tool::new("log").raw_handler(|_, _| async {
        tracing::info!("as asked");
        tracing::debug!("in detail");
        Ok(CallToolResult::new([ContentBlock::text("logged")]))
    });
    #[cfg(unix)]
    let terminated = Tool::new("terminated").raw_handler(|_, _| async {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::terminate())?.recv().await;
        Ok(CallToolResult::new([ContentBlock::text("finished")]))
    });
    #[cfg(not(unix))]
    let terminated = Tool::new("terminated").raw_handler(|_, _| async { Err("there are no signals".into()) });
    let builder = Server::builder("demo").version("1.2.3").tool(log).tool(terminated);
    if env::var(SERVER).is_ok_and(|how| how == "broken") {
        return builder.tool(Tool::new("unhandled")).run().await;
    }
    if env::var(SERVER).is_ok_and(|how| how == "http") {
        return builder.build()?.http().path("/configured").run().await;
    }
    builder.run().await
}

fn command(arguments: &[&str], environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    for variable in [
        "TOOLWRIGHT_TRANSPORT",
        "TOOLWRIGHT_HTTP",
        "TOOLWRIGHT_PATH",
        "TOOLWRIGHT_ALLOWED_HOSTS",
        "TOOLWRIGHT_ALLOWED_ORIGINS",
        "TOOLWRIGHT_LOG",
        "TOOLWRIGHT_STATE_KEY",
        "RUST_BACKTRACE",
    ] {
        command.env_remove(variable);
    }
    command.args(arguments).env(SERVER, "fine").envs(environment.iter().copied());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs the server on this input.
fn run(arguments: &[&str], environment: &[(&str, &str)], input: &str) -> Output {
    let mut child = command(arguments, environment).spawn().unwrap();
    // A server that refuses to start may be gone before it reads.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// What the server wrote to stderr.
fn check(output: &Output, status: i32, stdout: &str) -> String {
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(String::from_utf8_lossy(&output.stdout), stdout, "stderr: {stderr}");
    assert_eq!(output.status.code(), Some(status), "stderr: {stderr}");
    stderr
}

const PING: &str = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-06-18\",\
                    \"capabilities\":{},\"clientInfo\":{\"name\":\"test\",\"version\":\"1\"}}}\n\
                    {\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\"}\n";
const PONG: &str = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{\"logging\":{},\
                    \"tools\":{\"listChanged\":true}},\"serverInfo\":{\"name\":\"demo\",\"version\":\"1.2.3\"}}}\n\
                    {\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}\n";

fn stdio_is_the_default() {
    check(&run(&[], &[], PING), 0, PONG);
    check(&run(&["--stdio"], &[("TOOLWRIGHT_TRANSPORT", "http")], PING), 0, PONG);
}

fn what_follows_two_dashes_is_left_alone() {
    check(&run(&["--", "--frobnicate"], &[], PING), 0, PONG);
}

fn usage_errors_say_what_is_known() {
    let stderr = check(&run(&["--frobnicate"], &[], PING), 1, "");
    for part in ["`--frobnicate`", "`--stdio`", "`--http ADDR`", "`--help`"] {
        assert!(stderr.contains(part), "{stderr}");
    }
    let stderr = check(&run(&["--http", "here"], &[], ""), 1, "");
    assert!(stderr.contains("`--http` is `here`; expected an address with a port"), "{stderr}");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let stderr = check(&run(&["--http", &address], &[], ""), 1, "");
    assert!(stderr.contains(&format!("cannot listen at {address}: ")), "{stderr}");
    for (variable, value) in [
        ("TOOLWRIGHT_PATH", "mcp"),
        ("TOOLWRIGHT_ALLOWED_HOSTS", "http://x"),
        ("TOOLWRIGHT_ALLOWED_ORIGINS", "x"),
    ] {
        let stderr = check(&run(&["--http", "0"], &[(variable, value)], ""), 1, "");
        assert!(stderr.contains(&format!("`{variable}` is `{value}`")), "{stderr}");
    }
    let stderr = check(&run(&[], &[("TOOLWRIGHT_LOG", "x=loud")], PING), 1, "");
    assert!(stderr.contains("`TOOLWRIGHT_LOG` is `x=loud`"), "{stderr}");
}

fn help_is_for_stdout() {
    let output = run(&["--help"], &[], "");
    assert!(output.status.success() && output.stderr.is_empty());
    let stdout = String::from_utf8(output.stdout).unwrap();
    for part in [
        "--stdio",
        "--http ADDR",
        "TOOLWRIGHT_TRANSPORT",
        "TOOLWRIGHT_HTTP",
        "TOOLWRIGHT_PATH",
        "TOOLWRIGHT_ALLOWED_HOSTS",
        "TOOLWRIGHT_ALLOWED_ORIGINS",
        "TOOLWRIGHT_LOG",
    ] {
        assert!(stdout.contains(part), "{stdout}");
    }
}

fn call(id: usize, tool: &str) -> String {
    format!(
        "{{\"jsonrpc\":\"2.0\",\"id\":{id},\"method\":\"tools/call\",\"params\":{{\"name\":\"{tool}\",\"_meta\":{{\
         \"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{{}}}}}}}}\n"
    )
}

fn text(answer: &str) -> String {
    let answer: Value = serde_json::from_str(answer).unwrap();
    answer["result"]["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

fn logs_are_for_stderr() {
    for (wanted, info, debug) in
        [(None, true, false), (Some("warn"), false, false), (Some("warn,run=debug"), true, true)]
    {
        let environment: Vec<_> = wanted.map(|wanted| ("TOOLWRIGHT_LOG", wanted)).into_iter().collect();
        let output = run(&[], &environment, &call(1, "log"));
        assert_eq!(text(&String::from_utf8(output.stdout).unwrap()), "logged");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            (stderr.contains("as asked"), stderr.contains("in detail")),
            (info, debug),
            "{wanted:?}: {stderr}"
        );
    }
}

fn mistakes_of_the_author_are_reported() {
    let stderr = check(&run(&[], &[(SERVER, "broken")], PING), 1, "");
    assert!(stderr.contains("unhandled"), "{stderr}");
    let stderr = check(&run(&[], &[("TOOLWRIGHT_STATE_KEY", "0ddba11")], PING), 1, "");
    assert!(stderr.contains("`TOOLWRIGHT_STATE_KEY`: key 1 is not one"), "{stderr}");
    assert!(!stderr.contains("0ddba11"), "{stderr}");
}

#[cfg(unix)]
fn termination_loses_no_answer() {
    let mut child = command(&[], &[]).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    for id in 0..64 {
        stdin.write_all(call(id, "terminated").as_bytes()).unwrap();
    }
    stdin.write_all(call(64, "log").as_bytes()).unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    assert_eq!(text(&line), "logged");
    // Calls start in order, so all of them run by now; stdin stays open.
    assert!(Command::new("kill").args(["-s", "TERM", &child.id().to_string()]).status().unwrap().success());
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    assert_eq!(rest.lines().map(text).collect::<Vec<_>>(), ["finished"; 64]);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    drop(stdin);
}

/// A process that serves HTTP.
#[cfg(unix)]
struct Http {
    child: Child,
    stderr: BufReader<ChildStderr>,
    /// What it wrote before it served.
    said: String,
    url: String,
}

#[cfg(unix)]
impl Http {
    fn start(arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut child = command(arguments, environment).spawn().unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        let url = loop {
            let mut line = String::new();
            assert_ne!(stderr.read_line(&mut line).unwrap(), 0, "it ended: {said}");
            if let Some((_, url)) = line.trim_end().split_once("serving MCP at ") {
                break url.to_owned();
            }
            said += &line;
        };
        Self { child, stderr, said, url }
    }

    fn host_and_path(&self) -> (&str, &str) {
        let (host, path) = self.url.strip_prefix("http://").unwrap().split_once('/').unwrap();
        (host, path)
    }

    /// Status line and body of a call of the tool `log` for this host.
    fn call(&self, host: &str, more: &str) -> (String, String) {
        let (address, path) = self.host_and_path();
        let mut stream = TcpStream::connect(address).unwrap();
        let body = call(1, "log");
        write!(
            stream,
            "POST /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-type: application/json\r\n\
             mcp-protocol-version: 2026-07-28\r\nmcp-method: tools/call\r\nmcp-name: log\r\n{more}content-length: {}\r\n\r\n\
             {body}",
            body.len()
        )
        .unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        let (head, body) = response.split_once("\r\n\r\n").unwrap();
        (head.lines().next().unwrap().to_owned(), body.to_owned())
    }

    /// Asks it to end: what is left of stderr.
    fn terminate(mut self) -> String {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", "TERM", &id]).status().unwrap().success());
        let mut rest = String::new();
        self.stderr.read_to_string(&mut rest).unwrap();
        assert_eq!(self.child.wait().unwrap().code(), Some(0), "{rest}");
        rest
    }
}

#[cfg(unix)]
fn http_is_served_until_the_process_is_terminated() {
    let ways: [(&[&str], &[(&str, &str)]); 4] = [
        (&["--http", "127.0.0.1:0"], &[]),
        (&["--http=0"], &[]),
        (&[], &[("TOOLWRIGHT_HTTP", "localhost:0")]),
        (&["--http", "0"], &[("TOOLWRIGHT_TRANSPORT", "stdio")]),
    ];
    for (arguments, environment) in ways {
        let http = Http::start(arguments, environment);
        assert!(http.url.ends_with("/mcp"), "{}", http.url);
        let (status, body) = http.call(http.host_and_path().0, "");
        assert_eq!((status.as_str(), text(&body).as_str()), ("HTTP/1.1 200 OK", "logged"));
        let rest = http.terminate();
        assert!(rest.contains("as asked") && !rest.contains("WARN"), "{rest}");
    }
}

#[cfg(unix)]
fn the_environment_configures_http() {
    let environment = [
        ("TOOLWRIGHT_HTTP", ":0"),
        ("TOOLWRIGHT_PATH", "/v1/mcp/"),
        ("TOOLWRIGHT_ALLOWED_HOSTS", "mcp.example.org, other.example.org:8443"),
        ("TOOLWRIGHT_ALLOWED_ORIGINS", "https://app.example.org"),
    ];
    let http = Http::start(&[], &environment);
    assert!(http.url.ends_with("/v1/mcp"), "{}", http.url);
    let app = "origin: https://app.example.org\r\n";
    for (host, more, expected) in [
        ("mcp.example.org", "", "200 OK"),
        ("other.example.org:8443", app, "200 OK"),
        ("evil.example.org", "", "421 Misdirected Request"),
        ("mcp.example.org", "origin: https://evil.example.org\r\n", "403 Forbidden"),
    ] {
        let (status, body) = http.call(host, more);
        assert_eq!(status, format!("HTTP/1.1 {expected}"), "{host} {more}: {body}");
    }
    http.terminate();

    let http = Http::start(&["--http", "0.0.0.0:0"], &[]);
    assert!(http.said.contains("WARN") && http.said.contains("TOOLWRIGHT_ALLOWED_HOSTS"), "{}", http.said);
    http.terminate();
}

#[cfg(unix)]
fn a_server_made_for_http_serves_it_unless_stdio_is_asked_for() {
    let http = Http::start(&["--http", "0"], &[(SERVER, "http")]);
    assert!(http.url.ends_with("/configured"), "{}", http.url);
    http.terminate();
    check(&run(&["--stdio"], &[(SERVER, "http")], PING), 0, PONG);
    let stdout = run(&["--help"], &[(SERVER, "http")], "").stdout;
    assert!(String::from_utf8(stdout).unwrap().contains("loopback (the default)"));
}
