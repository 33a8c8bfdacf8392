use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    fmt,
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use tokio::process::Command;
use toolwright_core::joint::{Attach, Connect, ConnectError, Link};

use super::{Stderr, environment, failure, link::ChildLink, process::Process, supervisor::Settings};

/// A server that is a command: each connection starts a process of its own, and speaks with it over its stdin and stdout
/// ("stdio" of the transports).
///
/// There is no shell in between: the command is one program, and arguments are passed on as they are. **It runs with all rights of
/// this process**, so never take a command from where users cannot be asked about it first, and show them the whole of it.
///
/// # The process
/// - It leads a process group (a job object on Windows). What it starts goes down with it, unless it starts a session of its own.
/// - Of this process's environment it sees the names that every program needs, and those that
///   [`inherit_env`](Self::inherit_env) adds: secrets do not leak into servers. On Unix these are `HOME`, `LANG`, `LC_*`,
///   `LOGNAME`, `PATH`, `SHELL`, `TERM`, `TMPDIR`, `TZ` and `USER`. A value that is a shell function is never passed on.
/// - What it writes to stderr is [read as lines](Stderr), by default into the log. The last ones are part of the error when
///   it dies.
/// - Lines on stdout that are no messages are logged and skipped, since many a server prints a greeting.
/// - When it dies, every request that waits fails at once with
///   [`LinkError::Died`](toolwright_core::joint::LinkError::Died).
/// - Closing the connection ends its stdin, then waits; after [`stop_timeout`](Self::stop_timeout) its group is terminated
///   (SIGTERM), after as long again it is killed ("stdio", "Shutdown"). A connection that is dropped is closed in the background,
///   and at the latest the end of the runtime kills the process.
///
/// # Example
/// ```
/// use toolwright_stdio::Child;
///
/// let weather = Child::new("npx").args(["-y", "weather-server"]).env("UNITS", "metric").inherit_env(["WEATHER_API_KEY"]);
/// assert_eq!(weather.command_line(), "npx -y weather-server");
/// ```
#[derive(Clone)]
#[must_use = "a command does nothing until it is connected to"]
pub struct Child {
    program: OsString,
    args: Vec<OsString>,
    env: BTreeMap<OsString, OsString>,
    inherited: Vec<OsString>,
    directory: Option<PathBuf>,
    stderr: Stderr,
    stop: Duration,
    longest: usize,
}

