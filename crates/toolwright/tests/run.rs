//! `run()` as a program sees it: this test starts itself as the server. It has no harness, so that the arguments are its own.
#![expect(clippy::unwrap_used, reason = "what fails fails the test")]
use std::{
    env,
    io::Write as _,
    process::{Command, Output, Stdio},
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
    termination_loses_no_answer();
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
    builder.run().await
}

fn command(arguments: &[&str], environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    for variable in ["TOOLWRIGHT_TRANSPORT", "TOOLWRIGHT_HTTP", "TOOLWRIGHT_LOG", "RUST_BACKTRACE"] {
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
    for (arguments, environment) in
        [(&["--http", "127.0.0.1:0"][..], &[][..]), (&[], &[("TOOLWRIGHT_TRANSPORT", "http")])]
    {
        let stderr = check(&run(arguments, environment, PING), 1, "");
        assert!(stderr.contains("no HTTP transport") && stderr.contains("feature `http`"), "{stderr}");
    }
    let stderr = check(&run(&[], &[("TOOLWRIGHT_LOG", "x=loud")], PING), 1, "");
    assert!(stderr.contains("`TOOLWRIGHT_LOG` is `x=loud`"), "{stderr}");
}

fn help_is_for_stdout() {
    let output = run(&["--help"], &[], "");
    assert!(output.status.success() && output.stderr.is_empty());
    let stdout = String::from_utf8(output.stdout).unwrap();
    for part in ["--stdio", "--http ADDR", "TOOLWRIGHT_TRANSPORT", "TOOLWRIGHT_HTTP", "TOOLWRIGHT_LOG"] {
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
}

#[cfg(unix)]
fn termination_loses_no_answer() {
    use std::io::{BufRead as _, BufReader, Read as _};

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
