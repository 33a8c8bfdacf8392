"""Our example servers: built, and served over HTTP on a free port of the loopback interface."""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Long enough for a loaded machine; nothing waits for it that goes well.
PATIENCE = 30


def build(names, package="toolwright", features=()):
    """The examples of `package` as built by cargo: name -> path of the program."""
    command = ["cargo", "build", "--quiet", "--message-format=json", "-p", package, "--features", ",".join(features)]
    for name in names:
        command += ["--example", name]
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit("the examples do not build")
    built = {}
    for line in done.stdout.splitlines():
        message = json.loads(line)
        if message.get("executable"):
            built[message["target"]["name"]] = message["executable"]
    return built


class Served:
    """A server that was told `--http 127.0.0.1:0` and says on stderr where it listens."""

    def __init__(self, command, environment=None, **options):
        self.lines = []
        self.url = None
        self._listening = threading.Event()
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("TOOLWRIGHT_")}
        self.process = subprocess.Popen(
            [*command, "--http", "127.0.0.1:0"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            text=True, errors="replace", env={**inherited, **(environment or {})}, **options,
        )  # fmt: skip
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._listening.wait(PATIENCE)
        if self.url is None:
            self.process.kill()
            self.process.wait()
            raise RuntimeError(f"{command} says no address on stderr:\n{self.log()}")

    def _read(self):
        for line in self.process.stderr:
            self.lines.append(line)
            # Logs that go to a terminal are coloured.
            if self.url is None and (found := re.search(r"http://[\d.]+:\d+/mcp\b", re.sub(r"\x1b\[[\d;]*m", "", line))):
                self.url = found[0]
                self._listening.set()
        self._listening.set()

    def log(self):
        return "".join(self.lines[-60:])

    @property
    def port(self):
        return int(self.url.split(":")[2].split("/")[0])

    def stop(self):
        """Ends it with SIGTERM; gives what is wrong about that and about its log."""
        problems = []
        if self.process.poll() is not None:
            problems.append(f"the server ended by itself with status {self.process.returncode}")
        else:
            self.process.send_signal(signal.SIGTERM)
            try:
                if (status := self.process.wait(PATIENCE)) != 0:
                    problems.append(f"after SIGTERM the server ended with status {status}")
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                problems.append(f"{PATIENCE} s after SIGTERM the server still ran")
        self._reader.join(PATIENCE)
        if any("panicked" in line for line in self.lines):
            problems.append("the server panicked")
        return problems + ([self.log()] if problems else [])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
