"""What the pages of the registry are given: plain values, with small numbers withheld."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gisapp.access.actors import Actor
from gisapp.registry import overview
from gisapp.web.texts import Texts
from gisapp.workspace.folder import Workspace


def overview_page(ws: Workspace, actor: Actor, asked: Mapping[str, str], t: Texts) -> dict[str, Any]:
    """The overview."""
    del asked, t
    found = overview.intakes(ws, actor)
    return {"intakes": found, "standing": [one for one in found if one.stands]}
