"""The server scenarios, against the example `everything` over loopback HTTP."""

import subprocess

from examples import Served, build
from suite import results

# The slowest leg needs half a minute.
LEG_TIMEOUT = 600


def legs(tags):
    """Leg -> its scenarios."""
    return tags


def run_leg(leg, url, scenario, out):
    """Gives scenario -> its checks; None for one that did not finish."""
    if scenario or leg.name == "extension":
        # No version selects the extensions.
        names = [scenario] if scenario else leg.scenarios
        version = [] if leg.name == "extension" else ["--spec-version", leg.name]
        runs = [["--scenario", name, *version] for name in names]
    else:
        names = leg.scenarios
        runs = [["--suite", "all", "--spec-version", leg.name]]
    for selection in runs:
        # Its exit status says nothing about warnings, so the checks are read instead.
        command = [*leg.suite.command, "server", "--url", url, "-o", str(out), *selection]
        with open(out / "run.log", "a") as log:
            subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=LEG_TIMEOUT)
    found = dict.fromkeys(names)
    for name, checks in results(out):
        found[name if name in found else name.removeprefix("server-")] = checks
    return found


def run(legs, given, folder):
    """Runs `legs` one after the other; gives whether all is well."""
    program = None if given.url else build(["everything"])["everything"]
    ok = True
    for leg in legs:
        if given.url:
            found = run_leg(leg, given.url, given.scenario, folder(leg))
            ok &= leg.report(found, {}, not given.scenario, given.show)
            continue
        # A server for each leg: what one leaves behind is not the next one's.
        with Served([program]) as server:
            found = run_leg(leg, server.url, given.scenario, folder(leg))
            ok &= leg.report(found, {}, not given.scenario, given.show)
            for problem in server.stop():
                ok = False
                print(f"  FAILED {problem}")
    return ok
