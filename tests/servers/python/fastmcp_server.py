"""A server of FastMCP with one of everything: 3.x, which is legacy, or 4.x, which speaks both eras."""

import importlib.metadata

import fastmcp
from common import CITIES, PIXEL, SEATS, Forecast, Seats, over_http
from fastmcp import Context, FastMCP
from fastmcp.utilities.types import Image

MAJOR = int(importlib.metadata.version("fastmcp").split(".")[0])
server = FastMCP(f"python-fastmcp-{MAJOR}", version="1.0.0", instructions="A fixture.")


@server.tool
def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


@server.tool
def forecast(city: str) -> Forecast:
    """The weather in a city."""
    return Forecast(city=city, degrees=21.5)


@server.tool
def picture() -> Image:
    """One pixel."""
    return Image(data=PIXEL, format="png")


@server.tool
def fail() -> str:
    """Always fails."""
    raise ValueError("this tool fails")


@server.tool
async def work(steps: int, ctx: Context) -> str:
    """Reports progress and logs."""
    for step in range(1, steps + 1):
        await ctx.report_progress(step, steps, f"step {step}")
    await ctx.info("done", extra={"steps": steps})
    return f"{steps} steps"


async def ask_seats(show: str, ctx: Context):
    answer = await ctx.elicit(f"Which seats for {show}?", response_type=Seats)
    return f"{answer.action}: {answer.data.model_dump() if answer.action == 'accept' else None}"


if MAJOR == 3:

    @server.tool
    async def book(show: str, ctx: Context) -> str:
        """Asks for seats."""
        return await ask_seats(show, ctx)

    @server.tool
    async def ask_model(question: str, ctx: Context) -> str:
        """Asks the model of the client, and for its roots."""
        answer = await ctx.sample(question, max_tokens=50)
        return f"{answer.text} Roots: {[str(root.uri) for root in await ctx.list_roots()]}"

else:
    import mcp_types as types

    @server.tool(output_schema=None)
    async def book(show: str, ctx: Context) -> str | types.InputRequiredResult:
        """Asks for seats."""
        if not ctx._is_modern_protocol():
            return await ask_seats(show, ctx)
        if not ctx.input_responses:
            params = types.ElicitRequestFormParams(message=f"Which seats for {show}?", requested_schema=SEATS)
            requests = {"seats": types.ElicitRequest(params=params)}
            return types.InputRequiredResult(input_requests=requests, request_state="seats of " + show)
        answer = ctx.input_responses["seats"]
        return f"{answer.action}: {answer.content if ctx.request_state == 'seats of ' + show else 'the state was lost'}"


@server.resource("notes://today", mime_type="text/plain")
def today() -> str:
    """The note of today."""
    return "Buy milk."


@server.resource("notes://pixel", mime_type="image/png")
def pixel() -> bytes:
    """One pixel."""
    return PIXEL


@server.resource("notes://{number}/text")
def note(number: str) -> str:
    """A note by number."""
    return f"Note {number}."


@server.prompt
def review(text: str, tone: str = "kind") -> str:
    """Review a text."""
    return f"Review this in a {tone} tone: {text}"


if __name__ == "__main__":
    fastmcp.settings.show_server_banner = False
    if over_http():
        server.run("http", host="127.0.0.1", port=0)
    else:
        server.run()
