#!/usr/bin/env python3
"""Lets our client be authorized for our server by an authorization server that others wrote: `oidc-provider`, on the loopback
interface and without anybody who clicks.

    tests/oauth/run.py

`provider.mjs` is the authorization server, `main.rs` what is done with it. See README.md.
"""

import argparse
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "harness"))

import examples  # noqa: E402
from install import Cache, default_cache  # noqa: E402

TIMEOUT = 120


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", default=default_cache("oauth"), help="where the authorization server is installed")
    given = parser.parse_args()
    cache = Cache(given.cache)
    modules, node = cache.node_modules(HERE), cache.node(HERE)
    program = examples.build(["oauth"], package="toolwright-tests")["oauth"]
    command = [node, HERE / "provider.mjs", modules]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as provider:
        try:
            line = provider.stdout.readline()
            if not line:
                sys.exit("the authorization server did not start")
            print(f"oidc-provider at {json.loads(line)['issuer']}", flush=True)
            done = subprocess.run([program, line], stdin=subprocess.DEVNULL, timeout=TIMEOUT)
        finally:
            provider.stdin.close()
    if provider.returncode != 0:
        sys.exit(f"the authorization server ended with status {provider.returncode}")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
