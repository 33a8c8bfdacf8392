use std::{
    io::{self, BufRead, Write},
    sync::{Mutex, PoisonError},
};

/// Where the person is.
pub(crate) struct Terminal {
    input: Mutex<Box<dyn BufRead + Send>>,
    output: Mutex<Box<dyn Write + Send>>,
}

impl Terminal {
    /// The terminal of this process.
    pub(crate) fn own() -> Self {
        Self::new(io::BufReader::new(io::stdin()), io::stdout())
    }

    pub(crate) fn new(input: impl BufRead + Send + 'static, output: impl Write + Send + 'static) -> Self {
        Self { input: Mutex::new(Box::new(input)), output: Mutex::new(Box::new(output)) }
    }

    /// Writes a line. What terminals would obey, servers do not get to write.
    pub(crate) fn say(&self, text: &str) {
        self.write(&format!("{}\n", harmless(text)));
    }

    /// Asks for a line. None at the end of input.
    pub(crate) fn ask(&self, question: &str) -> Option<String> {
        self.write(&format!("{} ", harmless(question)));
        let mut line = String::new();
        let count = self.input.lock().unwrap_or_else(PoisonError::into_inner).read_line(&mut line);
        (count.ok()? > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
    }

    fn write(&self, text: &str) {
        let mut output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        // Without a terminal there is nobody to tell.
        let _ = output.write_all(text.as_bytes()).and_then(|()| output.flush());
    }
}

fn harmless(text: &str) -> String {
    text.replace(|letter: char| letter.is_control() && letter != '\n' && letter != '\t', "\u{fffd}")
}
