use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::{Reply, flight::relist};
use crate::{Client, ClientError, validation::Validator};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Light<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    structured_content: Option<&'a RawValue>,
    is_error: Option<bool>,
}

/// Tells `null`, which is a structured value, from no value.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// Whether the result of a call is what the tool's output schema says, if it has one ("Tools", "Output Schema").
pub(super) async fn validated(client: &Client, tool: &str, reply: &Reply) -> Result<(), ClientError> {
    let result: Light<'_> = reply.borrow("tools/call")?;
    if result.is_error == Some(true) {
        return Ok(());
    }
    let catalog = &client.shared().routes.catalog;
    let mut known = catalog.get(tool);
    if known.is_none() {
        relist(client, tool).await?;
        known = catalog.get(tool);
    }
    let Some(known) = known else { return Ok(()) };
    let Some(schema) = &known.output else { return Ok(()) };
    let checked = match known.validator.get_or_init(|| Validator::compile(schema)) {
        Err(reason) => Err(reason.clone()),
        Ok(validator) => match result.structured_content {
            Some(content) => validator.check(content.get().as_bytes()),
            None => Err("it has no structured content".to_owned()),
        },
    };
    checked.map_err(|reason| ClientError::OutputSchema { tool: tool.into(), reason })
}
