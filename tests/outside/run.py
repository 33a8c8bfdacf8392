#!/usr/bin/env python3
"""Lets clients that others wrote call everything that our example servers offer, over stdio and over HTTP.

    tests/outside/run.py                        every server, transport, client and era
    tests/outside/run.py --only notes           one server (or one client, or one transport)
    tests/outside/run.py --update               writes the expected transcripts and counts anew
    tests/outside/run.py --server S --plan F    another server, a command or a URL, printing its transcript

Each client calls what `plan/<server>.json` names, in its order; a component that the server lists and the plan does not
name is a failure. The answers of all clients of one era must equal `expected/<server>.<era>.json`, over either transport;
`counts.json` holds how many calls each must have made. See README.md.
"""

import argparse
import concurrent.futures
import contextlib
import json
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile
import typing

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "harness"))

import examples  # noqa: E402
from install import Cache, default_cache, execute  # noqa: E402
from transcripts import differences, normal, pretty, uncalled  # noqa: E402

LEGACY, MODERN, AUTO = "legacy", "2026-07-28", "auto"
STDIO, HTTP = "stdio", "http"

# client: (kind, its file, eras)
CLIENTS = {
    "typescript-client-2.4.0": ("node", "typescript2.mjs", [LEGACY, MODERN, AUTO]),
    "typescript-sdk-1.32.2": ("node", "typescript1.mjs", [LEGACY]),
    "python-mcp-2.3.0": ("mcp-2.3.0", "python_mcp.py", [LEGACY, MODERN]),
    "fastmcp-4.1.6": ("fastmcp-4.1.6", "python_fastmcp.py", [LEGACY, MODERN]),
    "fastmcp-3.4.11": ("fastmcp-3.4.11", "python_fastmcp.py", [LEGACY]),
    "inspector-2.12.0": ("inspector", "inspector.py", [LEGACY, MODERN]),
}


class Row(typing.NamedTuple):
    """One line of the report."""

    server: str
    transport: str
    client: str
    era: str

    @property
    def key(self):
        return " ".join(self)


def command(cache, kind, file):
    """How to start a client."""
    if kind == "node":
        return [cache.node(HERE), HERE / "clients" / file]
    if kind == "inspector":
        return [sys.executable, HERE / "clients" / file]
    return [cache.python(HERE / f"requirements/{kind}.txt") / "python", HERE / "clients" / file]


def environment(plan, folder):
    return {name: value.replace("{tmp}", folder) for name, value in plan.get("env", {}).items()}


def walk(cache, client, era, plan, server):
    """Runs one client against a server, a command or a URL, and gives its normalised transcript."""
    kind, file, _ = CLIENTS[client]
    with tempfile.TemporaryDirectory() as folder:
        task = json.loads(json.dumps(plan).replace("{tmp}", folder))
        modules = str(cache.node_modules(HERE))
        task.update(era=era, cwd=folder, modules=modules, env=environment(plan, folder))
        task.update({"url": server} if isinstance(server, str) else {"command": server})
        task["inspector"] = [cache.node(HERE), f"{modules}/node_modules/.bin/mcp-inspector"]
        path = pathlib.Path(folder) / "task.json"
        path.write_text(json.dumps(task))
        printed = execute([*command(cache, kind, file), path], cwd=folder, timeout=300)
        return normal(json.loads(printed.replace(folder, "{tmp}")))


class Run:
    """What came of one client: its transcript, or what went wrong."""

    def __init__(self, walk):
        self.found, self.problems = {}, []
        try:
            self.found = walk()
        except (RuntimeError, subprocess.TimeoutExpired) as error:
            self.problems.append(str(error))


@contextlib.contextmanager
def served(program, plan):
    """Gives the URL of a server and a list for what is wrong about its end."""
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        with examples.Served([program], cwd=folder, environment=environment(plan, folder)) as server:
            yield server.url, problems
            problems += server.stop()


def over_http(cache, program, plan, rows):
    """Lets clients call one server, one after the other; gives row -> its run.

    A server that keeps what its clients write is started anew for each, so that all find the same.
    """
    runs, groups = {}, [[row] for row in rows] if plan.get("keeps") else [rows]
    for group in groups:
        try:
            with served(program, plan) as (url, problems):
                for row in group:
                    runs[row] = Run(lambda row=row: walk(cache, row.client, row.era, plan, url))
            # What the server did wrong at its end shows at the last client.
            runs[group[-1]].problems += problems
        except RuntimeError as error:
            for row in group:
                runs.setdefault(row, Run(dict)).problems.append(str(error))
    return runs


