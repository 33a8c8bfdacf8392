//! The `_meta` member (basic, "`_meta`").
mod key;
mod map;
mod request;

pub use key::{
    BAGGAGE, CLIENT_CAPABILITIES, CLIENT_INFO, IllegalMetaKey, LOG_LEVEL, MetaKey, PROGRESS_TOKEN,
    PROTOCOL_VERSION, RELATED_TASK, SERVER_INFO, SUBSCRIPTION_ID, TRACEPARENT, TRACESTATE,
    check_extension_id, check_key, is_reserved,
};
pub use map::{MalformedMeta, Meta};
pub use request::RequestMeta;
