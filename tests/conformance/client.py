"""The client scenarios, with the example `everything_client`: it finds its task in the environment and the URL as last argument."""

import concurrent.futures
import re
import subprocess

from examples import build
from suite import results

# The suite gives a client 30 seconds.
TIMEOUT = 90
# Those that measure when the client comes back have the machine for themselves.
ALONE = {"sse-retry"}
# What the example needs beside the default.
FEATURES = ["auth-client", "http-client"]
# The mock servers of extensions speak either wire; without being told, these suites choose one.
WIRES = ["2025-11-25", "2026-07-28"]


def legs(tags):
    """Leg -> its scenarios. Where the suite tells the client a version, extensions run at both wires."""
    if "2026-07-28" not in tags:
        return tags
    plain = {tag: scenarios for tag, scenarios in tags.items() if tag != "extension"}
    return plain | {f"extension@{wire}": tags["extension"] for wire in WIRES}


def run_one(leg, program, scenario, out):
    """One scenario by itself, as only then the suite heeds the client's exit status; gives its checks and what else is wrong."""
    out.mkdir(parents=True)
    tag, _, wire = leg.name.partition("@")
    version = ["--spec-version", wire, "--force"] if wire else [] if tag == "extension" else ["--spec-version", tag]
    command = [*leg.suite.command, "client", "--command", program, "--scenario", scenario, "-o", str(out), *version]
    log = out / "run.log"
    with open(log, "w") as file:
        try:
            status = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=file, stderr=file, timeout=TIMEOUT).returncode
        except subprocess.TimeoutExpired:
            return None, [f"the suite still ran after {TIMEOUT} s"]
    checks = next((checks for _, checks in results(out)), None)
    said = log.read_text(errors="replace")
    other = []
    if "CLIENT TIMED OUT" in said:
        other.append("the client hung")
    elif "CLIENT EXITED WITH ERROR" in said:
        other.append("the client failed:\n" + "\n".join(f"    {line}" for line in client_says(out, said)))
    if any("panicked" in path.read_text(errors="replace") for path in out.rglob("stderr.txt")):
        other.append("the client panicked")
    seen = checks and any(check["status"] in ("FAILURE", "WARNING") for check in checks)
    if status != 0 and not other and not seen:
        other.append(f"the suite ended with status {status}")
    return checks, other


def client_says(out, said):
    for path in out.rglob("stderr.txt"):
        if text := path.read_text(errors="replace").strip():
            return text.splitlines()[-8:]
    return re.findall(r"Client exited with code .*", said)


def run(legs, given, folder):
    """Runs `legs`, several scenarios at a time; gives whether all is well."""
    program = given.command or build(["everything_client"], features=FEATURES)["everything_client"]
    folders = {leg.key: folder(leg) for leg in legs}
    tasks = [(leg, scenario) for leg in legs for scenario in ([given.scenario] if given.scenario else leg.scenarios)]
    came_of = {}

    def take(task):
        leg, scenario = task
        came_of[leg.key, scenario] = run_one(leg, program, scenario, folders[leg.key] / scenario.replace("/", "__"))

    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        list(pool.map(take, [task for task in tasks if task[1] not in ALONE]))
    for task in tasks:
        if task[1] in ALONE:
            take(task)

    ok = True
    for leg in legs:
        runs = {scenario: came_of[leg.key, scenario] for of, scenario in tasks if of is leg}
        found = {scenario: checks for scenario, (checks, _) in runs.items()}
        other = {scenario: problems for scenario, (_, problems) in runs.items()}
        ok &= leg.report(found, other, not given.scenario, given.show)
    return ok
