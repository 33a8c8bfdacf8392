use toolwright_core::model::{CreateMessageResult, SamplingContent, SamplingMessage, ToolUseContent};

/// What the model answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Sampled {
    result: CreateMessageResult,
    messages: Vec<SamplingMessage>,
}

impl Sampled {
    pub(super) fn new(mut messages: Vec<SamplingMessage>, result: CreateMessageResult) -> Self {
        messages.push(SamplingMessage::new(result.role, result.content.clone()));
        Self { result, messages }
    }

    /// All text of the answer.
    pub fn text(&self) -> String {
        text(&self.result)
    }

    /// The whole answer: content, model, why it stopped.
    pub fn result(&self) -> &CreateMessageResult {
        &self.result
    }

    /// The tools without a handler that the model wants used, and with what. To go on, add a message with their results to
    /// [`messages`](Self::messages) and ask with [`Context::sample_messages`](crate::Context::sample_messages).
    pub fn uses(&self) -> impl Iterator<Item = &ToolUseContent> {
        uses(&self.result)
    }

    /// The conversation up to this answer, the use of tools included.
    pub fn messages(&self) -> &[SamplingMessage] {
        &self.messages
    }
}

pub(super) fn text(result: &CreateMessageResult) -> String {
    let texts: Vec<_> = result.content.as_slice().iter().filter_map(SamplingContent::as_text).collect();
    texts.join("\n")
}

pub(super) fn uses(result: &CreateMessageResult) -> impl Iterator<Item = &ToolUseContent> {
    result.content.as_slice().iter().filter_map(|block| match block {
        SamplingContent::ToolUse(used) => Some(used),
        _ => None,
    })
}
