"""Builds the ten lines as they stand in the README, from outside the workspace, and gives the path of the program."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]


def build():
    code = (HERE / "src/main.rs").read_text()
    if code.strip() not in (ROOT / "README.md").read_text():
        sys.exit("the README does not show the ten lines of tests/outside/ten_lines/src/main.rs")
    # The same versions as the workspace; cargo drops what this crate does not use.
    shutil.copy(ROOT / "Cargo.lock", HERE / "Cargo.lock")
    environment = {"CARGO_TARGET_DIR": str(ROOT / "target"), **os.environ}
    done = subprocess.run(
        ["cargo", "build", "--quiet", "--message-format=json", "--manifest-path", HERE / "Cargo.toml"],
        env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    if done.returncode != 0:
        sys.exit("the ten lines do not build outside the workspace")
    programs = [message["executable"] for message in map(json.loads, done.stdout.splitlines()) if message.get("executable")]
    return programs[-1]


if __name__ == "__main__":
    print(build())
