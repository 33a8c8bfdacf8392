use std::{any::Any, fmt};

/// Keeps others from renewing the same tokens until it is dropped; see [`TokenStore::lock`](super::TokenStore::lock).
#[must_use = "it locks nothing any more once it is dropped"]
pub struct StoreLock(#[expect(dead_code, reason = "what counts is when it is dropped")] Box<dyn Any + Send>);

impl StoreLock {
    /// Locks for as long as `guard` lives.
    ///
    /// # Example
    /// ```
    /// use std::fs::File;
    /// use toolwright_auth::client::StoreLock;
    ///
    /// # let folder = std::env::temp_dir();
    /// let file = File::create(folder.join("toolwright-example.lock"))?;
    /// file.lock()?;
    /// let lock = StoreLock::new(file);
    /// drop(lock); // Closes the file.
    /// # Ok::<_, std::io::Error>(())
    /// ```
    pub fn new(guard: impl Send + 'static) -> Self {
        Self(Box::new(guard))
    }
}

impl fmt::Debug for StoreLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoreLock")
    }
}