impl Child {
    /// Starts `program`, which is looked up in `PATH` unless it is a path. It is not taken apart at blanks.
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        Self {
            program: program.as_ref().to_owned(),
            args: Vec::new(),
            env: BTreeMap::new(),
            inherited: Vec::new(),
            directory: None,
            stderr: Stderr::Log,
            stop: Duration::from_secs(2),
            longest: 64 * 1024 * 1024,
        }
    }

    /// One more argument.
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().to_owned());
        self
    }

    /// More arguments.
    pub fn args(mut self, args: impl IntoIterator<Item: AsRef<OsStr>>) -> Self {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// Sets an environment variable.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.env.insert(name.as_ref().to_owned(), value.as_ref().to_owned());
        self
    }

    /// Sets environment variables. `envs(std::env::vars_os())` passes on the whole environment.
    pub fn envs(mut self, envs: impl IntoIterator<Item = (impl AsRef<OsStr>, impl AsRef<OsStr>)>) -> Self {
        self.env.extend(
            envs.into_iter().map(|(name, value)| (name.as_ref().to_owned(), value.as_ref().to_owned())),
        );
        self
    }

    /// Passes on these variables of this process's environment too, if they are set when the process starts.
    pub fn inherit_env(mut self, names: impl IntoIterator<Item: AsRef<OsStr>>) -> Self {
        self.inherited.extend(names.into_iter().map(|name| name.as_ref().to_owned()));
        self
    }

    /// Where the process runs. Default: where this one does. A program given as a relative path is best made absolute then.
    pub fn current_dir(mut self, directory: impl Into<PathBuf>) -> Self {
        self.directory = Some(directory.into());
        self
    }

    /// What happens to what the process writes to its stderr. Default: [`Stderr::Log`].
    pub fn stderr(mut self, stderr: Stderr) -> Self {
        self.stderr = stderr;
        self
    }

    /// How long the process may take to end once its stdin did, and again once it was terminated. Default two seconds.
    pub fn stop_timeout(mut self, timeout: Duration) -> Self {
        self.stop = timeout;
        self
    }

    /// Longest message in bytes that the server may send; a longer one ends the connection. Default 64 MiB.
    pub fn longest(mut self, longest: usize) -> Self {
        self.longest = longest;
        self
    }

    /// The program and its arguments, for display: arguments with blanks or quotes are quoted. It is no input for a shell, and may
    /// show secrets among the arguments.
    pub fn command_line(&self) -> String {
        let mut line = String::new();
        for word in std::iter::once(&self.program).chain(&self.args) {
            if !line.is_empty() {
                line.push(' ');
            }
            let word = word.to_string_lossy();
            let plain =
                |letter: char| !letter.is_whitespace() && !letter.is_control() && !"\"'\\".contains(letter);
            if !word.is_empty() && word.chars().all(plain) {
                line.push_str(&word);
            } else {
                line.push_str(&format!("{word:?}"));
            }
        }
        line
    }

    fn command(&self) -> Command {
        let mut command = Command::new(environment::program(&self.program));
        command.args(&self.args).env_clear().envs(environment::inherited(&self.inherited)).envs(&self.env);
        if let Some(directory) = &self.directory {
            command.current_dir(directory);
        }
        command
    }
}

impl fmt::Debug for Child {
    /// Without arguments and environment, where secrets are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Child").field("program", &self.program).finish_non_exhaustive()
    }
}

impl Connect for Child {
    async fn connect(&self, attach: Attach) -> Result<Arc<dyn Link>, ConnectError> {
        let failed = |error| failure::explain(&self.program, self.directory.as_deref(), error);
        let (stdio, capture) = self.stderr.open().map_err(failure::stderr)?;
        let (process, pipes) = Process::start(self.command(), stdio).map_err(failed)?;
        tracing::info!(program = %self.program.display(), pid = pipes.pid, "started a server");
        let settings = Settings { stop: self.stop, longest: self.longest };
        Ok(Arc::new(ChildLink::new(process, pipes, capture, settings, attach.inlet)))
    }

    fn identity(&self) -> Option<String> {
        let mut identity = "command".to_owned();
        let directory = self.directory.as_ref().map(|directory| directory.as_os_str());
        for word in std::iter::once(self.program.as_os_str())
            .chain(self.args.iter().map(OsString::as_os_str))
            .chain(directory)
        {
            // No argument can hold this letter.
            identity.push('\0');
            identity.push_str(&word.to_string_lossy());
        }
        Some(identity)
    }
}

#[cfg(test)]
mod tests {
    use super::{Child, Connect as _};

    #[test]
    fn a_command_line_shows_where_words_end() {
        let child = Child::new("my server").args(["-v", "", "a b", "it's", "q\"", "plain=1"]);
        assert_eq!(child.command_line(), r#""my server" -v "" "a b" "it's" "q\"" plain=1"#);
    }

    #[test]
    fn commands_are_the_same_only_if_all_words_are() {
        let identity = |child: Child| child.identity().unwrap();
        assert_eq!(identity(Child::new("a").arg("b c")), identity(Child::new("a").args(["b c"])));
        assert_ne!(identity(Child::new("a").arg("b c")), identity(Child::new("a").args(["b", "c"])));
        assert_ne!(identity(Child::new("a")), identity(Child::new("a").current_dir("/")));
    }

    #[test]
    fn what_may_be_secret_is_not_in_the_debug_text() {
        let child = Child::new("server").args(["--key", "hush"]).env("KEY", "hush");
        assert_eq!(format!("{child:?}"), "Child { program: \"server\", .. }");
    }
}
