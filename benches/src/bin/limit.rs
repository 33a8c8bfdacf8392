//! The limit over stdio: a blocking loop that reads, answers and writes. Its argument is the list of tools.
use std::io::{self, BufRead as _, Write as _};

use toolwright_benches::limit::Limit;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let limit = Limit::new(std::env::args().nth(1).unwrap_or_default());
    let mut stdin = io::BufReader::with_capacity(64 * 1024, io::stdin().lock());
    let mut stdout = io::stdout().lock();
    let (mut line, mut out) = (Vec::new(), Vec::new());
    loop {
        line.clear();
        if stdin.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let before = out.len();
        limit.answer(&line, &mut out)?;
        if out.len() > before {
            out.push(b'\n');
        }
        // Everything that one read brought is answered with one write.
        if !stdin.buffer().contains(&b'\n') {
            stdout.write_all(&out)?;
            stdout.flush()?;
            out.clear();
        }
    }
}
