use crate::HandlerError;

/// What a function returned.
///
/// Method lookup prefers inherent methods, so a `Result` is taken apart and everything else is a success.
#[derive(Debug)]
pub struct Returned<T>(pub T);

impl<T, E> Returned<Result<T, E>> {
    /// The value or the error.
    ///
    /// # Errors
    /// The function's error.
    pub fn outcome(self) -> Result<T, HandlerError>
    where
        E: Into<HandlerError>,
    {
        self.0.map_err(Into::into)
    }
}

/// The outcome of a function that cannot fail.
pub trait Outcome {
    /// What it returned.
    type Value;

    /// The value.
    ///
    /// # Errors
    /// Never; it has the form of what can fail.
    fn outcome(self) -> Result<Self::Value, HandlerError>;
}

impl<T> Outcome for Returned<T> {
    type Value = T;

    fn outcome(self) -> Result<T, HandlerError> {
        Ok(self.0)
    }
}
