use std::collections::{BTreeMap, HashMap, HashSet};

use insta::assert_snapshot;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::types::{Booking, Contact, Drawing, Folder, Guest, Shape, When, input, output};

fn taken<T: JsonSchema>() -> String {
    serde_json::to_string(&input::<T>()).unwrap()
}

fn given<T: JsonSchema>() -> String {
    serde_json::to_string(&output::<T>()).unwrap()
}

#[test]
fn numbers_have_limits_and_no_formats() {
    assert_snapshot!(taken::<u8>(), @r#"{"type":"integer","minimum":0,"maximum":255}"#);
    assert_snapshot!(taken::<i64>(), @r#"{"type":"integer"}"#);
    assert_snapshot!(taken::<u32>(), @r#"{"type":"integer","minimum":0}"#);
    assert_snapshot!(taken::<f32>(), @r#"{"type":"number"}"#);
    assert_snapshot!(taken::<f64>(), @r#"{"type":"number"}"#);
    assert_snapshot!(taken::<std::num::NonZeroI32>(), @r#"{"type":"integer","not":{"const":0}}"#);
}

#[test]
fn text_and_lists_and_maps() {
    assert_snapshot!(taken::<char>(), @r#"{"type":"string","minLength":1,"maxLength":1}"#);
    assert_snapshot!(taken::<Vec<u8>>(), @r#"{"type":"array","items":{"type":"integer","minimum":0,"maximum":255}}"#);
    assert_snapshot!(taken::<[i16; 3]>(), @r#"{"type":"array","items":{"type":"integer","minimum":-32768,"maximum":32767},"minItems":3,"maxItems":3}"#);
    assert_snapshot!(taken::<(i64, String)>(), @r#"{"type":"array","prefixItems":[{"type":"integer"},{"type":"string"}],"minItems":2,"maxItems":2}"#);
    assert_snapshot!(taken::<HashSet<bool>>(), @r#"{"type":"array","uniqueItems":true,"items":{"type":"boolean"}}"#);
    assert_snapshot!(taken::<HashMap<String, f64>>(), @r#"{"type":"object","additionalProperties":{"type":"number"}}"#);
    assert_snapshot!(taken::<BTreeMap<u8, bool>>(), @r#"{"type":"object","additionalProperties":false,"patternProperties":{"^\\d+$":{"type":"boolean"}}}"#);
    assert_snapshot!(taken::<Value>(), @"true");
}

#[test]
fn options_are_plain_where_leaving_out_says_the_same() {
    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Search {
        limit: Option<u32>,
        after: Option<Contact>,
        within: Vec<Option<i64>>,
    }
    assert_snapshot!(taken::<Search>(), @r#"{"type":"object","properties":{"limit":{"type":"integer","minimum":0},"after":{"oneOf":[{"type":"object","properties":{"kind":{"type":"string","const":"mail"},"address":{"type":"string"}},"required":["kind","address"],"additionalProperties":false},{"type":"object","properties":{"kind":{"type":"string","const":"phone"},"number":{"type":"string"},"extension":{"type":"integer","minimum":0,"maximum":65535}},"required":["kind","number"],"additionalProperties":false},{"type":"object","properties":{"kind":{"type":"string","const":"none"}},"required":["kind"],"additionalProperties":false}]},"within":{"type":"array","items":{"anyOf":[{"type":"integer"},{"type":"null"}]}}},"required":["within"],"additionalProperties":false}"#);
    assert_snapshot!(given::<Search>(), @r#"{"type":"object","properties":{"limit":{"anyOf":[{"type":"integer","minimum":0},{"type":"null"}]},"after":{"anyOf":[{"oneOf":[{"type":"object","properties":{"kind":{"type":"string","const":"mail"},"address":{"type":"string"}},"required":["kind","address"],"additionalProperties":false},{"type":"object","properties":{"kind":{"type":"string","const":"phone"},"number":{"type":"string"},"extension":{"anyOf":[{"type":"integer","minimum":0,"maximum":65535},{"type":"null"}]}},"required":["kind","number","extension"],"additionalProperties":false},{"type":"object","properties":{"kind":{"type":"string","const":"none"}},"required":["kind"],"additionalProperties":false}]},{"type":"null"}]},"within":{"type":"array","items":{"anyOf":[{"type":"integer"},{"type":"null"}]}}},"required":["limit","after","within"],"additionalProperties":false}"#);
    assert_snapshot!(given::<Option<f64>>(), @r#"{"anyOf":[{"type":"number"},{"type":"null"}]}"#);
}

#[test]
fn structs_are_inlined_and_closed() {
    assert_snapshot!(serde_json::to_string_pretty(&input::<Booking>()).unwrap(), @r#"
        {
          "type": "object",
          "additionalProperties": false,
          "properties": {
            "show": {
              "type": "string",
              "description": "Show id, for example `hamlet-2026-12-01`."
            },
            "seats": {
              "type": "integer",
              "minimum": 1,
              "maximum": 8,
              "description": "How many seats."
            },
            "row": {
              "type": "string",
              "minLength": 1,
              "maxLength": 1,
              "description": "Row, A to Z."
            },
            "class": {
              "type": "string",
              "enum": [
                "stalls",
                "balcony",
                "box"
              ]
            },
            "guests": {
              "type": "array",
              "items": {
                "description": "Someone who comes along.",
                "type": "object",
                "properties": {
                  "name": {
                    "description": "Full name.",
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 40
                  },
                  "age": {
                    "type": "integer",
                    "minimum": 0,
                    "maximum": 255
                  },
                  "contact": {
                    "oneOf": [
                      {
                        "type": "object",
                        "properties": {
                          "kind": {
                            "type": "string",
                            "const": "mail"
                          },
                          "address": {
                            "type": "string"
                          }
                        },
                        "required": [
                          "kind",
                          "address"
                        ],
                        "additionalProperties": false
                      },
                      {
                        "type": "object",
                        "properties": {
                          "kind": {
                            "type": "string",
                            "const": "phone"
                          },
                          "number": {
                            "type": "string"
                          },
                          "extension": {
                            "type": "integer",
                            "minimum": 0,
                            "maximum": 65535
                          }
                        },
                        "required": [
                          "kind",
                          "number"
                        ],
                        "additionalProperties": false
                      },
                      {
                        "type": "object",
                        "properties": {
                          "kind": {
                            "type": "string",
                            "const": "none"
                          }
                        },
                        "required": [
                          "kind"
                        ],
                        "additionalProperties": false
                      }
                    ]
                  }
                },
                "required": [
                  "name",
                  "age"
                ],
                "additionalProperties": false
              },
              "maxItems": 3,
              "default": []
            },
            "notes": {
              "type": "object",
              "additionalProperties": {
                "type": "string"
              },
              "default": {}
            },
            "aisle": {
              "type": "boolean",
              "default": false
            },
            "discount": {
              "type": "number"
            }
          },
          "required": [
            "show",
            "seats"
          ],
          "description": "Where and how to book."
        }
        "#);
    assert_snapshot!(given::<Guest>(), @r#"{"type":"object","properties":{"name":{"type":"string","description":"Full name.","minLength":1,"maxLength":40},"age":{"type":"integer","minimum":0,"maximum":255},"contact":{"anyOf":[{"oneOf":[{"type":"object","properties":{"kind":{"type":"string","const":"mail"},"address":{"type":"string"}},"required":["kind","address"],"additionalProperties":false},{"type":"object","properties":{"kind":{"type":"string","const":"phone"},"number":{"type":"string"},"extension":{"anyOf":[{"type":"integer","minimum":0,"maximum":65535},{"type":"null"}]}},"required":["kind","number","extension"],"additionalProperties":false},{"type":"object","properties":{"kind":{"type":"string","const":"none"}},"required":["kind"],"additionalProperties":false}]},{"type":"null"}]}},"required":["name","age","contact"],"description":"Someone who comes along.","additionalProperties":false}"#);
}

#[test]
fn enums_of_every_representation() {
    assert_snapshot!(taken::<Shape>(), @r#"{"oneOf":[{"type":"string","enum":["Nothing"]},{"type":"object","properties":{"Circle":{"type":"object","properties":{"radius":{"type":"number"}},"required":["radius"],"additionalProperties":false}},"required":["Circle"],"additionalProperties":false},{"type":"object","properties":{"Square":{"type":"number"}},"required":["Square"],"additionalProperties":false},{"type":"object","properties":{"Line":{"type":"array","prefixItems":[{"type":"array","prefixItems":[{"type":"integer"},{"type":"integer"}],"minItems":2,"maxItems":2},{"type":"array","prefixItems":[{"type":"integer"},{"type":"integer"}],"minItems":2,"maxItems":2}],"minItems":2,"maxItems":2}},"required":["Line"],"additionalProperties":false}]}"#);
    assert_snapshot!(taken::<Contact>(), @r#"{"type":"object","oneOf":[{"type":"object","properties":{"kind":{"type":"string","const":"mail"},"address":{"type":"string"}},"required":["kind","address"],"additionalProperties":false},{"type":"object","properties":{"kind":{"type":"string","const":"phone"},"number":{"type":"string"},"extension":{"type":"integer","minimum":0,"maximum":65535}},"required":["kind","number"],"additionalProperties":false},{"type":"object","properties":{"kind":{"type":"string","const":"none"}},"required":["kind"],"additionalProperties":false}]}"#);
    assert_snapshot!(taken::<When>(), @r#"{"anyOf":[{"type":"integer"},{"type":"string"},{"type":"object","properties":{"from":{"type":"integer"},"to":{"type":"integer"}},"required":["from","to"],"additionalProperties":false}]}"#);
}

#[test]
fn only_recursive_types_are_definitions() {
    assert_snapshot!(taken::<Folder>(), @r##"{"type":"object","properties":{"name":{"type":"string"},"folders":{"type":"array","items":{"$ref":"#/$defs/Folder"}}},"required":["name","folders"],"description":"A folder.","additionalProperties":false,"$defs":{"Folder":{"type":"object","properties":{"name":{"type":"string"},"folders":{"type":"array","items":{"$ref":"#/$defs/Folder"}}},"required":["name","folders"],"description":"A folder.","additionalProperties":false}}}"##);
    let drawing = input::<Drawing>();
    assert_eq!(drawing["$defs"].as_object().unwrap().keys().collect::<Vec<_>>(), ["Folder"]);
}

#[test]
fn objects_that_take_more_members_stay_open() {
    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Open {
        id: u8,
        #[serde(flatten)]
        rest: HashMap<String, Value>,
    }
    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Flat {
        id: u8,
        #[serde(flatten)]
        shape: Shape,
    }
    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Merged {
        id: u8,
        #[serde(flatten)]
        guest: Guest,
    }
    assert_snapshot!(taken::<Open>(), @r#"{"type":"object","properties":{"id":{"type":"integer","minimum":0,"maximum":255}},"required":["id"],"additionalProperties":true}"#);
    assert_snapshot!(taken::<Flat>(), @r#"{"type":"object","properties":{"id":{"type":"integer","minimum":0,"maximum":255}},"required":["id"],"oneOf":[{"type":"object","properties":{"Circle":{"type":"object","properties":{"radius":{"type":"number"}},"required":["radius"],"additionalProperties":false}},"required":["Circle"]},{"type":"object","properties":{"Square":{"type":"number"}},"required":["Square"]},{"type":"object","properties":{"Line":{"type":"array","prefixItems":[{"type":"array","prefixItems":[{"type":"integer"},{"type":"integer"}],"minItems":2,"maxItems":2},{"type":"array","prefixItems":[{"type":"integer"},{"type":"integer"}],"minItems":2,"maxItems":2}],"minItems":2,"maxItems":2}},"required":["Line"]},{"type":"object","properties":{"Nothing":{"type":"null"}},"required":["Nothing"]}]}"#);
    assert_snapshot!(taken::<Merged>(), @r#"{"type":"object","properties":{"id":{"type":"integer","minimum":0,"maximum":255},"name":{"type":"string","description":"Full name.","minLength":1,"maxLength":40},"age":{"type":"integer","minimum":0,"maximum":255},"contact":{"oneOf":[{"type":"object","properties":{"kind":{"type":"string","const":"mail"},"address":{"type":"string"}},"required":["kind","address"],"additionalProperties":false},{"type":"object","properties":{"kind":{"type":"string","const":"phone"},"number":{"type":"string"},"extension":{"type":"integer","minimum":0,"maximum":65535}},"required":["kind","number"],"additionalProperties":false},{"type":"object","properties":{"kind":{"type":"string","const":"none"}},"required":["kind"],"additionalProperties":false}]}},"required":["id","name","age"],"description":"Someone who comes along.","additionalProperties":false}"#);
}

#[test]
fn what_authors_say_stays() {
    #[derive(Serialize, Deserialize, JsonSchema)]
    #[schemars(title = "A stamp", example = &"2026-07-28T00:00:00Z")]
    struct Stamp(#[schemars(extend("format" = "date-time"))] String);
    #[derive(Serialize, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    struct Filter {
        #[schemars(regex(pattern = r"^[a-z]+$"))]
        word: String,
        at: Stamp,
        #[serde(default = "ten")]
        limit: u16,
    }
    fn ten() -> u16 {
        10
    }
    assert_snapshot!(taken::<Filter>(), @r#"{"type":"object","additionalProperties":false,"properties":{"word":{"type":"string","pattern":"^[a-z]+$"},"at":{"type":"string","title":"A stamp","examples":["2026-07-28T00:00:00Z"],"format":"date-time"},"limit":{"type":"integer","minimum":0,"maximum":65535,"default":10}},"required":["word","at"]}"#);
}
