use std::sync::Arc;

/// A session's name: 128 random bits, written in hexadecimal digits ("Session Management": unique, secure, visible ASCII).
///
/// # Panics
/// If the operating system has no random numbers, without which no session would be safe.
pub(super) fn unguessable() -> Arc<str> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut random = [0; 16];
    getrandom::fill(&mut random).expect("the operating system gives random numbers");
    let mut text = [0; 32];
    for (pair, byte) in text.chunks_exact_mut(2).zip(random) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
    std::str::from_utf8(&text).expect("hexadecimal digits are ASCII").into()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_long_visible_and_never_the_same() {
        let names: HashSet<_> = (0..1000).map(|_| unguessable()).collect();
        assert_eq!(names.len(), 1000);
        assert!(
            names.iter().all(|name| name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit()))
        );
        let firsts: HashSet<_> = names.iter().map(|name| &name[..1]).collect();
        assert_eq!(firsts.len(), 16, "every digit takes part");
    }
}
