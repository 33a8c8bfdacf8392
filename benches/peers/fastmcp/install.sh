#!/usr/bin/env bash
# install.sh VENV: FastMCP in a virtual environment there. Its wish for a newer certifi than some indexes have is overridden.
set -euo pipefail
folder=$(dirname "${BASH_SOURCE[0]}")
python3 -m venv "$1"
"$1/bin/pip" install --quiet uv
"$1/bin/uv" pip install --quiet --python "$1/bin/python" -r "$folder/requirements.txt" --override "$folder/overrides.txt"
