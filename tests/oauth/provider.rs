use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use crate::Failure;

/// The authorization server.
#[derive(Clone, Deserialize)]
pub(crate) struct Provider {
    pub(crate) issuer: String,
    pub(crate) identity_provider: String,
    /// The client id that is the URL of a document.
    pub(crate) document: String,
    clients: HashMap<String, HashMap<String, String>>,
}

impl Provider {
    pub(crate) fn read(text: &str) -> Result<Self, Failure> {
        Ok(serde_json::from_str(text)?)
    }

    pub(crate) fn of_client(&self, client: &str, member: &str) -> String {
        self.clients[client][member].clone()
    }

    /// Has it do something beside the protocol.
    pub(crate) async fn control(&self, what: &str) -> Result<Value, reqwest::Error> {
        reqwest::get(format!("{}/{what}", self.issuer)).await?.error_for_status()?.json().await
    }

    /// How often something happened: a grant, an error.
    pub(crate) async fn count(&self, what: &str) -> Result<u64, Failure> {
        Ok(self.control("counts").await?[what].as_u64().unwrap_or_default())
    }
}
