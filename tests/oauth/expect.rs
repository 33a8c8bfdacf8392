use std::fmt::Debug;

use crate::Done;

/// # Errors
/// When `found` is not what was expected, with `what` it is.
pub(crate) fn expect<T: PartialEq<U> + Debug, U: Debug>(found: T, expected: U, what: &str) -> Done {
    if found == expected { Ok(()) } else { Err(format!("{what}: {found:?} instead of {expected:?}").into()) }
}
