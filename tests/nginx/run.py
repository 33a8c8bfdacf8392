#!/usr/bin/env python3
"""Puts a real nginx in front of the example `everything` and ends the server in the middle of its work.

With 64 calls, 8 streams of sessions and 8 subscriptions running behind nginx, configured by `mcp.conf`, the server gets a
SIGTERM. Every call must be answered, each subscription must get its result, every stream must end as HTTP ends it, and the
server must end with status 0.
"""

import concurrent.futures
import http.client
import json
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "harness"))

from examples import PATIENCE, Served, build  # noqa: E402

CALLS, STREAMING, STREAMS, LISTENS = 64, 16, 8, 8
# Long enough that all are running before the first is done, on a slow machine too.
WORK = 4000
HOST = "mcp.example.com"
MODERN, LEGACY = "2026-07-28", "2025-11-25"


def configuration(folder, port, server_port):
    """nginx's own frame around `mcp.conf`, with free ports, and everything it writes inside `folder`."""
    site = (HERE / "mcp.conf").read_text()
    for told, used in (("127.0.0.1:8000", f"127.0.0.1:{server_port}"), ("127.0.0.1:8080", f"127.0.0.1:{port}")):
        if told not in site:
            sys.exit(f"mcp.conf no longer says {told}")
        site = site.replace(told, used)
    written = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "".join(f"    {name}_temp_path {folder}/{name};\n" for name in written)
    return (
        f"daemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\n"
        f"events {{ worker_connections 1024; }}\nhttp {{\n    access_log off;\n{paths}{site}}}\n"
    )


class Nginx:
    def __init__(self, folder, server_port):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.folder = pathlib.Path(folder)
        # Its workers give up root, and what they write lies in this folder.
        self.folder.chmod(0o777)
        path = self.folder / "nginx.conf"
        path.write_text(configuration(folder, self.port, server_port))
        command = [shutil.which("nginx") or "/usr/sbin/nginx", "-e", f"{folder}/error.log", "-p", folder, "-c", str(path)]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    sys.exit(f"nginx does not listen:\n{self.log()}")
                time.sleep(0.05)

    def log(self):
        return "".join(path.read_text()[-4000:] for path in self.folder.glob("*.log"))

    def stop(self):
        self.process.terminate()
        self.process.wait()


