use std::{
    fmt::{self, Write as _},
    io::{self, Write as _},
    time::SystemTime,
};

use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    level_filters::LevelFilter,
    span,
    subscriber::Interest,
};

use super::{time::Utc, wanted::Wanted};

/// Writes each event as a line to stderr. Spans are not shown.
#[derive(Debug)]
pub(super) struct Lines {
    wanted: Wanted,
}

impl Lines {
    pub(super) fn new(wanted: Wanted) -> Self {
        Self { wanted }
    }
}

impl Subscriber for Lines {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.wanted.wants(metadata) { Interest::always() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        self.wanted.wants(metadata)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.wanted.most())
    }

    fn event(&self, event: &Event<'_>) {
        // One write, so that lines of several threads do not mix. A host that closed stderr is no reason to panic.
        let _ = io::stderr().write_all(line(event, SystemTime::now()).as_bytes());
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

fn line(event: &Event<'_>, now: SystemTime) -> String {
    let (metadata, mut fields) = (event.metadata(), Fields::default());
    event.record(&mut fields);
    let level = metadata.level();
    format!("{} {level:>5} {}:{}{}\n", Utc(now), metadata.target(), fields.message, fields.others)
}

#[derive(Default)]
struct Fields {
    message: String,
    others: String,
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        // A message is prose; values of fields have quotes around them.
        if field.name() == "message" {
            self.record_debug(field, &format_args!("{value}"));
        } else {
            self.record_debug(field, &value);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // Writing to a string cannot fail, unless the value's own `Debug` does.
        let _ = match field.name() {
            "message" => write!(Escaped(&mut self.message), " {value:?}"),
            name => write!(Escaped(&mut self.others), " {name}={value:?}"),
        };
    }
}

/// What clients sent may be part of a message, and shall not look like a line of its own or command a terminal.
struct Escaped<'a>(&'a mut String);

impl fmt::Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for letter in text.chars() {
            if letter.is_control() {
                self.0.extend(letter.escape_default());
            } else {
                self.0.push(letter);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// Writes lines to memory, as at the start of 2026.
    #[derive(Clone, Default)]
    struct Memory(Arc<Mutex<String>>);

    impl Subscriber for Memory {
        fn enabled(&self, _: &Metadata<'_>) -> bool {
            true
        }

        fn event(&self, event: &Event<'_>) {
            let now = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_767_225_600);
            self.0.lock().unwrap().push_str(&line(event, now));
        }

        fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
            span::Id::from_u64(1)
        }

        fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
        fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
        fn enter(&self, _: &span::Id) {}
        fn exit(&self, _: &span::Id) {}
    }

    #[test]
    fn an_event_is_one_line() {
        let memory = Memory::default();
        tracing::subscriber::with_default(memory.clone(), || {
            tracing::info!(target: "demo", port = 8000, name = "a b", "serves {}", "HTTP");
            tracing::warn!(target: "demo", "a client says \"\n\u{1b}[2J\"");
            tracing::error!(target: "demo", code = ?Some(1));
        });
        assert_eq!(
            *memory.0.lock().unwrap(),
            "2026-01-01T00:00:00.000Z  INFO demo: serves HTTP port=8000 name=\"a b\"\n\
             2026-01-01T00:00:00.000Z  WARN demo: a client says \"\\n\\u{1b}[2J\"\n\
             2026-01-01T00:00:00.000Z ERROR demo: code=Some(1)\n"
        );
    }
}
