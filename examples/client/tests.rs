use std::{
    io::{self, Cursor, Write},
    sync::Mutex,
};

use toolwright::{
    core::model::{ElicitFormParams, ElicitUrlParams, RequestedSchema, StringSchema},
    question::Elicited,
    stdio::{Options, serve},
};

use super::*;

const CHILD: &str = "TOOLWRIGHT_CLIENT_EXAMPLE_CHILD";

#[model]
#[derive(Debug, Elicit)]
struct Order {
    /// Where it goes.
    #[arg(title = "Town")]
    town: String,
    #[arg(default = 2, range(1..=8))]
    seats: i64,
    #[arg(default = false)]
    window: bool,
    note: Option<String>,
}

/// Book seats.
#[tool]
async fn book(ctx: &Context) -> Result<String, HandlerError> {
    Ok(match ctx.elicit::<Order>("Where to?").await? {
        Elicited::Accepted(order) => json!(order).to_string(),
        other => format!("{other:?}"),
    })
}

/// Go there.
#[tool]
fn travel(ctx: &Context) -> &'static str {
    ctx.info("leaving");
    ctx.progress(1, 2);
    "arrived"
}

/// Fail.
#[tool]
fn fail() -> Result<String, HandlerError> {
    Err("no train today".into())
}

/// All stations.
#[resource("stations://all", mime = "text/plain")]
fn stations() -> &'static str {
    "Bergen, Voss"
}

/// Plan a journey.
#[prompt]
fn plan(town: &str) -> String {
    format!("Plan a journey to {town}.")
}

fn server() -> Server {
    Server::builder("trains")
        .tools(tools![book, travel, fail])
        .resources(resources![stations])
        .prompts(prompts![plan])
        .build()
        .unwrap()
}

/// The server as a child process. Does nothing as a test.
#[tokio::test]
async fn child() {
    if env::var_os(CHILD).is_some() {
        serve(Arc::new(server()), Options::new()).await.unwrap();
        std::process::exit(0);
    }
}

#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Paper {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

fn terminal(input: &str) -> (Arc<Terminal>, Paper) {
    let paper = Paper::default();
    (Arc::new(Terminal::new(Cursor::new(input.to_owned()), paper.clone())), paper)
}

fn parse(words: &[&str]) -> Result<Arguments, String> {
    Arguments::parse(words.iter().map(|word| (*word).to_owned()))
}

/// What the terminal shows when the person types `input`, in process and as a child process alike.
async fn shown(words: &[&str], input: &str) -> String {
    let mut all = Vec::new();
    for era in ["modern", "legacy"] {
        let words = [&["unused"], words, &["--era", era]].concat();
        let arguments = parse(&words).unwrap();

        let (person, paper) = terminal(input);
        let client = builder(&arguments, &person).connect(server()).await.unwrap();
        run(&client, &arguments.command, &person).await.unwrap();
        client.close().await;
        all.push(paper.text());

        let (person, paper) = terminal(input);
        let command = Child::new(env::current_exe().unwrap())
            .args(["--exact", "tests::child", "--nocapture", "--test-threads=2"])
            .env(CHILD, "1");
        let client = builder(&arguments, &person).connect(command).await.unwrap();
        run(&client, &arguments.command, &person).await.unwrap();
        client.close().await;
        all.push(paper.text());
    }
    let revision = |text: &str| text.replace("2026-07-28", "REVISION").replace("2025-11-25", "REVISION");
    let first = revision(&all[0]);
    for other in &all {
        assert_eq!(revision(other), first);
    }
    first
}

#[tokio::test]
async fn everything_is_listed() {
    assert_eq!(
        shown(&[], "").await,
        "trains, revision REVISION\nTools\n  book: Book seats.\n  travel: Go there.\n  fail: Fail.\nResources\n  stations://all: All stations.\n\
         Prompts\n  plan: Plan a journey.\n"
    );
}

#[tokio::test]
async fn a_form_is_asked_field_by_field_until_it_fits() {
    let text = shown(&["call", "book"], "y\n\nVoss\n9\nx\n3\n\n\ny\n").await;
    let expected = "The server asks: Where to?\n\
                    Answer? [y]es, [n]o, [c]ancel Town (Where it goes.)\n  >   This must be filled in.\n  > ";
    assert!(text.contains(expected), "{text}");
    assert!(
        text.contains("a whole number [2]\n  >   At most 8, please.\n  >   That is no whole number.\n"),
        "{text}"
    );
    assert!(text.contains(r#"{"town":"Voss","seats":3,"window":false,"note":null}"#), "{text}");
}

#[tokio::test]
async fn logs_and_progress_are_shown_before_the_result() {
    assert_eq!(shown(&["call", "travel"], "").await, "[info] \"leaving\"\n... 1 of 2\narrived\n");
}

#[tokio::test]
async fn a_person_may_decline_or_leave() {
    assert!(shown(&["call", "book"], "maybe\nn\n").await.contains("Declined"));
    assert!(shown(&["call", "book"], "y\nVoss\n\n\n\nc\n").await.contains("Cancelled"));
    assert!(shown(&["call", "book"], "").await.contains("Cancelled"));
}

#[tokio::test]
async fn calls_reads_and_prompts_show_their_results() {
    assert_eq!(shown(&["call", "fail"], "").await, "The tool reports a failure:\nno train today\n");
    assert_eq!(shown(&["read", "stations://all"], "").await, "Bergen, Voss\n");
    assert_eq!(shown(&["prompt", "plan", r#"{"town":"Voss"}"#], "").await, "user: Plan a journey to Voss.\n");
}

#[test]
fn a_url_is_shown_whole_and_without_what_terminals_obey() {
    let url = format!("https://example.com/{}\u{1b}[2J", "x".repeat(500));
    let (person, paper) = terminal("y\n");
    let answer = form::ask_url(&person, &ElicitUrlParams::new("Sign in", &url));
    assert_eq!(answer.action, toolwright::core::model::ElicitAction::Accept);
    assert!(paper.text().contains(&url.replace('\u{1b}', "\u{fffd}")), "{}", paper.text());
}

#[test]
fn limits_of_texts_are_heeded() {
    let schema = RequestedSchema::new().required("code", StringSchema::new().min_length(2).max_length(3));
    let (person, paper) = terminal("y\na\nabcd\nabc\ny\n");
    let answer = form::ask(&person, &ElicitFormParams::new("Which?", schema));
    assert_eq!(json!(answer.content), json!({ "code": "abc" }));
    assert!(paper.text().contains("At least 2 characters, please.") && paper.text().contains("At most 3"));
}

#[test]
fn the_command_line_is_checked() {
    let problem = |words: &[&str]| parse(words).err().unwrap();
    assert_eq!(problem(&[]), "there is no target");
    assert_eq!(problem(&["x", "dance"]), "there is no command `dance`");
    assert_eq!(problem(&["x", "call"]), "the name of the tool is missing");
    assert!(problem(&["x", "call", "y", "[]"]).starts_with("the arguments are no JSON object: "));
    assert_eq!(problem(&["npx", "list", "-y"]), "`-y` is one word too many; quote command lines and JSON");
    assert_eq!(problem(&["x", "--era", "stone"]), "`stone`: unknown protocol version");
    let call = parse(&["x", "call", "y", r#"{"a":1}"#, "--era", "2025-06-18"]).unwrap();
    assert_eq!(
        call.command,
        Command::Call("y".to_owned(), [("a".to_owned(), json!(1))].into_iter().collect())
    );
    assert_eq!(call.era.to_string(), "2025-06-18");
}
