#!/usr/bin/env python3
"""Runs every scenario of the official conformance suites against the examples `everything` and `everything_client`.

    tests/conformance/run.py                          both sides, both suites, every leg
    tests/conformance/run.py client                   one side
    tests/conformance/run.py --leg "0.2.0-alpha.12 2026-07-28"
    tests/conformance/run.py --scenario server-sse-polling --show
    tests/conformance/run.py server --url URL         another server, which runs already
    tests/conformance/run.py client --command CMD     another client, which gets the URL as last argument

`expected/<side>.json` says how many scenarios each leg has, which scenarios do not pass yet and why, and which checks must be
seen to succeed. Everything else has to pass without a failure, a warning or a skipped check, a client also with exit status
0, and what is said not to pass must not. See README.md.
"""

import argparse
import json
import os
import pathlib
import shutil
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "harness"))

import client  # noqa: E402
import server  # noqa: E402
from install import Cache, default_cache  # noqa: E402
from suite import VERSIONS, Leg, Suite  # noqa: E402

SIDES = {"server": server, "client": client}


def legs(side, suites):
    """All legs of one side, as the suites list them."""
    expectations = json.loads((HERE / f"expected/{side}.json").read_text())
    found = []
    for suite in suites:
        for name, scenarios in sorted(SIDES[side].legs(suite.tags(side)).items()):
            found.append(Leg(suite, name, scenarios, expectations))
    return found, set(expectations["scenarios"]) - {leg.key for leg in found}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sides", nargs="*", metavar="side", help="server or client; both without one")
    parser.add_argument("--cache", default=default_cache("conformance"), help="where the suites are installed")
    parser.add_argument("--leg", action="append", help="a suite and a leg, such as '0.1.16 2025-11-25'; may be repeated")
    parser.add_argument("--scenario", help="only this one, in the legs that have it")
    parser.add_argument("--show", action="store_true", help="print every check")
    parser.add_argument("--url", help="a running server instead of the example")
    parser.add_argument("--command", help="a client instead of the example")
    parser.add_argument("--keep", help="a folder for what the suites wrote")
    parser.add_argument("--jobs", type=int, default=min(os.cpu_count() or 1, 4), help="how many clients run at a time")
    given = parser.parse_args()
    if unknown := set(given.sides) - set(SIDES):
        parser.error(f"no such side: {', '.join(unknown)}; there are {', '.join(SIDES)}")

    cache = Cache(given.cache)
    suites = [Suite(cache, version) for version in VERSIONS]
    chosen, known = {}, set()
    ok = True
    for side in given.sides or SIDES:
        all_legs, gone = legs(side, suites)
        known |= {leg.key for leg in all_legs}
        chosen[side] = [
            leg
            for leg in all_legs
            if (not given.leg or leg.key in given.leg) and (not given.scenario or given.scenario in leg.scenarios)
        ]
        if gone and not given.leg:
            ok = False
            print(f"FAILED the suites no longer have {', '.join(sorted(gone))} for a {side}")
    if unknown := set(given.leg or []) - known:
        parser.error(f"no such leg: {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    if not any(chosen.values()):
        parser.error(f"no leg has a scenario {given.scenario}")

    out = pathlib.Path(given.keep or tempfile.mkdtemp(prefix="conformance-"))

    def folder(leg):
        """A fresh one for what the suite writes."""
        path = out / side / leg.key.replace(" ", "-")
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        return path

    for side, of_side in chosen.items():
        if of_side:
            print(f"-- {side}")
            ok &= SIDES[side].run(of_side, given, folder)
    if not given.keep:
        shutil.rmtree(out)
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
