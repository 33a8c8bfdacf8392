"""The client of FastMCP: 3.x speaks the legacy revisions, 4.x both eras."""

import asyncio
import os

import fastmcp
from fastmcp.client.elicitation import ElicitResult
from fastmcp.client.transports import StdioTransport, StreamableHttpTransport

import answers
from walk import TASK, report, walk, wire

if fastmcp.__version__.startswith("3."):
    from mcp import types

    era = {}
else:
    import mcp_types as types

    # A pinned version would be taken on trust; "auto" asks `server/discover` first.
    era = {"mode": "legacy" if TASK["era"] == "legacy" else "auto"}


def server():
    if "url" in TASK:
        return StreamableHttpTransport(TASK["url"])
    command, *args = TASK["command"]
    return StdioTransport(command, args, env={**os.environ, **TASK["env"]}, cwd=TASK["cwd"], keep_alive=False)


class Api:
    def __init__(self):
        self.logs = []
        self.client = fastmcp.Client(
            server(),
            client_info=types.Implementation(name="outside", version="1"),
            elicitation_handler=self.elicit,
            sampling_handler=self.sample,
            roots=[types.Root.model_validate(root) for root in answers.ROOTS["roots"]],
            log_handler=self.log,
            **era,
        )

    async def elicit(self, _message, _type, params, _context):
        answer = answers.elicitation(wire(params), TASK.get("answers"))
        return ElicitResult(action=answer["action"], content=answer.get("content"))

    async def sample(self, _messages, _params, _context):
        return types.CreateMessageResult.model_validate(answers.SAMPLING)

    async def log(self, params):
        self.logs.append(wire(params))

    def version(self):
        return self.client.initialize_result.protocolVersion if not era else self.client.protocol_version

    def info(self):
        return self.client.initialize_result.serverInfo if not era else self.client.server_info

    def capabilities(self):
        return self.client.initialize_result.capabilities if not era else self.client.server_capabilities

    def instructions(self):
        return self.client.initialize_result.instructions if not era else self.client.instructions

    async def ping(self):
        assert await self.client.ping()

    async def set_level(self, level):
        await self.client.set_logging_level(level)

    def list_tools(self, cursor):
        return self.client.list_tools_mcp(cursor=cursor)

    def call_tool(self, name, given, on_progress):
        return self.client.call_tool_mcp(name, given, progress_handler=on_progress)

    def list_resources(self, cursor):
        return self.client.list_resources_mcp(cursor=cursor)

    def list_templates(self, cursor):
        return self.client.list_resource_templates_mcp(cursor=cursor)

    def read_resource(self, uri):
        return self.client.read_resource_mcp(uri)

    def list_prompts(self, cursor):
        return self.client.list_prompts_mcp(cursor=cursor)

    def get_prompt(self, name, given):
        return self.client.get_prompt_mcp(name, given)

    def complete(self, asked):
        kind = types.PromptReference if asked["ref"]["type"] == "ref/prompt" else types.ResourceTemplateReference
        context = asked.get("context", {}).get("arguments")
        return self.client.complete_mcp(kind.model_validate(asked["ref"]), asked["argument"], context)


async def data(client):
    """What `call_tool` unwraps out of the result; gives the number of calls."""
    for name, given, expected in TASK.get("data", []):
        found = (await client.call_tool(name, given)).data
        assert found == expected and type(found) is type(expected), f"{name} {given}: {found!r} is not {expected!r}"
    return len(TASK.get("data", []))


async def main():
    api = Api()
    async with api.client:
        report({**await walk(api), "data": await data(api.client)})


asyncio.run(main())