def check(server, client, era, plan, found, update):
    """Compares one transcript with the committed one; gives the problems."""
    # Asked to find out by itself, a client has to end up in the modern era.
    path = HERE / "expected" / f"{server}.{MODERN if era == AUTO else era}.json"
    if update and not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_text(pretty(found))
    expected = json.loads(path.read_text()) if path.exists() else {}
    problems = []
    if client.startswith("inspector"):
        # It shows no progress and wraps the text of errors; how many calls it must have is in the counts.
        expected = {call: dict(answer) for call, answer in expected.items() if call in found}
        for call, answer in expected.items():
            answer.pop("progress", None)
            if "error" in answer and answer["error"]["message"] in found[call].get("error", {}).get("message", ""):
                expected[call] = found[call]
        # It declares no capability, so questions end differently, and it converts arguments before it sends them.
        own = HERE / "expected" / f"{server}.{era}.inspector.json"
        if update and (differing := {call: answer for call, answer in found.items() if expected.get(call) != answer}):
            own.write_text(pretty(differing))
        expected.update(json.loads(own.read_text()) if own.exists() else {})
    else:
        problems = uncalled(plan, found)
    if expected != found:
        problems.append("answers differ (- expected, + found):\n" + differences(expected, found))
    return problems


def build(servers):
    """The servers as built by cargo: name -> path of the program."""
    built = examples.build([name for name in servers if name != "ten_lines"])
    if "ten_lines" in servers:
        built["ten_lines"] = execute([sys.executable, HERE / "ten_lines/build.py"]).strip()
    return built


def chosen(only, names):
    """Those of `names` that were asked for: all of them when none was."""
    return [name for name in names if name in only] or list(names)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", default=default_cache("outside"), help="where the clients are installed")
    parser.add_argument("--only", action="append", default=[], help="a server, a client or a transport; may be repeated")
    parser.add_argument("--update", action="store_true", help="write expected transcripts and counts")
    parser.add_argument("--server", help="a command or a URL to use instead of the examples")
    parser.add_argument("--plan", help="the plan for --server")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    given = parser.parse_args()
    cache = Cache(given.cache)
    clients = chosen(given.only, CLIENTS)

    if given.server:
        plan = json.loads(pathlib.Path(given.plan).read_text())
        server = given.server if given.server.startswith("http") else shlex.split(given.server)
        for client in clients:
            for era in CLIENTS[client][2]:
                print(f"== {client} {era}\n{pretty(walk(cache, client, era, plan, server))}")
        return 0

    plans = {path.stem: json.loads(path.read_text()) for path in sorted((HERE / "plan").glob("*.json"))}
    servers = chosen(given.only, plans)
    transports = chosen(given.only, [STDIO, HTTP])
    programs = build(servers)
    if given.update:
        for server in servers:
            for era in (LEGACY, MODERN):
                (HERE / "expected" / f"{server}.{era}.json").unlink(missing_ok=True)
                (HERE / "expected" / f"{server}.{era}.inspector.json").unlink(missing_ok=True)

    rows = [
        Row(server, transport, client, era)
        for server in servers for transport in transports for client in clients for era in CLIENTS[client][2]
    ]  # fmt: skip
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        # Clients of one HTTP server take turns and would make the end wait, so they begin first.
        pending = {}
        for server in servers:
            if group := [row for row in rows if row.server == server and row.transport == HTTP]:
                together = pool.submit(over_http, cache, programs[server], plans[server], group)
                pending.update({row: lambda row=row, together=together: together.result()[row] for row in group})
        for row in rows:
            if row.transport == STDIO:
                alone = pool.submit(
                    Run, lambda row=row: walk(cache, row.client, row.era, plans[row.server], [programs[row.server]])
                )
                pending[row] = alone.result
        return report(rows, pending, plans, given.update)


def report(rows, pending, plans, update):
    counts_path = HERE / "counts.json"
    counts = json.loads(counts_path.read_text()) if counts_path.exists() else {}
    failed = False
    print(f"{'server':<12} {'transport':<10} {'client':<26} {'era':<12} {'calls':>5}")
    for row in rows:
        run = pending[row]()
        data = run.found.pop("data", 0)
        calls = sum(1 for call in run.found if "/" in call or call == "ping") + data
        problems = run.problems
        if run.found:
            problems += check(row.server, row.client, row.era, plans[row.server], run.found, update)
        if update:
            counts[row.key] = calls
        elif calls < counts.get(row.key, 1):
            problems.append(f"{calls} calls, {counts.get(row.key, 1)} expected")
        verdict = "FAILED" if problems else f"ok, {data} unwrapped by `.data`" if data else "ok"
        print(f"{row.server:<12} {row.transport:<10} {row.client:<26} {row.era:<12} {calls:>5}  {verdict}", flush=True)
        for problem in problems:
            failed = True
            print(problem)
    if update:
        counts_path.write_text(pretty(counts))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
