#!/usr/bin/env python3
"""Runs every server scenario of the official conformance suites against the example `everything`, over loopback HTTP.

    tests/conformance/run.py                          both suites, every leg
    tests/conformance/run.py --leg "0.2.0-alpha.12 2026-07-28"
    tests/conformance/run.py --scenario server-sse-polling --show
    tests/conformance/run.py --url URL                another server, which runs already

`expected.json` says how many scenarios each leg has, which scenarios do not pass yet and why, and which checks must be
seen to succeed. Everything else has to pass without a failure, a warning or a skipped check, and what is said not to pass
must not. See README.md.
"""

import argparse
import collections
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "harness"))

from examples import Served, build  # noqa: E402
from install import Cache, default_cache, execute  # noqa: E402

SUITES = ["0.2.0-alpha.12", "0.1.16"]
STAMP = re.compile(r"-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z$")
# A scenario that skipped itself still has these.
OF_THE_SUITE = "wire-schema-"
# The slowest leg needs half a minute.
LEG_TIMEOUT = 600


class Suite:
    """One version of the suite and its scenarios by leg: a spec version, or `extension`."""

    def __init__(self, cache, version):
        entry = cache.node_modules(HERE) / f"node_modules/conformance-{version}/dist/index.js"
        self.version = version
        self.command = [cache.node(HERE), str(entry)]
        self.legs = collections.defaultdict(list)
        for name, tags in re.findall(r"^  - (\S+) \[(\S+)\]$", execute([*self.command, "list", "--server"]), re.MULTILINE):
            for tag in tags.split(","):
                self.legs[tag].append(name)

    def run(self, url, leg, scenario, out):
        """Gives scenario -> its checks; None for one that did not finish."""
        if scenario or leg == "extension":
            # No version selects the extensions.
            names = [scenario] if scenario else self.legs[leg]
            version = [] if leg == "extension" else ["--spec-version", leg]
            runs = [["--scenario", name, *version] for name in names]
        else:
            names = self.legs[leg]
            runs = [["--suite", "all", "--spec-version", leg]]
        for selection in runs:
            # Its exit status says nothing about warnings, so the checks are read instead.
            command = [*self.command, "server", "--url", url, "-o", str(out), *selection]
            with open(out / "run.log", "a") as log:
                subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=LEG_TIMEOUT)
        found = dict.fromkeys(names)
        for path in out.rglob("checks.json"):
            name = STAMP.sub("", str(path.parent.relative_to(out)))
            found[name if name in found else name.removeprefix("server-")] = json.loads(path.read_text())
        return found


def describe(check):
    said = " ".join((check.get("errorMessage") or check.get("description") or "").split())
    return f"{check['status']} {check['id']}: {said[:400]}"


def judge(checks, expected, required):
    """What is wrong about one scenario; `expected` says that it does not pass."""
    if checks is None:
        return [] if expected else ["did not finish"]
    status = collections.defaultdict(list)
    for check in checks:
        status[check["status"]].append(check)
    bad = status["FAILURE"] + status["WARNING"] + status["SKIPPED"]
    passed = not bad and any(not check["id"].startswith(OF_THE_SUITE) for check in status["SUCCESS"])
    if expected:
        return ["passes, but expected.json says that it does not: take it out there"] if passed else []
    problems = [describe(check) for check in bad]
    succeeded = {check["id"] for check in status["SUCCESS"]}
    if missing := [check for check in required if check not in succeeded]:
        problems += [f"{check} was not exercised" for check in missing if check not in {found["id"] for found in bad}]
    if not passed and not problems:
        problems.append("checked nothing")
    return problems


def run_leg(suite, leg, url, expectations, given, out):
    key = f"{suite.version} {leg}"
    found = suite.run(url, leg, given.scenario, out)
    not_passing = {name for group in expectations["not passing"] for name in group["scenarios"]}
    problems = []
    passed = checked = planned = 0
    for name, checks in found.items():
        expected = name in not_passing
        required = expectations["required checks"].get(name, {}).get(suite.version, [])
        wrong = judge(checks, expected, required)
        problems += [f"{name}: {problem}" for problem in wrong]
        planned += expected
        passed += not expected and not wrong
        checked += sum(1 for check in checks or [] if check["status"] == "SUCCESS")
        if given.show:
            for check in checks or []:
                print(f"  {name}: {describe(check)} {json.dumps(check.get('details'))}")
    if not given.scenario and len(found) != expectations["scenarios"].get(key):
        problems.append(f"{len(found)} scenarios, expected.json says {expectations['scenarios'].get(key)}")
    later = f", {planned} not yet" if planned else ""
    print(f"{key:<28} {passed}/{len(found) - planned} scenarios{later}, {checked} checks succeeded", flush=True)
    for problem in problems:
        print(f"  FAILED {problem}")
    return not problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", default=default_cache("conformance"), help="where the suites are installed")
    parser.add_argument("--leg", action="append", help="a suite and a leg, such as '0.1.16 2025-11-25'; may be repeated")
    parser.add_argument("--scenario", help="only this one, in the legs that have it")
    parser.add_argument("--show", action="store_true", help="print every check")
    parser.add_argument("--url", help="a running server instead of the example")
    parser.add_argument("--keep", help="a folder for what the suites wrote")
    given = parser.parse_args()
    expectations = json.loads((HERE / "expected.json").read_text())
    cache = Cache(given.cache)
    suites = [Suite(cache, version) for version in SUITES]
    legs = [(suite, leg) for suite in suites for leg in sorted(suite.legs)]
    known = [f"{suite.version} {leg}" for suite, leg in legs]
    ok = True
    if given.leg:
        if unknown := set(given.leg) - set(known):
            parser.error(f"no such leg: {', '.join(unknown)}; there are {', '.join(known)}")
        legs = [(suite, leg) for suite, leg in legs if f"{suite.version} {leg}" in given.leg]
    elif gone := set(expectations["scenarios"]) - set(known):
        ok = False
        print(f"FAILED the suites no longer have {', '.join(gone)}")
    if given.scenario:
        legs = [(suite, leg) for suite, leg in legs if given.scenario in suite.legs[leg]]
        if not legs:
            parser.error(f"no leg has a scenario {given.scenario}")

    program = None if given.url else build(["everything"])["everything"]
    out = pathlib.Path(given.keep or tempfile.mkdtemp(prefix="conformance-"))
    for suite, leg in legs:
        folder = out / f"{suite.version}-{leg}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        if given.url:
            ok &= run_leg(suite, leg, given.url, expectations, given, folder)
            continue
        # A server for each leg: what one leaves behind is not the next one's.
        with Served([program]) as server:
            ok &= run_leg(suite, leg, server.url, expectations, given, folder)
            for problem in server.stop():
                ok = False
                print(f"  FAILED {problem}")
    if not given.keep:
        shutil.rmtree(out)
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
