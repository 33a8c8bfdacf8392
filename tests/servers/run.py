#!/usr/bin/env python3
"""Lets our client call everything that servers of others offer, over stdio, over HTTP and over the older pair of SSE and POST.

    tests/servers/run.py                    every server, transport and era
    tests/servers/run.py --only mcp         one server (or one transport, or one era)
    tests/servers/run.py --update           writes the expected transcripts anew
    tests/servers/run.py --rmcp             only the server in `rmcp/`, which is built first

The driver, a program of ours that uses the client as an application would, calls what `plan/<server>.json` names, in its
order; a component that the server lists and the plan does not name is a failure. What came back must equal
`expected/<server>.<era>.json`, over every transport. See README.md.
"""

import argparse
import concurrent.futures
import contextlib
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import typing

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "harness"))

import examples  # noqa: E402
import hosting  # noqa: E402
from install import Cache, default_cache, execute  # noqa: E402
from transcripts import differences, normal, pretty, uncalled  # noqa: E402

MODERN, AUTO = "2026-07-28", "auto"
# Texts beyond this are compared by their digest.
LONGEST = 400


class Row(typing.NamedTuple):
    """One line of the report."""

    server: str
    transport: str
    era: str


def drive(cache, driver, plan, row):
    """Runs the driver against one server; gives its transcript and what went wrong beside it."""
    with tempfile.TemporaryDirectory() as folder:
        folder = os.path.realpath(folder)
        command = [part.replace("{tmp}", folder) for part in hosting.command(cache, plan, row.transport)]
        task = json.loads(json.dumps(plan).replace("{tmp}", folder))
        for name, text in task.get("files", {}).items():
            path = pathlib.Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        environment = task.get("env", {})
        task.update(era=row.era, cwd=folder)
        with contextlib.ExitStack() as stack:
            if row.transport == hosting.STDIO:
                task["command"] = command
            else:
                server = hosting.Listening(command, row.transport, folder, environment)
                task["url"] = stack.enter_context(server).url
            path = pathlib.Path(folder) / "task.json"
            path.write_text(json.dumps(task))
            printed = execute([driver, path], timeout=180)
        problems = [f"left a process behind: {line}" for line in hosting.left_behind(folder)]
        return readable(plan, normal(json.loads(printed.replace(folder, "{tmp}")))), problems


def readable(plan, transcript):
    """The transcript without what differs from run to run, and with the digests of long texts."""
    text = json.dumps(transcript, ensure_ascii=False)
    for pattern, substitute in plan.get("masks", []):
        text = re.sub(pattern, substitute, text)
    transcript = json.loads(text)
    for call, reason in plan.get("hidden", {}).items():
        if call in transcript:
            transcript[call] = {kind: f"hidden: {reason}" for kind in transcript[call]}
    return shortened(transcript)


def shortened(value):
    if isinstance(value, dict):
        return {key: shortened(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shortened(item) for item in value]
    if isinstance(value, str) and len(value) > LONGEST:
        return f"{value[:60]}... ({len(value)} characters, SHA-256 {hashlib.sha256(value.encode()).hexdigest()[:16]})"
    return value


def expected_path(plan, row):
    # Asked to find out by itself, the client has to end up in the modern era where there is one.
    era = row.era if row.era != AUTO else MODERN if MODERN in plan["eras"] else "legacy"
    return HERE / f"expected/{row.server}.{era}.json"


def check(plan, row, found, update):
    """What is wrong about one transcript."""
    path = expected_path(plan, row)
    problems = [f"{call}: {answer['failure']}" for call, answer in found.items() if "failure" in answer]
    problems += uncalled(plan, found)
    if update and not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_text(pretty(found))
    expected = json.loads(path.read_text()) if path.exists() else {}
    if expected != found:
        problems.append("answers differ (- expected, + found):\n" + differences(expected, found))
    return problems


def build_rmcp():
    """Builds the server of `rmcp/`, which is no part of the workspace; gives its program."""
    folder = HERE / "rmcp"
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", HERE.parents[1] / "target")) / "rmcp-server"
    execute(["cargo", "build", "--locked", "--quiet"], cwd=folder, env={**os.environ, "CARGO_TARGET_DIR": str(target)})
    return str(target / "debug/toolwright-rmcp-server")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", default=default_cache("outside"), help="where the servers are installed")
    parser.add_argument("--only", action="append", default=[], help="a server, a transport or an era; may be repeated")
    parser.add_argument("--update", action="store_true", help="write expected transcripts")
    parser.add_argument("--rmcp", action="store_true", help="the server in rmcp/, which CI leaves out")
    parser.add_argument("--jobs", type=int, default=min(os.cpu_count() or 1, 4))
    given = parser.parse_args()

    plans = {path.stem: json.loads(path.read_text()) for path in sorted((HERE / "plan").glob("*.json"))}
    plans = {name: plan for name, plan in plans.items() if (plan["kind"] == "cargo") == given.rmcp}
    rows = [Row(name, transport, era) for name, plan in plans.items() for transport in plan["over"] for era in plan["eras"]]
    for column in zip(*rows):
        if asked := set(given.only) & set(column):
            rows = [row for row in rows if asked & set(row)]
    if given.update:
        for row in rows:
            expected_path(plans[row.server], row).unlink(missing_ok=True)
    if given.rmcp:
        for plan in plans.values():
            plan["program"] = build_rmcp()
    driver = examples.build(["drive_server"], package="toolwright-tests")["drive_server"]
    cache = Cache(given.cache)

    failed = False
    print(f"{'server':<12} {'transport':<10} {'era':<12} {'calls':>5}")
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        runs = [(row, pool.submit(drive, cache, driver, plans[row.server], row)) for row in rows]
        for row, run in runs:
            found = {}
            try:
                found, problems = run.result()
                problems += check(plans[row.server], row, found, given.update)
            except (RuntimeError, subprocess.TimeoutExpired) as error:
                problems = [str(error)]
            calls = sum(1 for call in found if "/" in call or call == "ping")
            print(f"{row.server:<12} {row.transport:<10} {row.era:<12} {calls:>5}  {'FAILED' if problems else 'ok'}", flush=True)
            for problem in problems:
                failed = True
                print(f"  {problem}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
