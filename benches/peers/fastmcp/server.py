"""FastMCP: `server.py TOOLS stateless|session` writes its address and serves /mcp."""

import socket
import sys

import uvicorn
from fastmcp import FastMCP
from fastmcp.tools import FunctionTool

tools, mode = int(sys.argv[1]), sys.argv[2]
mcp = FastMCP("bench", version="1.0.0")


@mcp.tool
def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


if tools > 1:

    @mcp.tool(output_schema=None)
    def echo(text: str) -> str:
        """Says it again."""
        return text


for index in range(2, tools):

    def look_up(query: str, limit: int = 10) -> str:
        return "nothing found"

    text = f"Looks things up in catalogue number {index} and says how many there are."
    mcp.add_tool(FunctionTool.from_function(look_up, name=f"look_up_{index}", description=text, output_schema=None))


@mcp.resource("notes://today", mime_type="text/plain")
def today() -> str:
    return "Be kind."


@mcp.prompt
def review(text: str) -> str:
    """Asks for a review."""
    return f"Please review this:\n{text}"


stateless = mode == "stateless"
app = mcp.http_app(path="/mcp", json_response=stateless, stateless_http=stateless)
listener = socket.socket()
listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
listener.bind(("127.0.0.1", 0))
listener.listen(1024)
print("{}:{}".format(*listener.getsockname()), flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False)).run(sockets=[listener])
