//! Schemas that clients have to leave as they are.
use toolwright::prelude::*;

/// Take an argument that clients repeat in an HTTP header.
#[tool(annotations(read_only))]
fn test_x_mcp_header(#[arg(header = "Region")] region: &str) -> String {
    format!("Region: {region}")
}

/// A tool whose schema is written by hand.
fn json_schema_2020_12_tool() -> Tool {
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "$defs": {
            "address": {
                "$anchor": "addressDef",
                "type": "object",
                "properties": { "street": { "type": "string" }, "city": { "type": "string" } },
            },
        },
        "properties": {
            "name": { "type": "string" },
            "address": { "$ref": "#/$defs/address" },
            "contactMethod": { "type": "string", "enum": ["phone", "email"] },
            "phone": { "type": "string" },
            "email": { "type": "string" },
        },
        "allOf": [{ "anyOf": [{ "required": ["phone"] }, { "required": ["email"] }] }],
        "if": { "properties": { "contactMethod": { "const": "phone" } }, "required": ["contactMethod"] },
        "then": { "required": ["phone"] },
        "else": { "required": ["email"] },
        "additionalProperties": false,
    });
    Tool::new("json_schema_2020_12_tool")
        .description("Take arguments that a schema with all features of JSON Schema 2020-12 describes.")
        .input_schema(schema)
        .handler(async |Args(given): Args<serde_json::Value>| {
            format!("JSON Schema 2020-12 tool called with: {given}")
        })
}

pub(crate) fn tools() -> Vec<Tool> {
    [tools![test_x_mcp_header], [json_schema_2020_12_tool()]].concat()
}
