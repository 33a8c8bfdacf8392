//! Notes that last: tools to write, search and delete them, a resource for each, a prompt, completion of their ids, and
//! notices when one changes. They live in one file, which is replaced as a whole.
//!
//! `NOTES_FILE=~/notes.json cargo run --example notes`, or `cargo run --example notes -- -- ~/notes.json`.
use std::{collections::BTreeMap, env, fs, io, path::PathBuf, sync::Mutex};

use toolwright::{prelude::*, respond::user};

/// One note.
#[model]
#[derive(Clone, Debug, PartialEq)]
struct Note {
    id: u64,
    title: String,
    text: String,
}

#[model]
#[derive(Clone, Default)]
struct Content {
    last_id: u64,
    notes: BTreeMap<u64, Note>,
}

impl Content {
    fn note(&mut self, id: u64) -> Result<&mut Note, HandlerError> {
        let hint = "search for notes, or read notes://all";
        self.notes
            .get_mut(&id)
            .ok_or_else(|| HandlerError::from(format!("no note {id}")).not_found().hint(hint))
    }
}

struct Notes {
    path: PathBuf,
    content: Mutex<Content>,
}

impl Notes {
    fn open(path: impl Into<PathBuf>) -> io::Result<Self> {
        let path = path.into();
        let content = match fs::read(&path) {
            Ok(json) => serde_json::from_slice(&json)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Content::default(),
            Err(error) => return Err(error),
        };
        Ok(Self { path, content: Mutex::new(content) })
    }

    fn content(&self) -> Content {
        self.content.lock().expect("nothing panics while it holds the notes").clone()
    }

    /// Changes one note, in the file first: what cannot be saved has not happened.
    fn change<T>(
        &self,
        notifier: &Notifier,
        change: impl FnOnce(&mut Content) -> Result<(u64, T), HandlerError>,
    ) -> Result<T, HandlerError> {
        let mut content = self.content.lock().expect("nothing panics while it holds the notes");
        let mut changed = content.clone();
        let (id, result) = change(&mut changed)?;
        let unfinished = self.path.with_extension("unfinished");
        fs::write(&unfinished, serde_json::to_vec_pretty(&changed)?)?;
        fs::rename(&unfinished, &self.path)?;
        *content = changed;
        notifier.resource_updated(format!("note://{id}"));
        notifier.resource_updated("notes://all");
        Ok(result)
    }
}

#[provider]
impl Notes {
    /// Write a new note.
    #[tool(blocking, annotations(destructive = false, open_world = false))]
    fn add_note(&self, notifier: Notifier, title: String, text: String) -> Result<Note, HandlerError> {
        self.change(&notifier, |content| {
            content.last_id += 1;
            let note = Note { id: content.last_id, title, text };
            content.notes.insert(note.id, note.clone());
            Ok((note.id, note))
        })
    }

    /// Change the title or the text of a note. What is left out stays as it is.
    #[tool(blocking, annotations(idempotent, open_world = false))]
    fn edit_note(
        &self,
        notifier: Notifier,
        id: u64,
        title: Option<String>,
        text: Option<String>,
    ) -> Result<Note, HandlerError> {
        self.change(&notifier, |content| {
            let note = content.note(id)?;
            note.title = title.unwrap_or_else(|| note.title.clone());
            note.text = text.unwrap_or_else(|| note.text.clone());
            Ok((id, note.clone()))
        })
    }

    /// Find notes with these words in title or text, in upper or lower case.
    #[tool(annotations(read_only, open_world = false))]
    fn search_notes(&self, #[arg(example = "shopping list")] words: &str) -> Vec<Note> {
        let has = |note: &Note, word: &str| {
            format!("{}\n{}", note.title, note.text).to_lowercase().contains(&word.to_lowercase())
        };
        let notes = self.content().notes.into_values();
        notes.filter(|note| words.split_whitespace().all(|word| has(note, word))).collect()
    }

    /// Delete a note for good.
    #[tool(blocking, annotations(destructive, idempotent, open_world = false))]
    fn delete_note(&self, notifier: Notifier, id: u64) -> Result<String, HandlerError> {
        self.change(&notifier, |content| {
            content.note(id)?;
            content.notes.remove(&id);
            Ok((id, format!("deleted note {id}")))
        })
    }

    /// All notes.
    #[resource("notes://all")]
    fn all(&self) -> Vec<Note> {
        self.content().notes.into_values().collect()
    }

