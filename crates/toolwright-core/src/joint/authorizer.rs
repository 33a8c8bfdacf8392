use std::{fmt, sync::Arc};

use super::Principal;

/// Decides whether a caller may see and use a component.
///
/// The same rule is asked by lists, look-ups, completion, subscriptions and search; what it refuses does not exist for that
/// caller. It is pure and quick: it looks at the principal and nothing else.
///
/// # Example
/// ```
/// use toolwright_core::joint::{Authorizer, Principal};
///
/// let staff = |caller: Option<&Principal>| caller.is_some_and(|caller| caller.has_scope("staff"));
/// assert!(!staff.allows(None));
/// assert!(staff.allows(Some(&Principal::new("ada").scopes(["staff"]))));
/// ```
pub trait Authorizer: Send + Sync + 'static {
    /// Whether `caller` may; `None` is an unauthenticated caller.
    fn allows(&self, caller: Option<&Principal>) -> bool;
}

impl<F: Fn(Option<&Principal>) -> bool + Send + Sync + 'static> Authorizer for F {
    fn allows(&self, caller: Option<&Principal>) -> bool {
        self(caller)
    }
}

/// Any [`Authorizer`], shared.
#[derive(Clone)]
pub struct SharedAuthorizer(Arc<dyn Authorizer>);

impl SharedAuthorizer {
    /// Shares `authorizer`.
    pub fn new(authorizer: impl Authorizer) -> Self {
        Self(Arc::new(authorizer))
    }

    /// Whether both are the same rule.
    pub fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Authorizer for SharedAuthorizer {
    fn allows(&self, caller: Option<&Principal>) -> bool {
        self.0.allows(caller)
    }
}

impl fmt::Debug for SharedAuthorizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedAuthorizer")
    }
}
