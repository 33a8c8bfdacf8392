//! Replays `tests/wire/*.jsonl`, and validates each message of the server on the way.
//!
//! A new transcript needs its `>` lines only: with `UPDATE_TRANSCRIPTS=1` in the environment, the server writes the others, to be
//! read before they are committed.
use std::{
    env, fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use serde_json::Value;
use toolwright::{
    core::{era::Revision, joint::Transport},
    testing::transcript::Replay,
};

use crate::{
    fixture,
    piped::Piped,
    schema::{self, ERRORS, Kind, NOTIFICATIONS, REQUESTS, RESULTS},
    tracker::{Covered, Tracker},
};

/// A transcript. Its name is `<revision>_<topic>.jsonl`: the revision is that of the session, or of the requests where there is
/// none; the first word of the topic may choose another server than the usual one (see `fixture::server`).
struct Transcript {
    path: PathBuf,
    revision: Revision,
    topic: String,
    text: String,
}

/// What a replay brought: the messages of the server in order, or what went wrong.
struct Replayed {
    messages: Vec<String>,
    outcome: Result<(), String>,
    covered: Covered,
}

impl Transcript {
    fn all() -> Vec<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("wire");
        let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths.into_iter().map(Self::read).collect()
    }

    fn read(path: PathBuf) -> Self {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let (revision, topic) = name.split_once('_').unwrap_or_else(|| panic!("{name} has no revision"));
        let text = fs::read_to_string(&path).unwrap();
        Self { revision: revision.parse().unwrap(), topic: topic.to_owned(), text, path }
    }

    fn name(&self) -> &str {
        self.path.file_name().unwrap().to_str().unwrap()
    }

    /// Messages of the client that are JSON.
    fn sent(&self) -> impl Iterator<Item = Value> {
        let lines = self.text.lines().filter_map(|line| line.trim().strip_prefix('>'));
        lines.filter_map(|line| serde_json::from_str(line).ok())
    }

    async fn replay(&self, replay: Replay) -> Replayed {
        let tracker = Arc::new(Tracker::new(self.revision));
        self.sent().for_each(|message| tracker.sent(&message));
        let messages = Arc::new(Mutex::new(Vec::new()));
        let (checking, keeping) = (Arc::clone(&tracker), Arc::clone(&messages));
        let check = move |message: &Value, _: Option<&str>| {
            keeping.lock().unwrap().push(message.to_string());
            checking.check(message)
        };
        let replay = replay.transport(Transport::Stdio).validate(check);
        let outcome = replay.file(&self.path).await.map_err(|mismatch| mismatch.to_string());
        let messages = messages.lock().unwrap().clone();
        Replayed { messages, outcome, covered: tracker.covered() }
    }
}

/// A message without the state in it, which is sealed anew each time.
fn without_state(line: &str) -> String {
    match line.split_once(r#""requestState":""#) {
        Some((before, rest)) => {
            let (_, after) = rest.split_once('"').unwrap();
            format!(r#"{before}"requestState":"{after}"#)
        }
        None => line.to_owned(),
    }
}

fn difference(direct: &[String], piped: &[String]) -> String {
    let pairs = direct.iter().map(Some).chain([None]).zip(piped.iter().map(Some).chain([None]));
    let (direct, piped) = pairs.into_iter().find(|(direct, piped)| direct != piped).unwrap_or_default();
    format!("\n  in process {direct:?}\n  over pipes {piped:?}")
}

fn report(faults: &[String]) {
    assert!(faults.is_empty(), "{} faults\n\n{}", faults.len(), faults.join("\n\n"));
}

#[tokio::test(start_paused = true)]
async fn the_server_says_what_the_transcripts_say_in_process_and_over_pipes() {
    let mut faults = Vec::new();
    for transcript in Transcript::all() {
        let server = || fixture::server(transcript.revision, &transcript.topic);
        let direct = transcript.replay(Replay::new(server())).await;
        if let Err(fault) = direct.outcome {
            faults.push(fault);
            continue;
        }
        if env::var_os("UPDATE_TRANSCRIPTS").is_some() {
            continue;
        }
        let piped = Piped::new(server());
        let outcome = transcript.replay(Replay::new(piped.clone()).update(false)).await.outcome;
        let lines = piped.finish().await.into_iter().map(|line| without_state(&line)).collect::<Vec<_>>();
        let messages = direct.messages.iter().map(|line| without_state(line)).collect::<Vec<_>>();
        if let Err(fault) = outcome {
            faults.push(format!("over pipes: {fault}"));
        } else if lines != messages {
            faults.push(format!("{}: {}", transcript.name(), difference(&messages, &lines)));
        }
    }
    report(&faults);
}

/// Kinds that the server does not send in some revisions, with the reason.
fn is_never_sent(revision: Revision, kind: &Kind) -> Option<&'static str> {
    match kind {
        Kind::Notification(method) => match method.as_str() {
            "notifications/cancelled" if !revision.era().is_stateless() => {
                Some("a question to the client is open as long as the call that asks it")
            }
            "notifications/elicitation/complete" => {
                Some("the server asks nobody to visit a URL before it has a journal")
            }
            _ => None,
        },
        Kind::Request(method) if method == "ping" => {
            Some("whether a client lives is for its transport to find out")
        }
        Kind::Error(code) => match *code {
            -32020 => Some("headers are those of HTTP"),
            -32042 => Some("the server asks nobody to visit a URL before it has a journal"),
            -32700 | -32600 | -32601 | -32602 | -32603 => None,
            _ => None,
        },
        _ => None,
    }
}

fn expected(revision: Revision) -> Vec<Kind> {
    let methods = |table: &[(&str, &str)], kind: fn(String) -> Kind| {
        table.iter().map(|row| kind(row.0.to_owned())).collect::<Vec<_>>()
    };
    let mut kinds = methods(&RESULTS, Kind::Result);
    kinds.extend(methods(&NOTIFICATIONS, Kind::Notification));
    kinds.extend(methods(&REQUESTS, Kind::Request));
    kinds.push(Kind::Batch);
    kinds.retain(|kind| schema::definition(revision, kind).is_some());
    let stateless = revision.era().is_stateless();
    // The codes from -32020 on belong to revisions without sessions, except for the one about URLs.
    let codes = ERRORS.iter().map(|row| row.0.0).filter(|code| *code <= -32600 || stateless);
    kinds.extend(codes.filter(|code| *code != -32042).map(Kind::Error));
    kinds.push(Kind::Error(revision.era().not_found_code().0));
    kinds
}

#[tokio::test(start_paused = true)]
async fn every_kind_of_message_is_sent_and_valid_in_every_revision_that_has_it() {
    let mut covered = Covered::new();
    for transcript in Transcript::all() {
        let server = fixture::server(transcript.revision, &transcript.topic);
        covered.extend(transcript.replay(Replay::new(server).update(false)).await.covered);
    }
    let mut faults = Vec::new();
    for revision in Revision::ALL {
        for kind in expected(revision) {
            let is_covered = covered.contains(&(revision, kind.clone()));
            match is_never_sent(revision, &kind) {
                None if !is_covered => faults.push(format!("{revision}: no transcript shows {kind:?}")),
                Some(reason) if is_covered => {
                    faults.push(format!("{revision}: {kind:?} is sent, yet {reason}"))
                }
                _ => {}
            }
        }
    }
    report(&faults);
}
