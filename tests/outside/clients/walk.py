"""Calls everything that a server lists and prints what came back as one JSON object: call -> answer.

`walk.mjs` does the same, so that the transcripts of all clients can be compared byte for byte.
"""

import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    TASK = json.load(file)


def wire(model):
    """A model of the Python libraries as the JSON that went over the wire."""
    return model.model_dump(mode="json", by_alias=True, exclude_none=True) if model is not None else {}


def distinct(named, answers):
    """A call that is repeated has an answer of its own."""
    key, nth = named, 2
    while key in answers:
        key, nth = f"{named} #{nth}", nth + 1
    return key


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


async def walk(api):
    """Runs the walk over `api`, an object with one coroutine per method of the protocol."""
    answers = {}
    progress = {}

    async def record(key, call):
        key = distinct(key, answers)
        try:
            answers[key] = {"result": wire(await call)}
        except Exception as error:  # Each library has its own class for an error of the peer.
            found = getattr(error, "error", error)
            if not hasattr(found, "code"):
                raise RuntimeError(f"{key}: {error!r}") from error
            answers[key] = {"error": {"code": found.code, "message": found.message, "data": found.data}}

    async def gather(key, member, call):
        items = []
        cursor = None
        while True:
            page = wire(await call(cursor))
            items += page[member]
            cursor = page.get("nextCursor")
            if cursor is None:
                break
        answers[key] = {"result": {member: items}}

    capabilities = wire(api.capabilities())
    answers["server"] = {
        "result": {
            "protocolVersion": api.version(),
            "info": wire(api.info()),
            "capabilities": capabilities,
            "instructions": api.instructions(),
        }
    }
    legacy = TASK["era"] == "legacy"
    if "logging" in capabilities and legacy:
        await record("logging/setLevel", api.set_level("debug"))
    if legacy:
        await record("ping", api.ping())

    if "tools" in capabilities:
        await gather("tools/list", "tools", api.list_tools)
        for name, calls in TASK.get("tools", {}).items():
            for given in calls:
                key = f"tools/call {name} {compact(given)}"

                async def on_progress(done, total, message, key=distinct(key, answers)):
                    progress[key] = {"progress": done, "total": total, "message": message}

                await record(key, api.call_tool(name, given, on_progress))
    if "resources" in capabilities:
        await gather("resources/list", "resources", api.list_resources)
        await gather("resources/templates/list", "resourceTemplates", api.list_templates)
        uris = TASK.get("resources", []) + [uri for of in TASK.get("templates", {}).values() for uri in of]
        for uri in uris:
            await record(f"resources/read {uri}", api.read_resource(uri))
    if "prompts" in capabilities:
        await gather("prompts/list", "prompts", api.list_prompts)
        for name, calls in TASK.get("prompts", {}).items():
            for given in calls:
                await record(f"prompts/get {name} {compact(given)}", api.get_prompt(name, given))
    if "completions" in capabilities:
        for asked in TASK.get("completions", []):
            await record(f"completion/complete {compact(asked)}", api.complete(asked))

    # The list once more: by its answer everything that was sent before has arrived.
    if "tools" in capabilities:
        await api.list_tools(None)
    for key, last in progress.items():
        answers[key]["progress"] = last
    answers["logs"] = {"result": api.logs}
    return answers


def report(answers):
    print(json.dumps(answers, ensure_ascii=False))
