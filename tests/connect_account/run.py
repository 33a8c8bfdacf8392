#!/usr/bin/env python3
"""Connects an account with the example `connect_account`, in a browser of sorts and at an authorization server that others wrote:
`oidc-provider`, as tests/oauth has it. Once as a client with a session, which is told by an error what to open, and once as a
stateless one, which is asked.

    tests/connect_account/run.py
"""

import argparse
import http.cookiejar
import json
import pathlib
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
OAUTH = HERE.parent / "oauth"
sys.path.insert(0, str(HERE.parent / "harness"))

import examples  # noqa: E402
from install import Cache, default_cache  # noqa: E402

KEY = "key-of-ada"
CLIENT = {"name": "connect", "version": "1"}
CAPABILITIES = {"elicitation": {"url": {}}}
PATIENCE = 60


def register(issuer):
    """The other service gets to know the example, on whatever port of loopback (RFC 8252)."""
    client = {
        "application_type": "native", "redirect_uris": ["http://127.0.0.1/connected"],
        "token_endpoint_auth_method": "none", "grant_types": ["authorization_code"], "response_types": ["code"],
    }  # fmt: skip
    request = urllib.request.Request(f"{issuer}/reg", json.dumps(client).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return json.load(answer)["client_id"]


class Browser:
    """Follows redirects, keeps cookies, and signs in where it is asked to."""

    def __init__(self):
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(cookies)

    def open(self, url, form=None):
        data = urllib.parse.urlencode(form).encode() if form else None
        try:
            with self.opener.open(url, data, PATIENCE) as page:
                return page.read().decode()
        except urllib.error.HTTPError as refused:
            return f"{refused.code} {refused.read().decode()}"

    def connect(self, url):
        page = self.open(url)
        assert "Sign in" in page, page
        page = self.open(url, {"key": KEY})
        assert "Your account is connected" in page, page
        page = self.open(url)
        assert page == "403 this link has been used already; start again where you got it", page


class Mcp:
    """A client by hand."""

    def __init__(self, url):
        self.url = url
        self.id = 0
        self.session = {}

    def post(self, message, headers):
        headers = {
            "Authorization": f"Bearer {KEY}", "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream", **headers,
        }  # fmt: skip
        request = urllib.request.Request(self.url, json.dumps(message).encode(), headers)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            body, kind = answer.read().decode(), answer.headers.get("Content-Type", "")
            if "event-stream" in kind:
                body = [line[5:] for line in body.splitlines() if line.startswith("data:") and len(line) > 6][-1]
            return answer.headers, json.loads(body) if body else None

    def ask(self, method, params, headers):
        self.id += 1
        return self.post({"jsonrpc": "2.0", "id": self.id, "method": method, "params": params}, headers)

    def initialize(self):
        params = {"protocolVersion": "2025-11-25", "capabilities": CAPABILITIES, "clientInfo": CLIENT}
        headers, _ = self.ask("initialize", params, {})
        self.session = {"Mcp-Session-Id": headers["Mcp-Session-Id"], "MCP-Protocol-Version": "2025-11-25"}
        self.post({"jsonrpc": "2.0", "method": "notifications/initialized"}, self.session)

    def call(self, tool):
        return self.ask("tools/call", {"name": tool, "arguments": {}}, self.session)[1]

    def modern(self, tool, **more):
        meta = {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientInfo": CLIENT, "io.modelcontextprotocol/clientCapabilities": CAPABILITIES,
        }  # fmt: skip
        headers = {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call", "Mcp-Name": tool}
        return self.ask("tools/call", {"name": tool, "arguments": {}, "_meta": meta, **more}, headers)[1]


def text(answer):
    assert "result" in answer and not answer["result"].get("isError"), answer
    return answer["result"]["content"][0]["text"]


def with_a_session(url):
    client = Mcp(url)
    client.initialize()
    first = client.call("profile")
    assert first.get("error", {}).get("code") == -32042, first
    (elicitation,) = first["error"]["data"]["elicitations"]
    assert elicitation["mode"] == "url" and elicitation["elicitationId"], elicitation
    Browser().connect(elicitation["url"])
    assert text(client.call("profile")) == "ada is ada there"
    assert text(client.call("disconnect")) == "true"
    print("ok: a client with a session is told what to open, and calls again")


def without_a_session(url):
    client = Mcp(url)
    first = client.modern("profile")["result"]
    assert first["resultType"] == "input_required", first
    ((key, question),) = first["inputRequests"].items()
    assert question["method"] == "elicitation/create" and question["params"]["mode"] == "url", question
    assert "elicitationId" not in question["params"], question
    Browser().connect(question["params"]["url"])
    answers = {key: {"action": "accept"}}
    done = client.modern("profile", inputResponses=answers, requestState=first["requestState"])
    assert text(done) == "ada is ada there"
    print("ok: a stateless client is asked, and answers by calling again")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", default=default_cache("oauth"), help="where the authorization server is installed")
    cache = Cache(parser.parse_args().cache)
    modules, node = cache.node_modules(OAUTH), cache.node(OAUTH)
    program = examples.build(["connect_account"])["connect_account"]
    command = [node, OAUTH / "provider.mjs", modules]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as provider:
        try:
            line = provider.stdout.readline()
            if not line:
                sys.exit("the authorization server did not start")
            issuer = json.loads(line)["issuer"]
            environment = {"ISSUER": issuer, "CLIENT_ID": register(issuer), "KEY": KEY}
            with examples.Served([program], environment) as served:
                with_a_session(served.url)
                without_a_session(served.url)
                problems = served.stop()
        finally:
            provider.stdin.close()
    if problems:
        sys.exit("\n".join(problems))


if __name__ == "__main__":
    main()
