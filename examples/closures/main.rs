//! No attributes at all: tools, resources, prompts and completions are made by builders, and closures handle them.
//! What is only known when the program runs, such as the shelves of this library, decides what there is.
use std::{collections::BTreeMap, sync::Arc};

use toolwright::{arguments::Variables, prelude::*};

type Shelves = BTreeMap<String, Vec<String>>;

#[model]
struct Search {
    /// A part of the title.
    title: String,
}

#[model]
struct Which {
    shelf: String,
}

fn server(shelves: Shelves) -> toolwright::Result<Server> {
    let shelves = Arc::new(shelves);
    let mut builder = Server::builder("library");
    for shelf in shelves.keys() {
        let find = Tool::new(format!("find_{shelf}")).description(format!("Find books about {shelf}."));
        let shelf = shelf.clone();
        builder = builder
            .tool(find.handler(move |shelves: State<Arc<Shelves>>, Args(search): Args<Search>| {
            let books = shelves[&shelf].clone();
            async move { books.into_iter().filter(|book| book.contains(&search.title)).collect::<Vec<_>>() }
        }));
    }
    let catalog = Resource::new("library://shelves").name("shelves").mime("application/json").handler({
        let shelves = Arc::clone(&shelves);
        move || {
            let shelves = Arc::clone(&shelves);
            async move { json!(shelves.keys().collect::<Vec<_>>()) }
        }
    });
    let shelf = Resource::new("library://shelves/{shelf}").name("shelf").handler(
        async |shelves: State<Arc<Shelves>>, Args(which): Args<Which>| shelves.get(&which.shelf).cloned(),
    );
    let recommend = Prompt::new("recommend")
        .description("Recommend a book from a shelf.")
        .handler(async |Args(which): Args<Which>| format!("Which book about {} should I read?", which.shelf));
    let complete = {
        let shelves = Arc::clone(&shelves);
        move |_: Context, typed: String, _: Variables| {
            let names: Vec<_> = shelves.keys().filter(|name| name.starts_with(&typed)).cloned().collect();
            async move { Ok(names) }
        }
    };
    Ok(builder
        .resource(catalog)
        .resource(shelf)
        .prompt(recommend)
        .completion(Completion::prompt("recommend", "shelf").handler(complete.clone()))
        .completion(Completion::resource("shelf", "shelf").handler(complete))
        .state(shelves)
        .build()?)
}

fn shelves() -> Shelves {
    let shelf =
        |name: &str, books: &[&str]| (name.to_owned(), books.iter().map(ToString::to_string).collect());
    BTreeMap::from([
        shelf("cooking", &["Salt", "Bread at Home"]),
        shelf("gardens", &["Salt Marshes", "Roses"]),
    ])
}

#[tokio::main]
async fn main() -> toolwright::Result<()> {
    server(shelves())?.run().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use toolwright::{
        core::model::{CompleteParams, CompletionReference},
        testing::in_every_era,
    };

    #[tokio::test]
    async fn closures_serve_all_kinds() -> toolwright::Result<()> {
        in_every_era(server(shelves())?, async |client| {
            let names: Vec<_> = client.tools().await?.into_iter().map(|tool| tool.name).collect();
            assert_eq!(names, ["find_cooking", "find_gardens"]);
            let found =
                client.call("find_gardens", json!({ "title": "Salt" })).await?.data::<Vec<String>>()?;
            assert_eq!(found, ["Salt Marshes"]);
            let shelf = json!(client.read("library://shelves/cooking").await?.contents);
            assert_eq!(shelf[0]["text"], r#"["Salt","Bread at Home"]"#);
            assert!(client.read("library://shelves/maps").await.unwrap_err().is_not_found());
            assert_eq!(
                json!(client.read("library://shelves").await?.contents)[0]["text"],
                r#"["cooking","gardens"]"#
            );
            let prompt = json!(client.prompt("recommend", json!({ "shelf": "gardens" })).await?.messages);
            assert_eq!(prompt[0]["content"]["text"], "Which book about gardens should I read?");
            for reference in [
                CompletionReference::prompt("recommend"),
                CompletionReference::resource("library://shelves/{shelf}"),
            ] {
                assert_eq!(
                    client.complete(CompleteParams::new(reference, "shelf", "g")).await?.values,
                    ["gardens"]
                );
            }
            Ok::<_, toolwright::Error>(())
        })
        .await;
        Ok(())
    }
}
