//! One message and its answer.
mod answer;
mod events;
mod post;
mod resume;

pub(super) use self::{
    answer::{deliver, is_answer},
    events::Events,
    post::{post, refusal},
    resume::is_passing,
};
