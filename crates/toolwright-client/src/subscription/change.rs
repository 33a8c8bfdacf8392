use toolwright_core::{Raw, model::SubscriptionFilter};

/// Something that changed at the server.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Change {
    /// The list of tools.
    Tools,
    /// The list of prompts.
    Prompts,
    /// The list of resources or of resource templates.
    Resources,
    /// One resource. The URI can lie below the one that was asked for.
    Resource(String),
    /// What an extension tells.
    Other {
        /// The method of the notification.
        method: String,
        /// Its parameters.
        params: Option<Raw>,
    },
    /// The subscription was lost, and is being opened again. Nothing is told until it [goes on](Self::Resumed).
    Lost,
    /// The subscription goes on after it was lost: take everything that was asked for as changed meanwhile.
    Resumed,
    /// More changed than was fetched in time: take everything that was asked for as changed.
    Missed,
}

impl Change {
    /// Whether a session's unsolicited notification is one that `filter` asks for.
    pub(super) fn wanted(&self, filter: &SubscriptionFilter) -> bool {
        match self {
            Self::Tools => filter.tools_list_changed == Some(true),
            Self::Prompts => filter.prompts_list_changed == Some(true),
            Self::Resources => filter.resources_list_changed == Some(true),
            Self::Resource(uri) => {
                filter.resource_subscriptions.iter().flatten().any(|watched| covers(watched, uri))
            }
            Self::Other { .. } | Self::Lost | Self::Resumed | Self::Missed => false,
        }
    }
}

/// Whether `uri` is the watched one or lies below it ("Resources": an update may name a sub-resource).
pub(crate) fn covers(watched: &str, uri: &str) -> bool {
    uri.strip_prefix(watched)
        .is_some_and(|rest| rest.is_empty() || watched.ends_with('/') || rest.starts_with(['/', '?', '#']))
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_sub_resource_belongs_to_the_watched_one() {
        for (watched, uri, belongs) in [
            ("a://x", "a://x", true),
            ("a://x", "a://x/y", true),
            ("a://x/", "a://x/y", true),
            ("a://x", "a://x#part", true),
            ("a://x", "a://xy", false),
            ("a://x/y", "a://x", false),
        ] {
            assert_eq!(covers(watched, uri), belongs, "{watched} {uri}");
        }
    }
}
