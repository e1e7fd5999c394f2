"""Mappings an office keeps by name in <workspace>/mappings/, each a vocabulary as docs/registry.md explains it."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gisapp.access.actors import Actor
from gisapp.access.permissions import require
from gisapp.catalog.strict import quote
from gisapp.errors import InvalidParameterError, NotFoundError
from gisapp.registry.forms import Unit, load_form, load_mapping
from gisapp.store.audit import append_event
from gisapp.store.database import session
from gisapp.store.files import atomic_write_bytes, make_private_folder
from gisapp.store.hashing import sha256_bytes
from gisapp.workspace.folder import Workspace

FOLDER = "mappings"

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
#: A vocabulary of every column and code of a form takes a tenth of this.
_MOST_BYTES = 200_000


@dataclass(frozen=True, kw_only=True)
class SavedMapping:
    """One saved mapping: its name, the form it builds on (None: none), what a row is, how many columns it names."""

    name: str
    path: Path
    base: str | None
    title: str
    unit: Unit
    columns: int


def saved_mappings(ws: Workspace) -> list[SavedMapping]:
    """The mappings of this workspace by name; one that cannot be read is left out."""
    found = []
    for path in sorted((ws.root / FOLDER).glob("*.toml")):
        try:
            form = load_mapping(path)
        except ValueError:
            continue
        found.append(
            SavedMapping(
                name=path.stem, path=path, base=form.base, title=form.title, unit=form.unit, columns=len(form.columns)
            )
        )
    return found


def mapping_path(ws: Workspace, name: str) -> Path:
    """File of a saved mapping; NotFoundError (code ``mapping_unknown``) that names the saved ones."""
    path = ws.root / FOLDER / f"{name}.toml"
    if _NAME.fullmatch(name) and path.is_file():
        return path
    listed = ", ".join(sorted(one.stem for one in (ws.root / FOLDER).glob("*.toml"))) or "-"
    raise NotFoundError(
        f"There is no saved mapping {name!r}. Saved: {listed}.",
        f"Tidak ada pemetaan tersimpan {name!r}. Tersimpan: {listed}.",
        code="mapping_unknown",
    )


def find_mapping(ws: Workspace, name_or_file: str) -> Path:
    """What ``--mapping`` means: the file of that name where there is one, else the saved mapping."""
    given = Path(name_or_file)
    return given if given.suffix == ".toml" or given.is_file() else mapping_path(ws, name_or_file)


def save_mapping(ws: Workspace, name: str, toml_text: str, actor: Actor) -> Path:
    """Check a mapping and keep it under a name, in place of the one that had it; the act is audited.

    Raises
    ------
    InvalidParameterError : code ``mapping_name`` for a name that is not lower-case letters, digits, - and _.
    ConfigurationError : the text is no mapping; nothing was stored.
    """
    require(actor, "registry.intake")
    if not _NAME.fullmatch(name):
        raise InvalidParameterError(
            f"Mapping name {name!r}: use at most 60 lower-case letters, digits, - and _, a letter or digit first.",
            f"Nama pemetaan {name!r}: pakai 1 sampai 60 huruf kecil, angka, - dan _, diawali huruf atau angka.",
            code="mapping_name",
        )
    content = toml_text.encode("utf-8")
    check_mapping(content, name)
    folder = make_private_folder(ws.root / FOLDER)
    atomic_write_bytes(folder / f"{name}.toml", content)
    with session(ws.database) as database:
        append_event(
            database,
            action="registry.mapping",
            actor=actor.name,
            subject=name,
            detail={"sha256": sha256_bytes(content)},
        )
    return folder / f"{name}.toml"


def check_mapping(content: bytes, name: str) -> None:
    """ConfigurationError with line and key where the text is no mapping."""
    if len(content) > _MOST_BYTES:
        raise InvalidParameterError(
            f"Mapping {name!r} is larger than {_MOST_BYTES // 1000} kB.",
            f"Pemetaan {name!r} lebih dari {_MOST_BYTES // 1000} kB.",
            code="mapping_size",
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.toml"
        path.write_bytes(content)
        load_mapping(path)


def compose_mapping(
    base_form: str | None, unit: Unit, columns: Mapping[str, Sequence[str]], *, title: str | None = None
) -> str:
    """TOML of a mapping made elsewhere: headings by variable, on top of a known form or of nothing.

    >>> print(compose_mapping(None, "family", {"persons": ["Jml ART"]}))
    unit = "family"
    <BLANKLINE>
    [columns]
    persons = ["Jml ART"]
    <BLANKLINE>
    """
    if base_form is not None:
        load_form(base_form)
    lines = [f"base = {quote(base_form)}"] if base_form is not None else []
    lines += [f"title = {quote(title)}"] if title else []
    lines += [f"unit = {quote(unit)}", "", "[columns]"]
    for variable, headings in columns.items():
        listed = ", ".join(quote(heading) for heading in headings if heading.strip())
        if listed:
            lines.append(f"{variable} = [{listed}]")
    return "\n".join(lines) + "\n"
