"""Printable documents: a typst template and its data become PDF bytes, the same bytes each time."""

from __future__ import annotations

import importlib.util
import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typst

_PAGE_TREE = re.compile(rb"/Type\s*/Pages\b[^>]*?/Count\s+(\d+)")


def page_count(pdf: bytes) -> int:
    """Pages of a document that ``compile_pdf`` made."""
    return max(int(number) for number in _PAGE_TREE.findall(pdf))


def compile_pdf(
    template: Path, data: Mapping[str, Any], *, files: Mapping[str, bytes] | None = None, fonts: Sequence[Path] = ()
) -> bytes:
    """Compile a typst template that reads ``data.json`` and the given files (pictures) from its own folder.

    Values reach the template as data, never as markup, so that a name cannot carry typst code. System fonts are
    ignored: only ``fonts`` and those inside typst are used, so every machine makes the same bytes.
    """
    with tempfile.TemporaryDirectory(prefix="gisapp-document-") as name:
        folder = Path(name)
        (folder / "main.typ").write_bytes(template.read_bytes())
        (folder / "data.json").write_text(json.dumps(data, ensure_ascii=False, allow_nan=False), encoding="utf-8")
        for file, content in (files or {}).items():
            (folder / file).write_bytes(content)
        return bytes(
            typst.compile(
                str(folder / "main.typ"),
                root=str(folder),
                font_paths=[str(path) for path in fonts],
                ignore_system_fonts=True,
                format="pdf",
            )
        )


def document_fonts() -> Path:
    """Folder of the font files that travel with matplotlib, found without loading it."""
    found = importlib.util.find_spec("matplotlib")
    if found is None or found.origin is None:
        raise FileNotFoundError("matplotlib")
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"
