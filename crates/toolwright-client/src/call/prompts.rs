use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};
use toolwright_core::model::{GetPromptResult, ListPromptsResult, Prompt};

use super::{pages::pages, tools::page};
use crate::{Client, ClientError, Request, request::Message};

impl Client {
    /// All prompts. Follows every page.
    ///
    /// # Errors
    /// When the server refuses, or its pages do not end.
    pub async fn prompts(&self) -> Result<Vec<Prompt>, ClientError> {
        pages(|cursor, fresh| {
            let request = self.list_prompts(cursor).fresh_if(fresh);
            async move {
                let page = request.await?;
                Ok((page.prompts, page.next_cursor))
            }
        })
        .await
    }

    /// One page of the list of prompts, the first without a cursor.
    pub fn list_prompts(&self, cursor: Option<String>) -> Request<ListPromptsResult> {
        Request::new(self, page(self, "prompts/list", cursor.as_deref()), "", |done| {
            done.reply.read("prompts/list")
        })
    }

    /// Gets a prompt. Arguments are anything that serializes to an object, or to `null` for none; the protocol knows only
    /// strings there, so other values are sent as their JSON text.
    pub fn prompt(&self, name: impl AsRef<str>, arguments: impl Serialize) -> Request<GetPromptResult> {
        let name = name.as_ref();
        let message = get(self, name, &arguments).map_err(|source| ClientError::Encode {
            what: format!("the arguments of `{name}`").into(),
            source,
        });
        Request::new(self, message, name, |done| done.reply.read("prompts/get"))
    }
}

fn get(client: &Client, name: &str, arguments: &impl Serialize) -> serde_json::Result<Message> {
    let mut message = client.shared().open("prompts/get");
    message.member("name", name)?;
    let arguments: Option<Map<String, Value>> = serde_json::from_value(serde_json::to_value(arguments)?)?;
    if let Some(arguments) = arguments {
        let strings: BTreeMap<_, _> = arguments
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| match value {
                Value::String(text) => (name, text),
                other => (name, other.to_string()),
            })
            .collect();
        message.member("arguments", &strings)?;
    }
    Ok(message)
}
