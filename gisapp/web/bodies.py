"""How much of a request the server takes in before anybody has looked at it.

Waitress keeps a body on the disk until it is whole. Without this, whoever has not logged in could fill the disk with
what only an upload of the social office may be.
"""

from __future__ import annotations

import copy
from typing import Any
from urllib.parse import quote

from flask import Flask, request
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser

from gisapp.access.permissions import matrix
from gisapp.errors import GisappError
from gisapp.web.auth import may


def room_for(app: Flask, path: str, cookie: str) -> int:
    """Bytes that a request to a path may have: an upload's room for a user who may upload there, else the small one."""
    small = int(app.config["MAX_CONTENT_LENGTH"])
    headers = {"Cookie": cookie} if cookie else {}
    try:
        with app.test_request_context(quote(path, encoding="latin-1"), method="POST", headers=headers):
            limit = app.config["UPLOAD_LIMITS"].get(request.endpoint)
            known = matrix().routes.get(request.endpoint or "")
            return int(limit) if limit is not None and known is not None and may(known) else small
    except (GisappError, ValueError):
        return small


def channel_of(app: Flask) -> type[HTTPChannel]:
    """A channel whose requests are held to the room of who sends them."""
    small = int(app.config["MAX_CONTENT_LENGTH"])

    class Parser(HTTPRequestParser):  # type: ignore[misc, unused-ignore]
        """Looks at the head of a request that has a large body, or one of unknown length, before it is taken in."""

        def parse_header(self, header_plus: bytes) -> None:
            super().parse_header(header_plus)
            if self.chunked or self.content_length > small:
                own: Any = self  # the library does not say what its settings are
                own.adj = copy.copy(own.adj)
                own.adj.max_request_body_size = room_for(app, self.path, self.headers.get("COOKIE", "")) + 1

    class Channel(HTTPChannel):  # type: ignore[misc, unused-ignore]
        """Reads requests with that parser."""

        parser_class = Parser

    return Channel
