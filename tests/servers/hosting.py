"""Servers that others wrote: how each is started, and where one that listens does so."""

import os
import pathlib
import re
import subprocess
import threading

HERE = pathlib.Path(__file__).resolve().parent
OUTSIDE = HERE.parent / "outside"
LOOPBACK = HERE.parent / "harness/loopback.mjs"
# Long enough for a loaded machine; nothing waits for it that goes well.
PATIENCE = 60
STDIO = "stdio"
# Where a server that listens has its endpoint.
PATHS = {"http": "/mcp", "sse": "/sse"}


def command(cache, plan, transport):
    """The command line of the server that `plan` is for."""
    arguments = plan["over"][transport]
    if plan["kind"] == "node":
        entry = cache.node_modules(HERE) / f"node_modules/@modelcontextprotocol/{plan['module']}/dist/index.js"
        listens = [] if transport == STDIO else ["--import", str(LOOPBACK), "--import", str(HERE / "announce.mjs")]
        return [cache.node(HERE), *listens, str(entry), *arguments]
    if plan["kind"] == "cargo":
        return [plan["program"], *arguments]
    python = cache.python(OUTSIDE / f"requirements/{plan['requirements']}.txt") / "python"
    return [str(python), str(HERE / "python" / plan["program"]), *arguments]


class Listening:
    """A server on a free port of the loopback interface, which says on stderr where it listens."""

    def __init__(self, command, transport, folder, environment):
        self.lines = []
        self.url = None
        self._said = threading.Event()
        self._path = PATHS[transport]
        inherited = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        self.process = subprocess.Popen(
            command, cwd=folder, env={**inherited, "PORT": "0", **environment},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace",
        )  # fmt: skip
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._said.wait(PATIENCE)
        if self.url is None:
            self.__exit__()
            raise RuntimeError(f"{command} says no address on stderr:\n{''.join(self.lines[-20:])}")

    def _read(self):
        for line in self.process.stderr:
            self.lines.append(line)
            # What was asked for, port 0, is named by some, too.
            if self.url is None and (found := re.search(r"http://127\.0\.0\.1:[1-9]\d*", line)):
                self.url = found[0] + self._path
                self._said.set()
        self._said.set()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def left_behind(folder):
    """The processes that still have `folder` as their own, where the system tells."""
    found = []
    for link in pathlib.Path("/proc").glob("[0-9]*/cwd"):
        try:
            if os.readlink(link).startswith(str(folder)):
                found.append((link.parent / "cmdline").read_text(errors="replace").replace("\0", " ").strip())
        except OSError:
            pass
    return found
