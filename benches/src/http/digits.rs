//! The numbers of a request that differ from one to the next. They have a fixed width, so a request is made by writing over them,
//! and none is part of another, so an answer is checked by looking for them.

/// Digits of an id.
const ID: usize = 10;
/// Digits of a summand, and of the sum.
const SUM: usize = 9;

const FIRST_ID: u64 = 7_000_000_000;
const FIRST_SUMMAND: u64 = 100_000_000;

/// What is added to the summand.
pub(super) const ADDED: u64 = 3;

/// The numbers of one request and its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Digits {
    pub(super) id: [u8; ID],
    pub(super) summand: [u8; SUM],
    pub(super) sum: [u8; SUM],
}

impl Digits {
    /// Those of the n-th request.
    pub(super) fn of(n: u64) -> Self {
        let n = n % 800_000_000;
        Self {
            id: write(FIRST_ID + n),
            summand: write(FIRST_SUMMAND + n),
            sum: write(FIRST_SUMMAND + n + ADDED),
        }
    }
}

fn write<const WIDTH: usize>(mut number: u64) -> [u8; WIDTH] {
    let mut digits = [b'0'; WIDTH];
    for digit in digits.iter_mut().rev() {
        *digit += u8::try_from(number % 10).expect("a digit is below ten");
        number /= 10;
    }
    digits
}

/// Where `part` begins in `whole`, at `from` or later.
pub(super) fn find(whole: &[u8], part: &[u8], from: usize) -> Option<usize> {
    let first = *part.first()?;
    let mut at = from;
    loop {
        at += whole.get(at..)?.iter().position(|byte| *byte == first)?;
        if whole[at..].starts_with(part) {
            return Some(at);
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_a_fixed_width() {
        let digits = Digits::of(42);
        assert_eq!(&digits.id, b"7000000042");
        assert_eq!(&digits.summand, b"100000042");
        assert_eq!(&digits.sum, b"100000045");
    }

    #[test]
    fn a_part_is_found_where_it_begins() {
        assert_eq!(find(b"aabaac", b"aac", 0), Some(3));
        assert_eq!(find(b"aabaac", b"aab", 1), None);
        assert_eq!(find(b"", b"a", 0), None);
    }
}
