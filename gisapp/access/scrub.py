"""No NIK and no KK number in a log, a trace or an error page: long runs of digits keep their last four."""

from __future__ import annotations

import logging
import re
import traceback
from typing import Final

#: Sixteen digits, also with blanks, dots or dashes between them; longer runs hold one as well.
_LONG: Final = re.compile(r"(?<![0-9a-fA-F])\d(?:[ .\-]?\d){15,}(?![0-9a-fA-F])")


def scrub(text: str) -> str:
    """Replace every number of sixteen or more digits.

    >>> scrub("baris 3: 1205012001900001 ganda")
    'baris 3: ••••0001 ganda'
    """
    return _LONG.sub(lambda found: "••••" + re.sub(r"\D", "", found[0])[-4:], text)


class Scrub(logging.Filter):
    """Takes identities out of what a handler is about to write, its trace too; never holds a record back."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Scrub message and trace in place."""
        record.msg, record.args = scrub(record.getMessage()), None
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = scrub("".join(traceback.format_exception(*record.exc_info)).rstrip())
            record.exc_info = None
        elif record.exc_text:
            record.exc_text = scrub(record.exc_text)
        return True


_FILTER: Final = Scrub()


def scrub_logs() -> None:
    """Put the filter on every handler there is, and on the one of last resort."""
    loggers = [logging.getLogger(), *(one for one in logging.root.manager.loggerDict.values())]
    handlers: list[logging.Handler | None] = [
        handler for one in loggers if isinstance(one, logging.Logger) for handler in one.handlers
    ]
    if not logging.getLogger().handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
        logging.getLogger().addHandler(handler)
        handlers.append(handler)
    for found in (*handlers, logging.lastResort):
        if found is not None and _FILTER not in found.filters:
            found.addFilter(_FILTER)
