use std::io;

use toolwright_server::Error;
use tracing_subscriber::{Layer as _, filter::Targets, fmt, layer::SubscriberExt as _, registry};

/// What is logged if nobody says: the life of the process, and what went wrong.
const DEFAULT: &str = "info";

/// Logs to stderr what `wanted` says, unless the program logs already. Stdout belongs to the protocol.
pub(super) fn install(wanted: Option<&str>) -> Result<(), Error> {
    let targets = targets(wanted)?;
    if tracing::dispatcher::has_been_set() {
        return Ok(());
    }
    // A host that closed stderr is no reason to panic.
    let lines = fmt::layer().with_writer(io::stderr).with_ansi(false).log_internal_errors(false);
    // Somebody else may have come first since, and may.
    let _ = tracing::subscriber::set_global_default(registry().with(lines.with_filter(targets)));
    Ok(())
}

fn targets(wanted: Option<&str>) -> Result<Targets, Error> {
    let wanted = wanted.map(str::trim).filter(|wanted| !wanted.is_empty()).unwrap_or(DEFAULT);
    wanted.parse().map_err(|error| {
        Error::Usage(format!(
            "`TOOLWRIGHT_LOG` is `{wanted}`: {error}; expected a level (`off`, `error`, `warn`, `info`, `debug`, `trace`) or \
             levels by module, for example `info,my_server=debug`"
        ))
    })
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::targets;

    #[test]
    fn levels_by_module() {
        let targets = targets(Some("warn,my_server=debug")).unwrap();
        assert!(targets.would_enable("my_server::tools", &Level::DEBUG));
        assert!(!targets.would_enable("toolwright_server", &Level::INFO));
    }

    #[test]
    fn nothing_said_means_info() {
        for nothing in [None, Some(""), Some("  ")] {
            let targets = targets(nothing).unwrap();
            assert!(
                targets.would_enable("anything", &Level::INFO)
                    && !targets.would_enable("anything", &Level::DEBUG)
            );
        }
    }

    #[test]
    fn a_level_that_does_not_exist_is_a_usage_error() {
        let error = targets(Some("my_server=loud")).unwrap_err().to_string();
        assert!(
            error.starts_with("`TOOLWRIGHT_LOG` is `my_server=loud`: ") && error.contains("`debug`"),
            "{error}"
        );
    }
}
