//! One message and its answer.
mod answer;
mod events;
mod post;
mod resume;
mod routed;

pub(super) use self::{
    answer::{deliver, forward, route},
    events::Events,
    post::{post, refusal},
    resume::is_passing,
};
