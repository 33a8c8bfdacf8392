"""A server of the Python SDK 2.x with one of everything. It speaks both eras."""

import mcp_types as types
from common import CITIES, PIXEL, SEATS, Forecast, Seats, over_http
from mcp.server.mcpserver import Context, Image, MCPServer

server = MCPServer("python-mcp", version="1.0.0", instructions="A fixture.", log_level="WARNING")
notes = {"1": "Buy milk."}


def is_legacy(ctx: Context) -> bool:
    return ctx.protocol_version < "2026"


@server.tool()
def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


@server.tool()
def forecast(city: str) -> Forecast:
    """The weather in a city."""
    return Forecast(city=city, degrees=21.5)


@server.tool(structured_output=False)
def picture() -> Image:
    """One pixel."""
    return Image(data=PIXEL, format="png")


@server.tool()
def fail() -> str:
    """Always fails."""
    raise ValueError("this tool fails")


@server.tool(structured_output=False)
async def work(steps: int, ctx: Context) -> str:
    """Reports progress and logs."""
    for step in range(1, steps + 1):
        await ctx.report_progress(step, steps, f"step {step}")
    await ctx.info({"done": steps})
    return f"{steps} steps"


@server.tool(structured_output=False)
async def book(show: str, ctx: Context) -> str | types.InputRequiredResult:
    """Asks for seats."""
    message = f"Which seats for {show}?"
    if is_legacy(ctx):
        answer = await ctx.elicit(message, Seats)
        seats = answer.data.model_dump() if answer.action == "accept" else None
    elif not ctx.input_responses:
        form = types.ElicitRequest(params=types.ElicitRequestFormParams(message=message, requested_schema=SEATS))
        return types.InputRequiredResult(input_requests={"seats": form}, request_state="seats of " + show)
    else:
        answer = ctx.input_responses["seats"]
        seats = answer.content if ctx.request_state == "seats of " + show else "the state was lost"
    return f"{answer.action}: {seats}"


@server.tool(structured_output=False)
async def ask_model(question: str, ctx: Context) -> str | types.InputRequiredResult:
    """Asks the model of the client, and for its roots."""
    messages = [types.SamplingMessage(role="user", content=types.TextContent(text=question))]
    if is_legacy(ctx):
        answer = await ctx.session.create_message(messages, max_tokens=50, related_request_id=ctx.request_id)
        roots = await ctx.session.list_roots()
    elif not ctx.input_responses:
        requests = {
            "answer": types.CreateMessageRequest(params=types.CreateMessageRequestParams(messages=messages, max_tokens=50)),
            "roots": types.ListRootsRequest(),
        }
        return types.InputRequiredResult(input_requests=requests)
    else:
        answer, roots = ctx.input_responses["answer"], ctx.input_responses["roots"]
    return f"{answer.model} says: {answer.content.text} Roots: {[str(root.uri) for root in roots.roots]}"


@server.tool(structured_output=False)
async def write_note(text: str, ctx: Context) -> str:
    """Changes the note that is a resource, and tells who follows it."""
    notes["1"] = text
    await ctx.notify_resource_updated("notes://today")
    if is_legacy(ctx):
        await ctx.session.send_resource_updated("notes://today")
    return "written"


@server.resource("notes://today", mime_type="text/plain")
def today() -> str:
    """The note of today."""
    return notes["1"]


@server.resource("notes://pixel", mime_type="image/png")
def pixel() -> bytes:
    """One pixel."""
    return PIXEL


@server.resource("notes://{number}/text")
def note(number: str) -> str:
    """A note by number."""
    return f"Note {number}."


@server.prompt()
def review(text: str, tone: str = "kind") -> str:
    """Review a text."""
    return f"Review this in a {tone} tone: {text}"


@server.completion()
async def complete(ref, argument, context):
    values = [city for city in CITIES if city.startswith(argument.value)]
    return types.Completion(values=values, total=len(values), has_more=False)


if __name__ == "__main__":
    if over_http():
        server.settings.log_level = "INFO"
        server.run("streamable-http", host="127.0.0.1", port=0)
    else:
        server.run()
