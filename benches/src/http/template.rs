use super::digits::{Digits, find};

/// An answer that was looked at thoroughly, with its numbers taken out. The next ones are compared with it, byte by byte, which
/// is as thorough and far cheaper.
#[derive(Debug)]
pub(super) struct Template {
    pieces: Vec<Piece>,
}

#[derive(Debug)]
enum Piece {
    Literal(Vec<u8>),
    Id,
    Sum,
}

impl Template {
    /// Learns from an answer with these numbers.
    pub(super) fn learn(answer: &[u8], digits: &Digits) -> Self {
        let mut pieces = Vec::new();
        let mut at = 0;
        loop {
            let id = find(answer, &digits.id, at).map(|found| (found, digits.id.len(), Piece::Id));
            let sum = find(answer, &digits.sum, at).map(|found| (found, digits.sum.len(), Piece::Sum));
            let Some((found, width, piece)) = id.into_iter().chain(sum).min_by_key(|(found, ..)| *found)
            else {
                pieces.push(Piece::Literal(answer[at..].to_vec()));
                return Self { pieces };
            };
            pieces.push(Piece::Literal(answer[at..found].to_vec()));
            pieces.push(piece);
            at = found + width;
        }
    }

    /// Whether an answer is the same but for the numbers, which must be these.
    pub(super) fn matches(&self, answer: &[u8], digits: &Digits) -> bool {
        let mut rest = answer;
        for piece in &self.pieces {
            let expected = match piece {
                Piece::Literal(bytes) => bytes.as_slice(),
                Piece::Id => &digits.id,
                Piece::Sum => &digits.sum,
            };
            match rest.strip_prefix(expected) {
                Some(after) => rest = after,
                None => return false,
            }
        }
        rest.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(id: &str, sum: &str) -> Vec<u8> {
        format!(r#"{{"id":{id},"text":"{sum}","data":{sum}}}"#).into_bytes()
    }

    #[test]
    fn an_answer_must_have_its_own_id_and_sum() {
        let template = Template::learn(&answer("7000000001", "100000004"), &Digits::of(1));
        assert!(template.matches(&answer("7000000002", "100000005"), &Digits::of(2)));
        assert!(!template.matches(&answer("7000000001", "100000005"), &Digits::of(2)));
        assert!(!template.matches(&answer("7000000002", "100000004"), &Digits::of(2)));
    }

    #[test]
    fn nothing_else_may_differ() {
        let template = Template::learn(&answer("7000000001", "100000004"), &Digits::of(1));
        let mut longer = answer("7000000002", "100000005");
        longer.push(b' ');
        assert!(!template.matches(&longer, &Digits::of(2)));
        assert!(!template.matches(b"{}", &Digits::of(2)));
    }
}
