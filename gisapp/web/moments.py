"""Days and moments for the templates, in the zone of the district and the language of the page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from gisapp.web.language import texts
from gisapp.web.source import source
from gisapp.web.updates import time as updates_time


def moments() -> dict[str, Callable[..., str]]:
    """``moment(at)`` and ``day(on)`` for a template."""

    def moment(at: datetime) -> str:
        return updates_time.shown(at, source().workspace.settings.kode, texts())

    def day(on: date) -> str:
        return updates_time.day(on, texts())

    return {"moment": moment, "day": day}
