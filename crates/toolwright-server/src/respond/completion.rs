use std::collections::{BTreeSet, HashSet};

use super::marker::{Contents, Fallible};
use crate::HandlerError;

/// What a completion can return: a list of strings, or of anything that writes itself as text.
///
/// # Example
/// ```
/// use toolwright_server::respond::IntoCompletion;
///
/// assert_eq!(["Bonn", "Berlin"].into_values()?, ["Bonn", "Berlin"]);
/// assert_eq!(vec![8, 16].into_values()?, ["8", "16"]);
/// # Ok::<(), toolwright_server::HandlerError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "a completion cannot return `{Self}`",
    label = "not a return value of a completion",
    note = "return a `Vec<String>`, another list of values that implement `Display`, or a `Result` of these"
)]
pub trait IntoCompletion<M>: Sized {
    /// The suggestions, best first.
    ///
    /// # Errors
    /// The handler's own error.
    fn into_values(self) -> Result<Vec<String>, HandlerError>;
}

macro_rules! lists {
    ($([$($generics:tt)*] $type:ty;)*) => {
        $(
            #[diagnostic::do_not_recommend]
            impl<$($generics)*> IntoCompletion<Contents> for $type {
                fn into_values(self) -> Result<Vec<String>, HandlerError> {
                    Ok(self.into_iter().map(|value| value.to_string()).collect())
                }
            }
        )*
    };
}

lists! {
    [T: ToString] Vec<T>;
    [T: ToString] BTreeSet<T>;
    [T: ToString, S] HashSet<T, S>;
    [T: ToString] &[T];
    [T: ToString, const N: usize] [T; N];
}

#[diagnostic::do_not_recommend]
impl<T: IntoCompletion<M>, E: Into<HandlerError>, M> IntoCompletion<Fallible<M>> for Result<T, E> {
    fn into_values(self) -> Result<Vec<String>, HandlerError> {
        self.map_err(Into::into)?.into_values()
    }
}
