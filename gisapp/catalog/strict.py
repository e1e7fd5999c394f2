"""TOML read strictly: an unknown, missing or wrongly typed key is refused with file, line and key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from gisapp.errors import ConfigurationError

KeyKind = Literal[
    "text", "number", "integer", "boolean", "texts", "integers", "text_map", "number_map", "table", "tables"
]
KeyPath = tuple[str | int, ...]

_NAMES = {
    "text": ("text in quotes", "teks dalam tanda kutip"),
    "number": ("a number", "angka"),
    "integer": ("a whole number", "bilangan bulat"),
    "boolean": ("true or false", "true atau false"),
    "texts": ("a list of texts", "daftar teks"),
    "integers": ("a list of whole numbers", "daftar bilangan bulat"),
    "text_map": ("a table of texts", "tabel teks"),
    "number_map": ("a table of numbers", "tabel angka"),
    "table": ("a table", "tabel"),
    "tables": ("a list of tables [[...]]", "daftar tabel [[...]]"),
}
_HEADER = re.compile(r"^\[(\[?)\s*([^\]]+?)\s*\]")
_ASSIGNMENT = re.compile(
    r"""^((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*="""
)


@dataclass(frozen=True, kw_only=True)
class Key:
    """What one key of a TOML table must be."""

    kind: KeyKind
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """One TOML file: its values and its text, so that a complaint can name the line."""

    path: Path
    text: str
    data: dict[str, Any]

    def line_of(self, keys: KeyPath) -> int:
        """Line (from 1) where the key stands, or of the table that should hold it."""
        best_line, best_depth = 1, 0
        current: KeyPath = ()
        seen: dict[KeyPath, int] = {}
        for number, raw in enumerate(self.text.splitlines(), 1):
            line = raw.strip()
            if header := _HEADER.match(line):
                current = _parts(header[2])
                if header[1]:
                    seen[current] = seen.get(current, -1) + 1
                    current = (*current, seen[current])
                position = current
            elif assignment := _ASSIGNMENT.match(line):
                position = (*current, *_parts(assignment[1]))
            else:
                continue
            if position == keys:
                return number
            if keys[: len(position)] == position and len(position) > best_depth:
                best_line, best_depth = number, len(position)
        return best_line

    def refuse(self, keys: KeyPath, en: str, id: str) -> ConfigurationError:
        """Make the error that names file, line and key; the caller raises it."""
        place = f"{self.path}:{self.line_of(keys)}"
        key = ".".join(str(part) for part in keys if isinstance(part, str))
        return ConfigurationError(f"{place}: key `{key}`: {en}", f"{place}: kunci `{key}`: {id}")

    def check(self, table: Mapping[str, Any], schema: Mapping[str, Key], at: KeyPath = ()) -> None:
        """Refuse the first unknown, missing or wrongly typed key of one table (its place in the file is ``at``)."""
        for name in table:
            if name not in schema:
                known = ", ".join(sorted(schema))
                raise self.refuse(
                    (*at, name),
                    f"unknown key. Known here: {known}.",
                    f"kunci tidak dikenal. Yang dikenal di sini: {known}.",
                )
        for name, key in schema.items():
            if name not in table:
                if key.required:
                    raise self.refuse(
                        (*at, name),
                        f"missing key. Add `{name}`: {_NAMES[key.kind][0]}.",
                        f"kunci wajib belum ada. Tambahkan `{name}`: {_NAMES[key.kind][1]}.",
                    )
                continue
            self._check_value(table[name], key, (*at, name))

    def _check_value(self, value: Any, key: Key, at: KeyPath) -> None:
        if not _is_kind(value, key.kind):
            en, id = _NAMES[key.kind]
            raise self.refuse(at, f"must be {en}, not {value!r}.", f"harus {id}, bukan {value!r}.")
        if key.choices and value not in key.choices:
            listed = ", ".join(repr(choice) for choice in key.choices)
            raise self.refuse(
                at, f"must be one of {listed}, not {value!r}.", f"harus salah satu dari {listed}, bukan {value!r}."
            )


def read_document(path: Path) -> Document:
    """Read one TOML file; a syntax error is refused with file and line.

    Raises
    ------
    ConfigurationError : the file cannot be read, is not UTF-8, or is not TOML.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{path}: cannot be read as text: {error}.", f"{path}: tidak terbaca sebagai teks: {error}."
        ) from error
    try:
        return Document(path, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        place = f"{path}:{found[1]}" if found else str(path)
        raise ConfigurationError(
            f"{place}: this is not valid TOML: {error}. Text values need quotes.",
            f"{place}: bukan TOML yang sah: {error}. Nilai teks perlu tanda kutip.",
        ) from error


def quote(value: str) -> str:
    r"""Write text as a TOML basic string, quotes included.

    >>> quote('a "b"')
    '"a \\"b\\""'
    """
    out = []
    for char in value:
        if char in '"\\':
            out.append("\\" + char)
        elif ord(char) < 0x20 or ord(char) == 0x7F:
            out.append(f"\\u{ord(char):04x}")
        else:
            out.append(char)
    return '"' + "".join(out) + '"'


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in re.findall(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""", dotted))


def _is_number(value: Any) -> bool:
    return (
        isinstance(value, int | float) and not isinstance(value, bool) and value == value and abs(value) != float("inf")
    )


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_kind(value: Any, kind: KeyKind) -> bool:
    match kind:
        case "text":
            return isinstance(value, str)
        case "number":
            return _is_number(value)
        case "integer":
            return _is_integer(value)
        case "boolean":
            return isinstance(value, bool)
        case "texts":
            return isinstance(value, list) and all(isinstance(item, str) for item in value)
        case "integers":
            return isinstance(value, list) and all(_is_integer(item) for item in value)
        case "text_map":
            return isinstance(value, dict) and all(isinstance(item, str) for item in value.values())
        case "number_map":
            return isinstance(value, dict) and all(_is_number(item) for item in value.values())
        case "table":
            return isinstance(value, dict)
        case "tables":
            return isinstance(value, list) and all(isinstance(item, dict) for item in value)
