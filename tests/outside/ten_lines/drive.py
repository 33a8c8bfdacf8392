#!/usr/bin/env python3
"""Drives the ten lines over stdio in every revision with nothing but JSON lines, and compares each answer."""

import json
import subprocess
import sys

from build import build

SCHEMA = {
    "type": "object",
    "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}},
    "required": ["a", "b"],
    "additionalProperties": False,
}
LEGACY = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"]
# Structured output came with 2025-06-18; a bare number is wrapped until 2026-07-28, which takes any JSON value.
WRAPPED = ["2025-06-18", "2025-11-25"]
META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/clientInfo": {"name": "raw", "version": "1"},
}


def converse(program, messages):
    """Sends all lines, then EOF; gives the answers by id. Nothing but JSON-RPC may stand on stdout, the exit code is 0."""
    lines = "".join(json.dumps({"jsonrpc": "2.0", **message}) + "\n" for message in messages)
    done = subprocess.run([program], input=lines, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, f"exit {done.returncode}: {done.stderr}"
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert all(answer["jsonrpc"] == "2.0" for answer in answers), done.stdout
    by_id = {answer["id"]: answer for answer in answers}
    asked = {message["id"] for message in messages if "id" in message}
    assert len(answers) == len(by_id) and by_id.keys() == asked, f"asked {asked}, answered {done.stdout}"
    return by_id


def same(what, found, expected):
    assert found == expected, f"{what}:\n  found    {json.dumps(found)}\n  expected {json.dumps(expected)}"


def legacy(program, version):
    answers = converse(
        program,
        [
            {
                "id": 1,
                "method": "initialize",
                "params": {"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "raw", "version": "1"}},
            },
            {"method": "notifications/initialized"},
            {"id": "list", "method": "tools/list"},
            {"id": 2, "method": "tools/call", "params": {"name": "add", "arguments": {"a": 2, "b": 3}}},
            {"id": 3, "method": "tools/call", "params": {"name": "add", "arguments": {"a": "two", "b": 3}}},
            {"id": 4, "method": "no/such"},
        ],
    )
    told = answers[1]["result"]
    same(f"{version} version", told["protocolVersion"], version)
    same(f"{version} name", told["serverInfo"]["name"], "demo")
    assert "tools" in told["capabilities"], told
    (tool,) = answers["list"]["result"]["tools"]
    same(f"{version} input", (tool["name"], tool["description"], tool["inputSchema"]), ("add", "Add two numbers.", SCHEMA))
    assert ("outputSchema" in tool) == (version in WRAPPED), tool
    expected = {"content": [{"type": "text", "text": "5"}]}
    if version in WRAPPED:
        expected["structuredContent"] = {"result": 5}
    found = answers[2]["result"]
    assert found.pop("isError", False) is False
    same(f"{version} call", found, expected)
    assert answers[3]["result"]["isError"] is True, answers[3]
    same(f"{version} unknown method", answers[4]["error"]["code"], -32601)
    return 5


def modern(program):
    def ask(id, method, **params):
        return {"id": id, "method": method, "params": {**params, "_meta": META}}

    answers = converse(
        program,
        [
            ask(1, "server/discover"),
            ask("list", "tools/list"),
            ask(2, "tools/call", name="add", arguments={"a": 2, "b": 3}),
            ask(3, "tools/call", name="add", arguments={"a": "two", "b": 3}),
            ask(4, "initialize"),
        ],
    )
    told = answers[1]["result"]
    assert "2026-07-28" in told["supportedVersions"] and "tools" in told["capabilities"], told
    listed = answers["list"]["result"]
    (tool,) = listed["tools"]
    same("modern input", (tool["name"], tool["description"], tool["inputSchema"]), ("add", "Add two numbers.", SCHEMA))
    same("modern output", tool["outputSchema"], {"type": "integer"})
    assert listed["resultType"] == "complete" and listed["ttlMs"] >= 0 and listed["cacheScope"] in ("public", "private"), listed
    found = answers[2]["result"]
    assert found.pop("isError", False) is False
    found.pop("_meta", None)
    same("modern call", found, {"content": [{"type": "text", "text": "5"}], "structuredContent": 5, "resultType": "complete"})
    assert answers[3]["result"]["isError"] is True, answers[3]
    same("modern initialize", answers[4]["error"]["code"], -32601)
    return 5


def main():
    program = build()
    for version in LEGACY:
        print(f"{version}: {legacy(program, version)} answers as expected")
    print(f"2026-07-28: {modern(program)} answers as expected")


if __name__ == "__main__":
    sys.exit(main())
