use std::sync::Arc;

use toolwright_core::Raw;

use super::{Change, Hub};

/// Tells clients about changes, from anywhere and at any time. Cheap to clone.
///
/// Sessions of older revisions hear of it unasked, or after `resources/subscribe`; clients of stateless ones if they listen
/// ("Subscriptions"). With a shared bus, clients of all replicas do.
///
/// # Example
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), toolwright_server::Error> {
/// use toolwright_server::Server;
///
/// let server = Server::builder("notes").build()?;
/// let notifier = server.notifier();
/// tokio::spawn(async move { notifier.resource_updated("notes://today") });
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Notifier(Arc<Hub>);

impl Notifier {
    pub(crate) fn new(hub: Arc<Hub>) -> Self {
        Self(hub)
    }

    /// The list of tools changed.
    pub fn tools_changed(&self) {
        self.0.publish(Change::Tools);
    }

    /// The list of prompts changed.
    pub fn prompts_changed(&self) {
        self.0.publish(Change::Prompts);
    }

    /// The list of resources or templates changed.
    pub fn resources_changed(&self) {
        self.0.publish(Change::Resources);
    }

    /// The resource at `uri` changed. Who subscribed to it, or to a URI above it, hears of it.
    pub fn resource_updated(&self, uri: impl Into<String>) {
        self.0.publish(Change::Resource(uri.into()));
    }

    /// A notification of an extension, for listeners whose filter has `member`: `true`, or a list with one of the values of `params`.
    pub fn extension(&self, member: impl Into<String>, method: impl Into<String>, params: &Raw) {
        self.0.publish(Change::Other {
            member: member.into(),
            method: method.into(),
            params: params.as_str().to_owned(),
        });
    }
}
