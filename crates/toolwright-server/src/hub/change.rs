use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use toolwright_core::{
    jsonrpc::{Id, encode},
    model::{Meta, Method, NotificationParams, ResourceUpdatedParams, SubscriptionFilter},
};

/// Something that clients can be told of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Change {
    Tools,
    Prompts,
    Resources,
    Resource(String),
    /// A notification of an extension: the filter member that asks for it, the method, the parameters as JSON text.
    Other {
        member: String,
        method: String,
        params: String,
    },
}

impl Change {
    pub(crate) fn method(&self) -> &str {
        match self {
            Self::Tools => "notifications/tools/list_changed",
            Self::Prompts => "notifications/prompts/list_changed",
            Self::Resources => "notifications/resources/list_changed",
            Self::Resource(_) => "notifications/resources/updated",
            Self::Other { method, .. } => method,
        }
    }

    /// Whether a listener with this filter asked for it.
    pub(crate) fn is_wanted(&self, filter: &SubscriptionFilter) -> bool {
        match self {
            Self::Tools => filter.tools_list_changed == Some(true),
            Self::Prompts => filter.prompts_list_changed == Some(true),
            Self::Resources => filter.resources_list_changed == Some(true),
            Self::Resource(uri) => filter
                .resource_subscriptions
                .as_ref()
                .is_some_and(|uris| uris.iter().any(|watched| covers(watched, uri))),
            Self::Other { member, params, .. } => {
                filter.other.get(member).is_some_and(|wanted| names(wanted, params))
            }
        }
    }

    /// The notification; on a listen stream it names the subscription ("Subscriptions").
    pub(crate) fn message(&self, subscription: Option<&Id>) -> Bytes {
        let meta = subscription.map(|id| Meta::new().subscription_id(id));
        let written = match self {
            Self::Resource(uri) => {
                let mut params = ResourceUpdatedParams::new(uri);
                params.meta = meta;
                encode::notification(self.method(), &params)
            }
            Self::Other { params, .. } => {
                let mut params: Value = serde_json::from_str(params).unwrap_or_default();
                if let (Some(meta), Some(members)) = (meta, params.as_object_mut()) {
                    let meta = serde_json::to_value(meta).unwrap_or_default();
                    members.insert("_meta".into(), meta);
                }
                encode::notification(self.method(), &params)
            }
            Self::Tools | Self::Prompts | Self::Resources => {
                let mut params = NotificationParams::new();
                params.meta = meta;
                encode::notification(self.method(), &params)
            }
        };
        written.expect("notifications of the model can always be written")
    }
}

/// Whether a watched URI is this one, or one above it.
pub(crate) fn covers(watched: &str, uri: &str) -> bool {
    uri.strip_prefix(watched)
        .is_some_and(|rest| rest.is_empty() || watched.ends_with('/') || rest.starts_with('/'))
}

/// Whether a filter member of an extension asks for this notification: `true`, or a list that names one of its values.
fn names(wanted: &Value, params: &str) -> bool {
    match wanted {
        Value::Bool(wanted) => *wanted,
        Value::Array(ids) => {
            let params: Value = serde_json::from_str(params).unwrap_or_default();
            params.as_object().is_some_and(|params| params.values().any(|value| ids.contains(value)))
        }
        _ => false,
    }
}

/// The method of a change as the model has it, for capability checks.
impl From<&Change> for Method {
    fn from(change: &Change) -> Self {
        Self::from(change.method())
    }
}
