use serde_json::Value;

use super::{Incident, Setting, effects::Counts};

/// What a call did in one [`Setting`].
#[derive(Clone, Debug)]
pub struct Run {
    pub(super) setting: Setting,
    pub(super) incident: Option<Incident>,
    pub(super) answer: Value,
    pub(super) effects: Counts,
    pub(super) questions: Vec<String>,
    pub(super) progress: Vec<String>,
}

impl Run {
    /// Where it ran.
    pub fn setting(&self) -> Setting {
        self.setting
    }

    /// What went wrong, if something did.
    pub fn incident(&self) -> Option<Incident> {
        self.incident
    }

    /// What was answered, without what revisions write in different ways: `content`, `structuredContent` and `isError` of a tool,
    /// `messages` and `description` of a prompt, `contents` of a resource, or the text of an `error`.
    pub fn answer(&self) -> &Value {
        &self.answer
    }

    /// The texts of the answer, one below the other.
    pub fn text(&self) -> String {
        fn collect<'a>(value: &'a Value, texts: &mut Vec<&'a str>) {
            match value {
                Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
                Value::Object(members) => {
                    texts.extend(members.get("text").and_then(Value::as_str));
                    members.get("content").into_iter().for_each(|content| collect(content, texts));
                }
                _ => {}
            }
        }
        let mut texts = Vec::new();
        for member in ["content", "messages", "contents"] {
            collect(&self.answer[member], &mut texts);
        }
        texts.extend(self.answer["error"].as_str());
        texts.join("\n")
    }

    /// How often an [effect](super::Effects) happened.
    pub fn effect(&self, name: &str) -> usize {
        self.effects.count(name)
    }

    /// What the server asked, sorted: those that are open at the same time have no order. Roots are there once, since a session may
    /// keep them.
    pub fn questions(&self) -> &[String] {
        &self.questions
    }

    /// The progress that the client heard of, in its order.
    pub fn progress(&self) -> &[String] {
        &self.progress
    }
}

/// A call that was answered alike in every setting.
#[derive(Clone, Debug)]
pub struct Report {
    pub(super) runs: Vec<Run>,
    pub(super) disturbed: Vec<Run>,
}

impl Report {
    /// The run in each setting, without any fault.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// The runs in which something went wrong, all of which kept the promise of the [`Fault`](super::Fault).
    pub fn disturbed(&self) -> &[Run] {
        &self.disturbed
    }

    /// The run in this setting.
    ///
    /// # Panics
    /// When it was not among those that were checked.
    pub fn run(&self, setting: Setting) -> &Run {
        let run = self.runs.iter().find(|run| run.setting == setting);
        run.unwrap_or_else(|| panic!("{setting} was not checked"))
    }

    /// The texts of the answer, one below the other.
    pub fn text(&self) -> String {
        self.runs[0].text()
    }

    /// What was answered; see [`Run::answer`].
    pub fn answer(&self) -> &Value {
        self.runs[0].answer()
    }
}
