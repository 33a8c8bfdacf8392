/// Whether arrays and objects in `text` nest deeper than `limit`.
///
/// A loop over bytes, so the answer costs no stack. Text that is no JSON gets some answer; the parser tells about it.
pub(super) fn exceeds(text: &str, limit: usize) -> bool {
    let bytes = text.as_bytes();
    // Most messages have fewer brackets than the limit; counting them all is several times faster than following strings.
    if bytes.len() <= limit || brackets(bytes) <= limit {
        return false;
    }
    let (mut depth, mut rest) = (0_usize, bytes.iter());
    while let Some(&byte) = rest.next() {
        match byte {
            b'"' => skip_string(&mut rest),
            b'{' | b'[' => {
                depth += 1;
                if depth > limit {
                    return true;
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

/// How many opening brackets there are, in strings or not. Counted in bytes, which the compiler turns into vector code.
fn brackets(bytes: &[u8]) -> usize {
    let opens = |byte: &u8| u8::from(byte | 0x20 == b'{');
    bytes.chunks(255).map(|chunk| usize::from(chunk.iter().map(opens).sum::<u8>())).sum()
}

/// Moves behind the closing quote.
fn skip_string(rest: &mut std::slice::Iter<'_, u8>) {
    while let Some(&byte) = rest.next() {
        match byte {
            b'"' => return,
            b'\\' => {
                rest.next();
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::exceeds;

    #[test]
    fn counts_nesting_not_brackets() {
        assert!(!exceeds("[[1],[2],[3]]", 2));
        assert!(exceeds("[[1],[2],[{}]]", 2));
    }

    #[test]
    fn ignores_brackets_in_strings() {
        assert!(!exceeds(r#"["[[[[\"[[[[", "\\", 1]"#, 1));
        assert!(exceeds(r#"["\\",[1]]"#, 1));
    }

    #[test]
    fn survives_unbalanced_text() {
        assert!(!exceeds("]]]][}}}}[\"\\", 1));
        assert!(exceeds(&"[".repeat(1_000_000), 128));
    }
}
