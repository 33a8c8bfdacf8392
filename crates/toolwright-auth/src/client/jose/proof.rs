use std::fmt;

use super::{super::Secret, SigningKey};

/// How a client shows that it is the one it says it is.
#[derive(Clone)]
pub(in super::super) enum Proof {
    /// It does not: a public client.
    None,
    /// By a secret.
    Secret(Secret),
    /// By a signature.
    Key(SigningKey),
}

impl fmt::Debug for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Secret(_) => "Secret",
            Self::Key(_) => "Key",
        })
    }
}