def send(port, method, body=None, headers=()):
    """Sends a request through nginx and gives the connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    sent = {"Host": HOST, "Accept": "application/json, text/event-stream", **dict(headers)}
    if body is not None:
        sent["Content-Type"] = "application/json"
    connection.request(method, "/mcp", json.dumps(body) if body is not None else None, sent)
    return connection


def stateless(port, number, method, params, progress=False):
    meta = {"io.modelcontextprotocol/protocolVersion": MODERN, "io.modelcontextprotocol/clientCapabilities": {}}
    if progress:
        meta["progressToken"] = number
    headers = {"MCP-Protocol-Version": MODERN, "Mcp-Method": method}
    if "name" in params:
        headers["Mcp-Name"] = params["name"]
    body = {"jsonrpc": "2.0", "id": number, "method": method, "params": {**params, "_meta": meta}}
    return send(port, "POST", body, headers)


def events(response):
    """The messages of a stream. A stream that is cut off raises."""
    if (kind := response.getheader("Content-Type", "")) != "text/event-stream":
        raise RuntimeError(f"status {response.status}, {kind}: {response.read()[:500]}")
    for line in response:
        if line.startswith(b"data:") and (data := line[5:].strip()):
            yield json.loads(data)


class Running:
    """What the clients are doing; the first problem of each is kept."""

    def __init__(self, count):
        self.started = threading.Semaphore(0)
        self.pool = concurrent.futures.ThreadPoolExecutor(count)
        self.jobs = {}

    def start(self, name, job):
        self.jobs[name] = self.pool.submit(job)

    def begun(self, count):
        """Waits until so many more have begun; gives whether they did."""
        return all(self.started.acquire(timeout=PATIENCE) for _ in range(count))

    def problems(self):
        found = []
        for name, job in self.jobs.items():
            try:
                job.result(PATIENCE)
            except (RuntimeError, OSError, ValueError, http.client.HTTPException, TimeoutError) as error:
                found.append(f"{name}: {error!r}")
        return found


def checked(answer, number):
    text = f"Waited for {WORK} ms"
    if answer.get("id") != number or answer.get("result", {}).get("content") != [{"type": "text", "text": text}]:
        raise RuntimeError(f"answered {answer}")


def plain_call(port, number):
    """A call that is answered with one JSON body; gives what waits for it."""
    connection = stateless(port, number, "tools/call", {"name": "wait", "arguments": {"milliseconds": WORK}})

    def answered():
        response = connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise RuntimeError(f"status {response.status}: {body[:500]}")
        checked(json.loads(body), number)

    return answered


def streaming_call(port, number, started):
    """A call that says first how far it is."""
    params = {"name": "wait", "arguments": {"milliseconds": WORK}}
    received = events(stateless(port, number, "tools/call", params, progress=True).getresponse())
    first = next(received, None)
    if first is None or first.get("method") != "notifications/progress":
        raise RuntimeError(f"no progress, but {first}")
    started.release()
    rest = list(received)
    if len(rest) != 1:
        raise RuntimeError(f"one answer expected, got {rest}")
    checked(rest[0], number)


def listen(port, number, started):
    """A subscription, which ends with its result."""
    params = {"notifications": {"toolsListChanged": True, "resourceSubscriptions": ["test://watched-resource"]}}
    received = events(stateless(port, number, "subscriptions/listen", params).getresponse())
    first = next(received, None)
    if first is None or first.get("method") != "notifications/subscriptions/acknowledged":
        raise RuntimeError(f"not acknowledged, but {first}")
    started.release()
    rest = list(received)
    meta = rest[0].get("result", {}).get("_meta", {}) if len(rest) == 1 else {}
    if len(rest) != 1 or rest[0].get("id") != number or meta.get("io.modelcontextprotocol/subscriptionId") != number:
        raise RuntimeError(f"a result expected, got {rest}")


def stream(port, started):
    """The stream of a session, which ends without being cut off."""
    params = {"protocolVersion": LEGACY, "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    opened = send(port, "POST", {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}).getresponse()
    opened.read()
    headers = {"Mcp-Session-Id": opened.getheader("Mcp-Session-Id"), "MCP-Protocol-Version": LEGACY}
    notification = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    send(port, "POST", notification, headers).getresponse().read()
    received = events(send(port, "GET", headers=headers).getresponse())
    started.release()
    if rest := list(received):
        raise RuntimeError(f"nothing expected, got {rest}")


def run(port, server):
    """Gives what is wrong."""
    running = Running(CALLS + STREAMS + LISTENS)
    # No sign tells that these run, so they come first: what is sent after them and has begun vouches for them.
    for number in range(CALLS - STREAMING):
        running.start(f"call {number}", plain_call(port, number))
    for number in range(STREAMS):
        running.start(f"stream {number}", lambda: stream(port, running.started))
    for number in range(1000, 1000 + LISTENS):
        running.start(f"listen {number}", lambda number=number: listen(port, number, running.started))
    for number in range(CALLS - STREAMING, CALLS):
        running.start(f"call {number}", lambda number=number: streaming_call(port, number, running.started))
    began = running.begun(STREAMS + LISTENS + STREAMING)
    early = [name for name, job in running.jobs.items() if job.done()]
    problems = [] if began else ["not everything began"]
    problems += [f"{name} was over before the signal" for name in early]
    problems += server.stop()
    problems += running.problems()
    running.pool.shutdown(wait=False, cancel_futures=True)
    return problems


def main():
    if not (shutil.which("nginx") or pathlib.Path("/usr/sbin/nginx").exists()):
        sys.exit("nginx is not installed")
    program = build(["everything"])["everything"]
    environment = {"TOOLWRIGHT_ALLOWED_HOSTS": HOST}
    with tempfile.TemporaryDirectory() as folder, Served([program], environment) as server:
        nginx = Nginx(folder, server.port)
        try:
            problems = run(nginx.port, server)
            if problems:
                problems.append(nginx.log())
        finally:
            nginx.stop()
    for problem in problems:
        print(f"FAILED {problem}")
    if not problems:
        print(f"{CALLS} calls answered, {STREAMS} streams and {LISTENS} subscriptions ended, exit status 0")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
