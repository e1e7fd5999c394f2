"""No NIK and no KK number in a log, a trace or an error page: long runs of digits keep their last four."""

from __future__ import annotations

import logging
import re
import traceback
from typing import Any, Final

#: Sixteen digits, also with blanks, dots or dashes between them; longer runs hold one as well.
_LONG: Final = re.compile(r"(?<![0-9a-fA-F])\d(?:[ .\-]?\d){15,}(?![0-9a-fA-F])")


def scrub(text: str) -> str:
    """Replace every number of sixteen or more digits.

    >>> scrub("baris 3: 1205012001900001 ganda")
    'baris 3: ••••0001 ganda'
    """
    return _LONG.sub(lambda found: "••••" + re.sub(r"\D", "", found[0])[-4:], text)


def scrub_logs() -> None:
    """Scrub every record of this process as it is made, its trace too, whichever handler writes it later."""
    made_before = logging.getLogRecordFactory()
    if getattr(made_before, "scrubs", False):
        return

    def made(*words: Any, **more: Any) -> logging.LogRecord:
        record = made_before(*words, **more)
        try:
            record.msg, record.args = scrub(record.getMessage()), None
        except Exception:
            record.msg, record.args = "a message that could not be written", None
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = scrub("".join(traceback.format_exception(*record.exc_info)).rstrip())
        return record

    made.scrubs = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(made)
