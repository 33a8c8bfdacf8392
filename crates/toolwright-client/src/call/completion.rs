use toolwright_core::model::{CompleteParams, CompleteResult, Completion};

use crate::{Client, ClientError, Request, request::Message};

impl Client {
    /// Values that would complete an argument of a prompt or resource template.
    ///
    /// # Example
    /// ```
    /// use toolwright_client::{Client, ClientError};
    /// use toolwright_core::model::{CompleteParams, CompletionReference};
    ///
    /// async fn cities(client: Client, typed: &str) -> Result<Vec<String>, ClientError> {
    ///     let reference = CompletionReference::resource("weather://{city}/now");
    ///     Ok(client.complete(CompleteParams::new(reference, "city", typed)).await?.values)
    /// }
    /// ```
    pub fn complete(&self, params: CompleteParams) -> Request<Completion> {
        let message = complete(self, &params)
            .map_err(|source| ClientError::Encode { what: "the parameters".into(), source });
        Request::new(self, message, "", |done| {
            Ok(done.reply.read::<CompleteResult>("completion/complete")?.completion)
        })
    }
}

fn complete(client: &Client, params: &CompleteParams) -> serde_json::Result<Message> {
    let mut message = client.shared().open("completion/complete");
    message.member("ref", &params.r#ref)?;
    message.member("argument", &params.argument)?;
    if let Some(context) = &params.context {
        message.member("context", context)?;
    }
    Ok(message)
}
