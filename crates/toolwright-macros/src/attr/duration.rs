use std::time::Duration;

use super::{Entry, value};
use crate::diagnostics::{Errors, Message};

const UNITS: [(&str, u64); 4] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];

/// `key = "30s"`: a whole number of `ms`, `s`, `m` or `h`, more than zero.
pub(super) fn duration(entry: &Entry, errors: &Errors) -> Option<Duration> {
    let text = value::string_like(entry, "30s", errors)?;
    let found = read(&text.value());
    if found.is_none() {
        errors.at(
            &text,
            Message::new(format!("`{}` is no duration", text.value()))
                .note("write a whole number and a unit, one of `ms`, `s`, `m`, `h`, such as `\"30s\"`"),
        );
    }
    found
}

fn read(text: &str) -> Option<Duration> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let number: u64 = text[..digits].parse().ok().filter(|number| *number > 0)?;
    let (_, scale) = UNITS.iter().find(|(unit, _)| *unit == &text[digits..])?;
    number.checked_mul(*scale).map(Duration::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_whole_number_and_a_known_unit() {
        assert_eq!(read("250ms"), Some(Duration::from_millis(250)));
        assert_eq!(read("30s"), Some(Duration::from_secs(30)));
        assert_eq!(read("2h"), Some(Duration::from_secs(7_200)));
        for bad in ["", "30", "s", "0s", "-1s", "1.5s", "30 s", "1d", "18446744073709551615h"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
