"""What the fixture servers share: the data they serve, and how they are started.

    python <server>.py                    serves stdio
    python <server>.py --http             serves Streamable HTTP on a free port, which it says on stderr
"""

import base64
import sys

from pydantic import BaseModel

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=="
)
CITIES = ["Paris", "Porto", "Prague"]


class Forecast(BaseModel):
    """The weather of one day."""

    city: str
    degrees: float
    sunny: bool = True


class Seats(BaseModel):
    """Seats that a guest prefers."""

    row: str
    count: int = 2


# The same form as `Seats`, for those who write their questions by themselves.
SEATS = {
    "type": "object",
    "properties": {"row": {"type": "string"}, "count": {"type": "integer", "default": 2}},
    "required": ["row"],
}


def over_http():
    return sys.argv[1:] == ["--http"]
