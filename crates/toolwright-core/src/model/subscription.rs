use serde::{Deserialize, Serialize};

use super::{JsonObject, Meta, RequestMeta, ResultType, macros::setters};
use crate::jsonrpc::Id;

/// Which notifications a subscription is for, from 2026-07-28 on (basic/patterns/subscriptions).
///
/// # Example
/// ```
/// use toolwright_core::model::SubscriptionFilter;
///
/// let filter = SubscriptionFilter::new().tools_list_changed(true).resource_subscriptions(["note://1"]);
/// assert_eq!(
///     serde_json::to_string(&filter)?,
///     r#"{"toolsListChanged":true,"resourceSubscriptions":["note://1"]}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SubscriptionFilter {
    /// `notifications/tools/list_changed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tools_list_changed: Option<bool>,
    /// `notifications/prompts/list_changed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompts_list_changed: Option<bool>,
    /// `notifications/resources/list_changed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resources_list_changed: Option<bool>,
    /// `notifications/resources/updated` of these URIs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_subscriptions: Option<Vec<String>>,
    /// Members that extensions add.
    #[serde(flatten)]
    pub other: JsonObject,
}

setters!(SubscriptionFilter {
    set tools_list_changed: bool,
    set prompts_list_changed: bool,
    set resources_list_changed: bool,
    list resource_subscriptions: String,
});

impl SubscriptionFilter {
    /// Nothing.
    pub fn new() -> Self {
        Self::default()
    }
}

/// Parameters of `subscriptions/listen`, from 2026-07-28 on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ListenParams {
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<RequestMeta>,
    /// What the client wants to hear of.
    pub notifications: SubscriptionFilter,
}

setters!(ListenParams {
    into meta: RequestMeta,
});

impl ListenParams {
    /// Listens to `notifications`.
    pub fn new(notifications: SubscriptionFilter) -> Self {
        Self { meta: None, notifications }
    }
}

/// Result of `subscriptions/listen`, which ends the subscription.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ListenResult {
    /// What kind of result this is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result_type: Option<ResultType>,
    /// The `_meta` member, which names the [subscription](super::meta::SUBSCRIPTION_ID).
    #[serde(rename = "_meta")]
    pub meta: Meta,
}

impl ListenResult {
    /// The end of the subscription that the request `id` began.
    pub fn new(id: &Id) -> Self {
        Self { result_type: Some(ResultType::Complete), meta: Meta::new().subscription_id(id) }
    }
}

/// Parameters of `notifications/subscriptions/acknowledged`, from 2026-07-28 on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SubscriptionsAcknowledgedParams {
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
    /// What the server will tell of.
    pub notifications: SubscriptionFilter,
}

setters!(SubscriptionsAcknowledgedParams {
    into meta: Meta,
});

impl SubscriptionsAcknowledgedParams {
    /// The subscription `id` will get `notifications`.
    pub fn new(id: &Id, notifications: SubscriptionFilter) -> Self {
        Self { meta: Some(Meta::new().subscription_id(id)), notifications }
    }
}
