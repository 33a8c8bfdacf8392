use serde_json::{Value, json};
use toolwright_core::{Raw, model::*};

fn written<T: serde::Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap()
}

/// Why the text is no `T`, without the position.
fn refusal<T: serde::de::DeserializeOwned>(text: &str) -> String {
    let reason = serde_json::from_str::<T>(text).map(|_| ()).unwrap_err().to_string();
    reason.split(" at line").next().unwrap().to_owned()
}

#[test]
fn structured_content_null_is_a_value() {
    let null: CallToolResult = serde_json::from_str(r#"{"content":[],"structuredContent":null}"#).unwrap();
    assert_eq!(null.structured_content.as_ref().map(Raw::as_str), Some("null"));
    assert_eq!(written(&null), json!({ "content": [], "structuredContent": null }));

    let none: CallToolResult = serde_json::from_str(r#"{"content":[]}"#).unwrap();
    assert_eq!(written(&none), json!({ "content": [] }));

    let block = r#"{"type":"tool_result","toolUseId":"1","content":[],"structuredContent":null}"#;
    let block: SamplingContent = serde_json::from_str(block).unwrap();
    assert_eq!(written(&block)["structuredContent"], Value::Null);
    assert!(written(&block).as_object().unwrap().contains_key("structuredContent"));
}

#[test]
fn answers_and_state_must_not_be_null() {
    let text = |member: &str| format!(r#"{{"name":"x","{member}":null}}"#);
    assert_eq!(refusal::<CallToolParams>(&text("inputResponses")), "invalid type: null, expected a map");
    assert_eq!(refusal::<GetPromptParams>(&text("requestState")), "invalid type: null, expected a string");
}

#[test]
fn answers_of_any_shape_are_kept_until_they_are_read() {
    let text = r#"{"uri":"note://1","inputResponses":{"a":{"action":"accept"},"other":7}}"#;
    let params: ReadResourceParams = serde_json::from_str(text).unwrap();
    let answers = params.input_responses.unwrap();
    assert_eq!(answers.get("a").unwrap().read::<ElicitResult>().unwrap().action, ElicitAction::Accept);
    assert!(answers.get("other").unwrap().read::<ElicitResult>().is_err());
}

#[test]
fn the_tag_of_a_block_may_stand_anywhere() {
    let blocks = [
        json!({ "type": "text", "text": "a" }),
        json!({ "type": "image", "data": "AA==", "mimeType": "image/png" }),
        json!({ "type": "audio", "data": "AA==", "mimeType": "audio/wav" }),
        json!({ "type": "resource_link", "uri": "note://1", "name": "one" }),
        json!({ "type": "resource", "resource": { "uri": "note://1", "text": "a" } }),
    ];
    for block in blocks {
        let inner = block.as_object().unwrap().clone();
        let kind = inner["type"].clone();
        let rest: Vec<String> = inner
            .iter()
            .filter(|(key, _)| *key != "type")
            .map(|(key, value)| format!("{}:{value}", json!(key)))
            .collect();
        for text in [
            format!(r#"{{"type":{kind},{}}}"#, rest.join(",")),
            format!(r#"{{{},"type":{kind}}}"#, rest.join(",")),
        ] {
            let read: ContentBlock = serde_json::from_str(&text).unwrap();
            assert_eq!(written(&read), block, "{text}");
        }
        assert_eq!(written(&serde_json::from_value::<ContentBlock>(block.clone()).unwrap()), block);
    }
}

#[test]
fn a_block_says_what_is_wrong_with_it() {
    assert_eq!(
        refusal::<ContentBlock>(r#"{"type":"video"}"#),
        "unknown variant `video`, expected one of `text`, `image`, `audio`, `resource_link`, `resource`"
    );
    assert_eq!(refusal::<ContentBlock>(r#"{"text":"a"}"#), "missing field `type`");
    assert_eq!(refusal::<ContentBlock>(r#"{"text":"a","type":"image"}"#), "missing field `data`");
    assert_eq!(
        refusal::<ResourceContents>(r#"{"uri":"note://1"}"#),
        "resource contents have neither `text` nor `blob`"
    );
}

#[test]
fn sampling_remembers_whether_content_was_a_list() {
    let one = r#"{"role":"user","content":{"type":"text","text":"a"}}"#;
    let many = r#"{"role":"user","content":[{"type":"text","text":"a"}]}"#;
    for text in [one, many] {
        let message: SamplingMessage = serde_json::from_str(text).unwrap();
        assert_eq!(message.content.as_slice(), [SamplingContent::text("a")]);
        assert_eq!(serde_json::to_string(&message).unwrap(), text);
    }
}

#[test]
fn numbers_keep_their_written_form() {
    for text in [
        r#"{"progressToken":1,"progress":1}"#,
        r#"{"progressToken":"1","progress":1.0,"total":2.5}"#,
        r#"{"progressToken":-1,"progress":0.5,"total":3}"#,
    ] {
        let params: ProgressParams = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&params).unwrap(), text);
    }
}

#[test]
fn progress_tokens_are_strings_or_integers() {
    let read = |text: &str| serde_json::from_str::<ProgressToken>(text);
    assert_eq!(read("1.0").unwrap(), ProgressToken::Integer(1));
    assert_eq!(read("-7").unwrap(), ProgressToken::Integer(-7));
    assert_eq!(read("\"\"").unwrap(), ProgressToken::String(String::new()));
    for refused in ["1.5", "null", "true", "[]", "{}", "9223372036854775808", "1e300"] {
        assert!(read(refused).is_err(), "{refused}");
    }
}

#[test]
fn a_person_may_fill_in_fractions() {
    let text = r#"{"action":"accept","content":{"a":1.5,"b":2,"c":true,"d":"x","e":["y"]}}"#;
    let result: ElicitResult = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&result).unwrap(), text);

    #[derive(serde::Deserialize, Debug, PartialEq)]
    struct Filled {
        a: f64,
        e: Vec<String>,
    }
    assert_eq!(result.read::<Filled>().unwrap(), Filled { a: 1.5, e: vec!["y".to_owned()] });

    assert!(
        refusal::<ElicitResult>(r#"{"action":"accept","content":{"a":{}}}"#)
            .starts_with("expected a string, a number, a boolean or a list of strings")
    );
}

#[test]
fn a_form_is_kept_verbatim() {
    let schema = r#"{"$schema":"https://json-schema.org/draft/2020-12/schema", "type":"object","properties":{"b":{"type":"string","x-own":1},"a":{"type":"boolean"}}}"#;
    let text = format!(r#"{{"requestedSchema":{schema},"message":"m"}}"#);
    let ElicitParams::Form(form) = serde_json::from_str(&text).unwrap() else { panic!("a form") };
    assert_eq!(form.requested_schema.as_str(), schema);

    let fields: RequestedSchema = form.requested_schema.read().unwrap();
    assert_eq!(fields.properties.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["b", "a"]);
}

#[test]
fn an_elicitation_without_mode_is_a_form() {
    let form = r#"{"message":"m","requestedSchema":{"type":"object","properties":{}}}"#;
    assert!(matches!(serde_json::from_str(form).unwrap(), ElicitParams::Form(_)));
    assert_eq!(
        refusal::<ElicitParams>(r#"{"mode":"voice","message":"m"}"#),
        "unknown variant `voice`, expected `form` or `url`"
    );
    assert_eq!(refusal::<ElicitParams>(r#"{"mode":"url","message":"m"}"#), "missing field `url`");
}

#[test]
fn an_input_request_may_have_its_params_first() {
    let text = r#"{"params":{"message":"m","requestedSchema":{"type":"object","properties":{}}},"method":"elicitation/create"}"#;
    let request: InputRequest = serde_json::from_str(text).unwrap();
    assert_eq!(request.method(), Method::Elicit);
    assert!(refusal::<InputRequest>(r#"{"method":"tools/call","params":{}}"#).starts_with("unknown variant"));
    assert_eq!(
        refusal::<InputRequest>(r#"{"method":"elicitation/create","params":{}}"#),
        "malformed `params` of `elicitation/create`: missing field `message`"
    );
}

#[test]
fn a_request_s_meta_tells_absent_from_malformed() {
    let read = |text: &str| serde_json::from_str::<RequestMeta>(text);
    assert_eq!(read("{}").unwrap(), RequestMeta::new());
    let key = "io.modelcontextprotocol/clientInfo";
    for (value, reason) in
        [("null", "invalid type: null"), ("{}", "missing field `name`"), ("3", "invalid type: integer `3`")]
    {
        let error = read(&format!(r#"{{"{key}":{value}}}"#)).unwrap_err().to_string();
        assert!(error.starts_with(&format!("malformed `{key}` in `_meta`: {reason}")), "{error}");
    }
}

#[test]
fn a_request_s_meta_comes_back_with_all_its_members() {
    let text = r#"{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{"roots":{},"extensions":{"com.example/x":{}}},"io.modelcontextprotocol/clientInfo":{"name":"c","version":"1"},"io.modelcontextprotocol/logLevel":"debug","progressToken":1,"traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","tracestate":"a=b","baggage":"k=v","com.example/own":null}"#;
    let meta: RequestMeta = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&meta).unwrap(), text);
    assert_eq!(meta.protocol_version.unwrap().as_str(), "2026-07-28");
    assert_eq!(meta.other.iter().count(), 1);
}

#[test]
fn unknown_members_are_ignored() {
    let text = r#"{"roots":{"listChanged":true,"more":1},"elicitation":{},"future":[],"sampling":{"x":{}}}"#;
    let capabilities: ClientCapabilities = serde_json::from_str(text).unwrap();
    assert_eq!(
        written(&capabilities),
        json!({ "roots": { "listChanged": true }, "elicitation": {}, "sampling": {} })
    );
    let params: CallToolParams = serde_json::from_str(r#"{"name":"x","more":{"a":[1]}}"#).unwrap();
    assert_eq!(params, CallToolParams::new("x"));
}

#[test]
fn a_schema_keeps_every_keyword() {
    let text = r#"{"name":"x","inputSchema":{"type":"object", "x-mcp-header":"A","$defs":{}}}"#;
    let tool: Tool = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&tool).unwrap(), text);
}

#[test]
fn levels_are_ordered() {
    assert!(LoggingLevel::ALL.windows(2).all(|pair| pair[0] < pair[1]));
    for level in LoggingLevel::ALL {
        assert_eq!(written(&level), level.as_str());
        assert_eq!(level.as_str().parse(), Ok(level));
    }
    assert!("loud".parse::<LoggingLevel>().is_err());
}

#[test]
fn every_method_name_is_known_once() {
    let mut names = Method::KNOWN.to_vec();
    for name in &names {
        assert_eq!(Method::from(*name).as_str(), *name);
        assert!(!matches!(Method::from(*name), Method::Other(_)));
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Method::KNOWN.len());
}
