use toolwright_server::Error;
use tracing::{Metadata, level_filters::LevelFilter};

/// What is logged if nobody says: the life of the process, and what went wrong.
const DEFAULT: &str = "info";

/// The least level of what is logged, by module.
#[derive(Debug)]
pub(super) struct Wanted {
    otherwise: LevelFilter,
    modules: Vec<(String, LevelFilter)>,
}

impl Wanted {
    pub(super) fn read(text: Option<&str>) -> Result<Self, Error> {
        let text = text.map(str::trim).filter(|text| !text.is_empty()).unwrap_or(DEFAULT);
        let mut wanted = Self { otherwise: LevelFilter::OFF, modules: Vec::new() };
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (module, level) = part.split_once('=').map_or((None, part), |(at, level)| (Some(at), level));
            let level = level.trim().parse().map_err(|_| {
                Error::Usage(format!(
                    "`TOOLWRIGHT_LOG` is `{text}`: `{level}` is no level; expected a level (`off`, `error`, `warn`, `info`, \
                     `debug`, `trace`) or levels by module, for example `info,my_server=debug`"
                ))
            })?;
            match module {
                Some(module) => wanted.modules.push((module.trim().to_owned(), level)),
                None => wanted.otherwise = level,
            }
        }
        // The nearest module is found first.
        wanted.modules.sort_by_key(|(module, _)| std::cmp::Reverse(module.len()));
        Ok(wanted)
    }

    pub(super) fn wants(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && *metadata.level() <= self.of(metadata.target())
    }

    /// The level of the most talkative module.
    pub(super) fn most(&self) -> LevelFilter {
        self.modules.iter().map(|(_, level)| *level).fold(self.otherwise, LevelFilter::max)
    }

    fn of(&self, target: &str) -> LevelFilter {
        let is_in = |module: &str| {
            target.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
        };
        self.modules.iter().find(|(module, _)| is_in(module)).map_or(self.otherwise, |(_, level)| *level)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_module_says_the_level() {
        let wanted = Wanted::read(Some("warn, my_server=debug,my_server::noise=off")).unwrap();
        assert_eq!(wanted.of("my_server"), LevelFilter::DEBUG);
        assert_eq!(wanted.of("my_server::tools"), LevelFilter::DEBUG);
        assert_eq!(wanted.of("my_server::noise"), LevelFilter::OFF);
        assert_eq!(wanted.of("my_server_too"), LevelFilter::WARN);
        assert_eq!(wanted.most(), LevelFilter::DEBUG);
    }

    #[test]
    fn modules_alone_leave_the_rest_silent() {
        let wanted = Wanted::read(Some("my_server=debug")).unwrap();
        assert_eq!(wanted.of("toolwright_server"), LevelFilter::OFF);
    }

    #[test]
    fn nothing_said_means_info() {
        for nothing in [None, Some(""), Some("  ")] {
            assert_eq!(Wanted::read(nothing).unwrap().of("anything"), LevelFilter::INFO);
        }
    }

    #[test]
    fn a_level_that_does_not_exist_is_a_usage_error() {
        for text in ["my_server=loud", "loud"] {
            let error = Wanted::read(Some(text)).unwrap_err().to_string();
            assert!(
                error.starts_with(&format!("`TOOLWRIGHT_LOG` is `{text}`: `loud` is no level")),
                "{error}"
            );
        }
    }
}
