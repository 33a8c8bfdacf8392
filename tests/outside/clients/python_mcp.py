"""The official Python client (mcp 2.x), both eras."""

import asyncio
import os

import mcp_types as types
from mcp import Client, StdioServerParameters

import answers
from walk import TASK, report, walk, wire


def server():
    if "url" in TASK:
        return TASK["url"]
    command, *args = TASK["command"]
    return StdioServerParameters(command=command, args=args, env={**os.environ, **TASK["env"]}, cwd=TASK["cwd"])


class Api:
    def __init__(self):
        self.logs = []
        self.client = Client(
            server(),
            # A pinned version would be taken on trust; "auto" asks `server/discover` first.
            mode="legacy" if TASK["era"] == "legacy" else "auto",
            client_info=types.Implementation(name="outside", version="1"),
            elicitation_callback=self.elicit,
            sampling_callback=self.sample,
            list_roots_callback=self.roots,
            logging_callback=self.log,
            log_level="debug",
        )

    async def elicit(self, _context, params):
        return types.ElicitResult.model_validate(answers.elicitation(wire(params), TASK.get("answers")))

    async def sample(self, _context, _params):
        return types.CreateMessageResult.model_validate(answers.SAMPLING)

    async def roots(self, _context):
        return types.ListRootsResult.model_validate(answers.ROOTS)

    async def log(self, params):
        self.logs.append(wire(params))

    def version(self):
        return self.client.protocol_version

    def info(self):
        return self.client.server_info

    def capabilities(self):
        return self.client.server_capabilities

    def instructions(self):
        return self.client.instructions

    def ping(self):
        return self.client.send_ping()

    def set_level(self, level):
        return self.client.set_logging_level(level)

    def list_tools(self, cursor):
        return self.client.list_tools(cursor=cursor)

    def call_tool(self, name, given, on_progress):
        return self.client.call_tool(name, given, progress_callback=on_progress)

    def list_resources(self, cursor):
        return self.client.list_resources(cursor=cursor)

    def list_templates(self, cursor):
        return self.client.list_resource_templates(cursor=cursor)

    def read_resource(self, uri):
        return self.client.read_resource(uri)

    def list_prompts(self, cursor):
        return self.client.list_prompts(cursor=cursor)

    def get_prompt(self, name, given):
        return self.client.get_prompt(name, given)

    def complete(self, asked):
        kind = types.PromptReference if asked["ref"]["type"] == "ref/prompt" else types.ResourceTemplateReference
        context = asked.get("context", {}).get("arguments")
        return self.client.complete(kind.model_validate(asked["ref"]), asked["argument"], context)


async def main():
    api = Api()
    async with api.client:
        report(await walk(api))


asyncio.run(main())
