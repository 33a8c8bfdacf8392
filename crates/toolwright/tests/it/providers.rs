//! `#[provider]`: methods that share one value.
use std::sync::Mutex;

use toolwright::prelude::*;

use crate::support::{call, connect};

struct Shop {
    stock: Mutex<Vec<String>>,
}

#[provider]
impl Shop {
    /// Puts an item on the shelf.
    #[tool(annotations(idempotent))]
    async fn put(
        &self,
        item: String,
        #[arg(default = 1, range(1..=3))] times: usize,
    ) -> Result<usize, HandlerError> {
        let mut stock = self.stock.lock().map_err(|_| "the shelf broke")?;
        stock.extend(std::iter::repeat_n(item, times));
        Ok(stock.len())
    }

    #[tool(blocking)]
    fn count(&self, context: Context) -> usize {
        let _ = context;
        self.stock.lock().map_or(0, |stock| stock.len())
    }

    #[tool]
    fn version(prefix: &str) -> String {
        format!("{prefix}1")
    }

    #[resource("shop://{item}")]
    async fn item(&self, item: &str) -> Option<String> {
        let stock = self.stock.lock().ok()?;
        stock.iter().find(|known| *known == item).cloned()
    }

    #[prompt]
    fn advertise(&self, item: String) -> String {
        format!("{item}, one of {}", self.stock.lock().map_or(0, |stock| stock.len()))
    }

    #[completion(item.item)]
    fn items(&self, typed: &str) -> Vec<String> {
        let stock = self.stock.lock().map_or_else(|_| Vec::new(), |stock| stock.clone());
        stock.into_iter().filter(|item| item.starts_with(typed)).collect()
    }
}

#[tokio::test]
async fn methods_are_components_of_one_value() {
    let server = Server::builder("shop").provider(Shop { stock: Mutex::default() }).build().unwrap();
    let client = connect(server).await;
    assert_eq!(call(&client, "put", json!({ "item": "tea", "times": 2 })).await.unwrap(), "2");
    assert_eq!(call(&client, "put", json!({ "item": "milk" })).await.unwrap(), "3");
    assert_eq!(call(&client, "count", json!({})).await.unwrap(), "3");
    assert_eq!(call(&client, "version", json!({ "prefix": "v" })).await.unwrap(), "v1");
    assert!(call(&client, "put", json!({ "item": "tea", "times": 4 })).await.is_err());

    let read = client.read("shop://tea").await.unwrap();
    assert_eq!(serde_json::to_value(&read.contents).unwrap()[0]["text"], "tea");
    assert!(client.read("shop://coffee").await.is_err());

    let said = client.prompt("advertise", json!({ "item": "tea" })).await.unwrap();
    assert_eq!(serde_json::to_value(&said.messages).unwrap()[0]["content"]["text"], "tea, one of 3");

    use toolwright::core::model::{CompleteParams, CompletionReference as Reference};
    let params = CompleteParams::new(Reference::resource("shop://{item}"), "item", "m");
    assert_eq!(client.complete(params).await.unwrap().values, ["milk"]);
}