    /// One note.
    #[resource("note://{id}", mime = "text/markdown")]
    fn note(&self, id: u64) -> Result<String, HandlerError> {
        let mut content = self.content();
        let Note { title, text, .. } = content.note(id)?;
        Ok(format!("# {title}\n\n{text}\n"))
    }

    /// Summarize a note.
    #[prompt]
    fn summarize(&self, id: u64) -> Result<[toolwright::core::model::PromptMessage; 2], HandlerError> {
        let file = File::text(format!("note://{id}"), self.note(id)?).mime("text/markdown");
        Ok([user("Summarize this note in one sentence."), user(file)])
    }

    #[completion(note.id)]
    fn ids(&self, typed: &str) -> Vec<u64> {
        self.content().notes.into_keys().filter(|id| id.to_string().starts_with(typed)).collect()
    }

    #[completion(summarize.id)]
    fn ids_to_summarize(&self, typed: &str) -> Vec<u64> {
        self.ids(typed)
    }
}

fn server(path: impl Into<PathBuf>) -> toolwright::Result<Server> {
    Ok(Server::builder("notes").provider(Notes::open(path)?).build()?)
}

#[tokio::main]
async fn main() -> toolwright::Result<()> {
    let argument = env::args_os().skip_while(|argument| argument != "--").nth(1);
    let path = argument.or_else(|| env::var_os("NOTES_FILE")).unwrap_or_else(|| "notes.json".into());
    server(path)?.run().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use toolwright::{
        client::Change,
        core::model::{CompleteParams, CompletionReference, SubscriptionFilter},
        testing::in_every_era,
    };

    #[tokio::test]
    async fn notes_are_written_found_read_and_deleted() -> toolwright::Result<()> {
        let folder = tempfile::tempdir()?;
        in_every_era(server(folder.path().join("notes.json"))?, async |client| {
            let filter = SubscriptionFilter::new().resource_subscriptions(["notes://all"]);
            let mut changes = client.listen(filter).await?;

            let shopping = json!({ "title": "Shopping", "text": "milk" });
            let Note { id, .. } = client.call("add_note", shopping).await?.data()?;
            assert_eq!(changes.next().await?, Some(Change::Resource("notes://all".into())));
            client.call("edit_note", json!({ "id": id, "text": "Milk and tea" })).await?;

            let found: Vec<Note> =
                client.call("search_notes", json!({ "words": "TEA milk" })).await?.data()?;
            assert_eq!(found, [Note { id, title: "Shopping".into(), text: "Milk and tea".into() }]);
            let markdown = json!(client.read(format!("note://{id}")).await?.contents);
            assert_eq!(markdown[0]["text"], "# Shopping\n\nMilk and tea\n");
            assert_eq!(markdown[0]["mimeType"], "text/markdown");
            let prompt = json!(client.prompt("summarize", json!({ "id": id })).await?.messages);
            assert_eq!(prompt[1]["content"]["resource"]["uri"], format!("note://{id}"));
            let ids = CompleteParams::new(CompletionReference::resource("note://{id}"), "id", "");
            assert_eq!(client.complete(ids).await?.values, [id.to_string()]);

            client.call("delete_note", json!({ "id": id })).await?;
            assert!(client.read(format!("note://{id}")).await.unwrap_err().is_not_found());
            let error = client.call("edit_note", json!({ "id": id })).await.unwrap_err().to_string();
            assert!(error.contains(&format!("no note {id} (search for notes")), "{error}");
            Ok::<_, toolwright::Error>(())
        })
        .await;
        Ok(())
    }

    #[tokio::test]
    async fn notes_outlive_their_server() -> toolwright::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("notes.json");
        let client = Client::connect(server(&path)?).await?;
        client.call("add_note", json!({ "title": "One", "text": "a" })).await?;
        client.call("add_note", json!({ "title": "Two", "text": "b" })).await?;
        client.call("delete_note", json!({ "id": 2 })).await?;

        let client = Client::connect(server(&path)?).await?;
        let next: Note = client.call("add_note", json!({ "title": "Three", "text": "c" })).await?.data()?;
        assert_eq!(next.id, 3, "the id of a deleted note names no other note");
        let all = client.call("search_notes", json!({ "words": "" })).await?.data::<Vec<Note>>()?;
        assert_eq!(all.iter().map(|note| &*note.title).collect::<Vec<_>>(), ["One", "Three"]);
        Ok(())
    }
}
