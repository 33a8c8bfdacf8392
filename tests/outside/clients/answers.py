"""The fixed answers that a client gives to a server's questions. `answers.mjs` gives the same ones."""

FORMATS = {"email": "ada@example.com", "uri": "https://example.com/", "date": "2026-07-28", "date-time": "2026-07-28T12:00:00Z"}

SAMPLING = {
    "role": "assistant",
    "content": {"type": "text", "text": "A fixed answer."},
    "model": "fixed",
    "stopReason": "endTurn",
}

ROOTS = {"roots": [{"uri": "file:///project", "name": "project"}]}


def value(schema):
    if "default" in schema:
        return schema["default"]
    if schema.get("enum"):
        return schema["enum"][0]
    if choices := schema.get("oneOf") or schema.get("anyOf"):
        return choices[0]["const"]
    match schema.get("type"):
        case "array":
            return [value(schema["items"])]
        case "boolean":
            return True
        case "integer":
            return schema.get("minimum", 7)
        case "number":
            return schema.get("minimum", 0.5)
        case _:
            return FORMATS.get(schema.get("format"), "Ada")


def elicitation(params, planned):
    """`params` as on the wire."""
    if given := (planned or {}).get(params["message"]):
        return given
    if params.get("mode") == "url":
        return {"action": "accept"}
    properties = params["requestedSchema"]["properties"]
    return {"action": "accept", "content": {name: value(schema) for name, schema in properties.items()}}
