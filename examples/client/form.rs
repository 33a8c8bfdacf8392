use std::collections::BTreeMap;

use toolwright::core::model::{
    ElicitAction, ElicitFormParams, ElicitResult, ElicitUrlParams, RequestedSchema,
};

use crate::{field::Field, terminal::Terminal};

/// Asks what a form asks, field by field. Nothing is sent before the person has seen all of it.
pub(crate) fn ask(terminal: &Terminal, form: &ElicitFormParams) -> ElicitResult {
    terminal.say(&format!("The server asks: {}", form.message));
    let Ok(schema) = form.requested_schema.read::<RequestedSchema>() else {
        terminal.say("Its form is none that this client knows.");
        return ElicitResult::cancel();
    };
    match consent(terminal, "Answer?") {
        Consent::Yes => {}
        Consent::No => return ElicitResult::decline(),
        Consent::Neither => return ElicitResult::cancel(),
    }
    let mut content = BTreeMap::new();
    for (name, field) in schema.properties.iter() {
        let required = schema.required.iter().flatten().any(|required| required == name);
        let field = Field::new(name, field, required);
        terminal.say(&field.describe());
        loop {
            let Some(answer) = terminal.ask("  >") else { return ElicitResult::cancel() };
            match field.read(&answer) {
                Ok(Some(value)) => {
                    content.insert(name.to_owned(), value);
                    break;
                }
                Ok(None) => break,
                Err(problem) => terminal.say(&format!("  {problem}")),
            }
        }
    }
    match consent(terminal, "Send this?") {
        Consent::Yes => {
            let mut result = ElicitResult::new(ElicitAction::Accept);
            result.content = Some(content);
            result
        }
        Consent::No => ElicitResult::decline(),
        Consent::Neither => ElicitResult::cancel(),
    }
}

/// Shows the whole URL, and opens nothing: what a server asks for is opened by the person, or not at all.
pub(crate) fn ask_url(terminal: &Terminal, url: &ElicitUrlParams) -> ElicitResult {
    terminal.say(&format!("The server asks: {}", url.message));
    terminal.say(&format!("It asks you to open this in a browser:\n  {}", url.url));
    match consent(terminal, "Did you, or will you?") {
        Consent::Yes => ElicitResult::new(ElicitAction::Accept),
        Consent::No => ElicitResult::decline(),
        Consent::Neither => ElicitResult::cancel(),
    }
}

enum Consent {
    Yes,
    No,
    Neither,
}

fn consent(terminal: &Terminal, question: &str) -> Consent {
    loop {
        let Some(answer) = terminal.ask(&format!("{question} [y]es, [n]o, [c]ancel")) else {
            return Consent::Neither;
        };
        match answer.trim() {
            "y" | "yes" => return Consent::Yes,
            "n" | "no" => return Consent::No,
            "c" | "cancel" => return Consent::Neither,
            _ => terminal.say("Please answer y, n or c."),
        }
    }
}
