"""The MCP Inspector's command line: one process per call.

Completion is beyond it, it answers no question of a server, and it turns arguments into what the schema wants before it
sends them.
"""

import json
import os
import re
import subprocess
import sys
import tempfile

from walk import TASK, compact, distinct

ERA = "legacy" if TASK["era"] == "legacy" else "modern"
ENV = {**os.environ, "HOME": tempfile.mkdtemp(dir=TASK["cwd"]), **TASK["env"]}


def inspect(*options):
    command = [*TASK["inspector"], "--cli", "--protocol-era", ERA, "--format", "json", *options]
    if "url" in TASK:
        command += ["--transport", "http", "--server-url", TASK["url"]]
    else:
        command += ["--", *TASK["command"]]
    return subprocess.run(
        command, env=ENV, cwd=TASK["cwd"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
    )


def call(*options):
    done = inspect(*options)
    if found := re.search(r"^\{.*\}$", done.stdout, re.MULTILINE):
        return {"result": json.loads(found[0])["result"]}
    if found := re.search(r'^\{"error".*\}$', done.stderr, re.MULTILINE):
        return {"error": json.loads(found[0])["error"]}
    raise RuntimeError(f"{options}: exit {done.returncode}\n{done.stdout}{done.stderr}")


def lint():
    """The portability report of `--strict`: errors end with exit code 6, warnings only stand in the report."""
    done = inspect("--method", "tools/list", "--strict")
    if done.returncode != 0 or re.search(r"^(Error|Warning): tool", done.stderr, re.MULTILINE):
        sys.exit(f"tool schemas are not portable (exit {done.returncode}):\n{done.stderr}")
    tools = json.loads(done.stdout)["result"]["tools"]
    return {"result": {"tools": tools}}


def main():
    answers = {"tools/list": lint()}

    def record(key, *options):
        answers[distinct(key, answers)] = call("--method", key.split()[0], *options)

    for name, calls in TASK.get("tools", {}).items():
        for given in calls:
            text = compact(given)
            record(f"tools/call {name} {text}", "--tool-name", name, "--tool-args-json", text)
    if TASK.get("resources") or TASK.get("templates"):
        record("resources/list")
        record("resources/templates/list")
    for uri in TASK.get("resources", []) + [uri for of in TASK.get("templates", {}).values() for uri in of]:
        record(f"resources/read {uri}", "--uri", uri)
    if TASK.get("prompts"):
        record("prompts/list")
    for name, calls in TASK.get("prompts", {}).items():
        for given in calls:
            pairs = [f"{key}={value}" for key, value in given.items()]
            args = ["--prompt-args", *pairs] if pairs else []
            record(f"prompts/get {name} {compact(given)}", "--prompt-name", name, *args)
    print(json.dumps(answers, ensure_ascii=False))


main()
