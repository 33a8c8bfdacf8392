use std::collections::BTreeSet;

use toolwright_core::model::{Role, SamplingContent, SamplingMessage};

use crate::HandlerError;

/// Each use of a tool is answered by the message after it, and what answers uses says nothing else ("Sampling", "Message Content
/// Constraints").
pub(super) fn messages(messages: &[SamplingMessage]) -> Result<(), HandlerError> {
    let mut open = BTreeSet::new();
    if messages.is_empty() {
        return Err("a model cannot be asked without a message".into());
    }
    for (at, message) in messages.iter().enumerate() {
        let (mut answered, mut others, mut used) = (BTreeSet::new(), false, BTreeSet::new());
        for block in message.content.as_slice() {
            match block {
                SamplingContent::ToolResult(result) => drop(answered.insert(result.tool_use_id.as_str())),
                SamplingContent::ToolUse(tool) => drop(used.insert(tool.id.as_str())),
                _ => others = true,
            }
        }
        let problem = if answered != open {
            Some("answers other uses of tools than the message before it has")
        } else if !answered.is_empty() && (others || !used.is_empty()) {
            Some("has something else beside results of tools")
        } else if !answered.is_empty() && message.role != Role::User
            || !used.is_empty() && message.role != Role::Assistant
        {
            Some("is of the wrong role: models use tools, users bring results")
        } else {
            None
        };
        if let Some(problem) = problem {
            return Err(format!("the conversation cannot be sampled: message {} {problem}", at + 1).into());
        }
        open = used;
    }
    if open.is_empty() {
        return Ok(());
    }
    Err("the conversation cannot be sampled: its last message uses tools, and their results are missing"
        .into())
}

#[cfg(test)]
mod tests {
    use toolwright_core::model::JsonObject;

    use super::*;

    fn uses(ids: &[&str]) -> SamplingMessage {
        let blocks: Vec<_> =
            ids.iter().map(|id| SamplingContent::tool_use(*id, "add", JsonObject::new())).collect();
        SamplingMessage::new(Role::Assistant, blocks)
    }

    fn results(ids: &[&str]) -> SamplingMessage {
        let blocks: Vec<_> = ids.iter().map(|id| SamplingContent::tool_result(*id, [])).collect();
        SamplingMessage::new(Role::User, blocks)
    }

    fn problem(list: &[SamplingMessage]) -> String {
        messages(list).unwrap_err().to_string()
    }

    #[test]
    fn uses_are_answered_at_once_and_alone() {
        let hello = SamplingMessage::user("hello");
        assert!(
            messages(&[
                hello.clone(),
                uses(&["1", "2"]),
                results(&["2", "1"]),
                uses(&["3"]),
                results(&["3"])
            ])
            .is_ok()
        );
        assert!(problem(&[]).contains("without a message"));
        assert!(problem(&[uses(&["1"])]).contains("results are missing"));
        assert!(problem(&[uses(&["1"]), hello.clone()]).contains("message 2 answers other uses"));
        assert!(problem(&[uses(&["1", "2"]), results(&["1"])]).contains("message 2 answers other uses"));
        assert!(problem(&[hello, results(&["1"])]).contains("message 2 answers other uses"));
        let mut mixed = results(&["1"]);
        mixed.content = vec![mixed.content.as_slice()[0].clone(), SamplingContent::text("and")].into();
        assert!(problem(&[uses(&["1"]), mixed]).contains("something else"));
        let mut wrong = results(&["1"]);
        wrong.role = Role::Assistant;
        assert!(problem(&[uses(&["1"]), wrong]).contains("wrong role"));
    }
}
