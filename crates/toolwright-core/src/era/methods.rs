use super::{Era, Revision};
use crate::model::Method;

impl Era {
    /// Whether a client may send this method in this revision, whatever the server is capable of. Methods of extensions
    /// ([`Method::Other`]) are not ours to judge and exist.
    pub fn has_method(self, method: &Method) -> bool {
        use Method as M;
        match method {
            M::ListTools
            | M::CallTool
            | M::ListResources
            | M::ListResourceTemplates
            | M::ReadResource
            | M::ListPrompts
            | M::GetPrompt
            | M::Complete
            | M::Cancelled
            | M::Other(_) => true,
            M::Discover | M::Listen => self.is_stateless(),
            M::Initialize
            | M::Initialized
            | M::Ping
            | M::Subscribe
            | M::Unsubscribe
            | M::SetLevel
            | M::RootsListChanged => !self.is_stateless(),
            // Progress of the client's own work is legal before 2026-07-28 ("Progress").
            M::Progress => !self.is_stateless(),
            M::TaskStatus => self.revision() == Revision::V2025_11_25,
            _ => false,
        }
    }

    /// Whether results of this method say how long they stay fresh ("Caching").
    pub fn caches(self, method: &Method) -> bool {
        use Method as M;
        self.labels_results()
            && matches!(
                method,
                M::Discover
                    | M::ListTools
                    | M::ListPrompts
                    | M::ListResources
                    | M::ListResourceTemplates
                    | M::ReadResource
            )
    }
}
