"""One version of the official suite: its scenarios, the checks that a run left behind, and what is wrong about them."""

import collections
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "harness"))

from install import execute  # noqa: E402

VERSIONS = ["0.2.0-alpha.12", "0.1.16"]
STAMP = re.compile(r"-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z$")
# A scenario that skipped itself still has these.
OF_THE_SUITE = "wire-schema-"


class Suite:
    """How to start one version of the suite."""

    def __init__(self, cache, version):
        entry = cache.node_modules(HERE) / f"node_modules/conformance-{version}/dist/index.js"
        self.version = version
        # Its mock servers name no host.
        self.command = [cache.node(HERE), "--import", str(HERE.parent / "harness/loopback.mjs"), str(entry)]

    def tags(self, side):
        """Tag -> the scenarios of `side` that carry it: a spec version, or `extension`."""
        tagged = collections.defaultdict(list)
        listed = execute([*self.command, "list", f"--{side}"])
        for name, tags in re.findall(r"^  - (\S+) \[(\S+)\]$", listed, re.MULTILINE):
            for tag in tags.split(","):
                tagged[tag].append(name)
        return tagged


def results(out):
    """The name of each scenario that left checks below the folder `out`, and its checks."""
    for path in out.rglob("checks.json"):
        yield STAMP.sub("", str(path.parent.relative_to(out))), json.loads(path.read_text())


def describe(check):
    said = " ".join((check.get("errorMessage") or check.get("description") or "").split())
    return f"{check['status']} {check['id']}: {said[:400]}"


class Leg:
    """All scenarios of one suite for one revision, and what `expected/<side>.json` says about them."""

    def __init__(self, suite, name, scenarios, expectations):
        self.suite, self.name, self.scenarios = suite, name, scenarios
        self.key = f"{suite.version} {name}"
        self.total = expectations["scenarios"].get(self.key)
        self.required = expectations.get("required checks", {})
        self.skipped = {
            (group["scenario"], check) for group in expectations.get("skipped checks", []) for check in group["checks"]
        }
        self.not_passing = {
            scenario
            for group in expectations["not passing"]
            if group.get("suite", suite.version) == suite.version
            for scenario in group["scenarios"]
        }

    def judge(self, scenario, checks, other=()):
        """What is wrong about one scenario; `other` is what shows outside of its checks."""
        expected = scenario in self.not_passing
        if checks is None:
            return [] if expected else ["did not finish", *other]
        status = collections.defaultdict(list)
        for check in checks:
            status[check["status"]].append(check)
        skipped = [check for check in status["SKIPPED"] if (scenario, check["name"]) not in self.skipped]
        bad = status["FAILURE"] + status["WARNING"] + skipped
        passed = not bad and not other and any(not check["id"].startswith(OF_THE_SUITE) for check in status["SUCCESS"])
        if expected:
            return ["passes, but is expected not to: take it out of the list"] if passed else []
        problems = [describe(check) for check in bad] + list(other)
        succeeded = {check["id"] for check in status["SUCCESS"]}
        required = self.required.get(scenario, {}).get(self.suite.version, [])
        if missing := [check for check in required if check not in succeeded]:
            problems += [f"{check} was not exercised" for check in missing if check not in {found["id"] for found in bad}]
        if not passed and not problems:
            problems.append("checked nothing")
        return problems

    def report(self, found, other, complete, show):
        """Prints what came of the leg; gives whether all is well. `found` is scenario -> checks, `other` scenario -> problems."""
        problems = []
        passed = checked = planned = 0
        for scenario, checks in found.items():
            wrong = self.judge(scenario, checks, other.get(scenario, ()))
            problems += [f"{scenario}: {problem}" for problem in wrong]
            planned += scenario in self.not_passing
            passed += scenario not in self.not_passing and not wrong
            checked += sum(1 for check in checks or [] if check["status"] == "SUCCESS")
            if show:
                for check in checks or []:
                    print(f"  {scenario}: {describe(check)} {json.dumps(check.get('details'))}")
        if complete and len(found) != self.total:
            problems.append(f"{len(found)} scenarios, the list of what is expected says {self.total}")
        later = f", {planned} not yet" if planned else ""
        print(f"{self.key:<36} {passed}/{len(found) - planned} scenarios{later}, {checked} checks succeeded", flush=True)
        for problem in problems:
            print(f"  FAILED {problem}")
        return not problems
