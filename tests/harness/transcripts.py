"""What a client got from a server, call by call: compared, and held against the plan that it followed."""

import difflib
import json

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
