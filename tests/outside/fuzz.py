#!/usr/bin/env python3
"""Lets mcp-fuzzer send malformed and hostile input to the example `everything` over HTTP.

Its findings of the kind "accepted" are noise: it sends what is valid, too. What counts is that the server answers every
request, never with a 5xx, and that it works and ends as always afterwards.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "harness"))

from examples import PATIENCE, Served, build  # noqa: E402
from install import Cache, default_cache  # noqa: E402
from statuses import Counting  # noqa: E402

# Seconds. The fuzzer leaves questions of tools open, so that it would wait for the answers of those for as long as it may.
WAIT = 2
# A run that takes longer hangs.
RUN = 300
MODERN = ["--spec-schema-version", "2026-07-28"]
PROTOCOL = ["--mode", "protocol", "--phase", "both", "--protocol-phase", "aggressive", "--runs-per-type", "3"]
# Its options by name, and what it must have tried, or it did not get in.
RUNS = {
    "tools": (["--mode", "tools", "--phase", "both", "--runs", "3"], "tools", 25),
    "protocol": (PROTOCOL, "protocols", 20),
    "protocol-2026-07-28": ([*PROTOCOL, *MODERN], "protocols", 20),
    "resources": (["--mode", "resources", "--phase", "both"], "protocols", 2),
    "prompts": (["--mode", "prompts", "--phase", "both"], "protocols", 2),
}


def fuzz(program, name, url):
    """Gives what is wrong."""
    options, member, least = RUNS[name]
    with tempfile.TemporaryDirectory() as folder:
        command = [program, *options, "--protocol", "streamablehttp", "--endpoint", url]
        command += ["--no-network", "--no-corpus", "--seed", "1", "--timeout", str(WAIT), "--log-level", "CRITICAL"]
        command += ["--fs-root", folder, "--output-dir", folder]
        try:
            done = subprocess.run(
                command, cwd=folder, env={**os.environ, "HOME": folder}, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=RUN,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return [f"{name}: not at its end after {RUN} s"]
        if done.returncode != 0:
            return [f"{name}: exit {done.returncode}\n{done.stdout[-2000:]}"]
        summary = json.loads((pathlib.Path(folder) / "run_summary.json").read_text())
        findings = json.loads((pathlib.Path(folder) / "findings.json").read_text())["findings"]
    tried, runs = summary[member]["total"], summary[member]["total_runs"]
    print(f"{name:<20} {tried:>3} targets, {runs:>3} runs, {len(findings)} findings", flush=True)
    problems = [f"{name}: only {tried} targets, at least {least} expected"] if tried < least else []
    for finding in findings:
        if finding["category"] in ("crash", "hang"):
            problems.append(f"{name}: {json.dumps(finding)[:1500]}")
    return problems


def works(url):
    """What is wrong about a plain request."""
    params = {
        "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
        }
    }
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
        "MCP-Protocol-Version": "2026-07-28",
        "Mcp-Method": "tools/list",
    }
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": params}).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=PATIENCE) as answer:
            tools = json.load(answer)["result"]["tools"]
        return [] if tools else ["afterwards the server lists no tools"]
    except (OSError, ValueError, KeyError) as error:
        return [f"afterwards a plain request fails: {error!r}"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", default=default_cache("outside"), help="where the fuzzer is installed")
    parser.add_argument("--only", action="append", choices=RUNS, help="may be repeated; all by default")
    given = parser.parse_args()
    program = Cache(given.cache).python(HERE / "requirements/mcp-fuzzer-0.7.0.txt") / "mcp-fuzzer"
    problems = []
    with Served([build(["everything"])["everything"]]) as server:
        way = Counting(server.port)
        for name in given.only or RUNS:
            problems += fuzz(str(program), name, f"http://127.0.0.1:{way.port}/mcp")
        problems += works(server.url)
        way.stop()
        problems += server.stop()
    print("statuses: " + ", ".join(f"{status}: {count}" for status, count in sorted(way.counts.items(), key=str)))
    for status, count in way.counts.items():
        if status == "refused" or status >= 500:
            problems.append(f"{count} answers with status {status}, such as {way.samples.get(status)!r}")
    for problem in problems:
        print(f"FAILED {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
