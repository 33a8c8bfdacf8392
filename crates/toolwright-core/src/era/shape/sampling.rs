use crate::{
    era::Era,
    model::{CreateMessageParams, OneOrMany, SamplingContent, SamplingMessage},
};

/// Why something cannot be sampled in a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SamplingError {
    /// There is sound in a message, which came with 2025-03-26.
    #[error("a message has sound in it, which this client's revision does not know")]
    Audio,
    /// Tools were used, which came with 2025-11-25.
    #[error("a message has the use of a tool in it, which this client's revision does not know")]
    Tools,
}

impl Era {
    /// Says a question to a model in the words of the revision ("Sampling"): where a message is a single block, those of several
    /// become several messages.
    ///
    /// # Errors
    /// When the revision has no words for what is said.
    ///
    /// # Example
    /// ```
    /// use toolwright_core::{
    ///     era::Revision,
    ///     model::{CreateMessageParams, Role, SamplingContent, SamplingMessage},
    /// };
    ///
    /// let both = vec![SamplingContent::text("What is this?"), SamplingContent::image([1, 2], "image/png")];
    /// let mut params = CreateMessageParams::new([SamplingMessage::new(Role::User, both)], 100);
    /// Revision::V2025_11_25.era().shape_sampling(&mut params)?;
    /// assert_eq!(params.messages.len(), 1);
    /// Revision::V2025_06_18.era().shape_sampling(&mut params)?;
    /// assert_eq!(params.messages.len(), 2);
    /// # Ok::<(), toolwright_core::era::SamplingError>(())
    /// ```
    pub fn shape_sampling(self, params: &mut CreateMessageParams) -> Result<(), SamplingError> {
        let blocks = || params.messages.iter().flat_map(|message| message.content.as_slice());
        if !self.plays_audio() && blocks().any(|block| matches!(block, SamplingContent::Audio(_))) {
            return Err(SamplingError::Audio);
        }
        if self.samples_with_tools() {
            return Ok(());
        }
        let is_of_tools =
            |block| matches!(block, &(SamplingContent::ToolUse(_) | SamplingContent::ToolResult(_)));
        if blocks().any(is_of_tools) {
            return Err(SamplingError::Tools);
        }
        params.tools = None;
        params.tool_choice = None;
        params.messages = std::mem::take(&mut params.messages).into_iter().flat_map(single).collect();
        Ok(())
    }
}

/// A message for each block.
fn single(message: SamplingMessage) -> Vec<SamplingMessage> {
    let role = message.role;
    match message.content {
        OneOrMany::One(block) => vec![SamplingMessage::new(role, block)],
        OneOrMany::Many(blocks) => {
            blocks.into_iter().map(|block| SamplingMessage::new(role, block)).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        era::Revision,
        model::{JsonObject, Role},
    };

    fn shaped(revision: Revision, content: SamplingContent) -> Result<(), SamplingError> {
        let mut params = CreateMessageParams::new([SamplingMessage::new(Role::User, content)], 1);
        revision.era().shape_sampling(&mut params)
    }

    #[test]
    fn what_a_revision_does_not_know_is_refused() {
        let audio = || SamplingContent::audio([1], "audio/wav");
        assert_eq!(shaped(Revision::V2024_11_05, audio()), Err(SamplingError::Audio));
        assert_eq!(shaped(Revision::V2025_03_26, audio()), Ok(()));
        let tool = || SamplingContent::tool_use("1", "add", JsonObject::new());
        assert_eq!(shaped(Revision::V2025_06_18, tool()), Err(SamplingError::Tools));
        assert_eq!(shaped(Revision::V2025_11_25, tool()), Ok(()));
    }
}
