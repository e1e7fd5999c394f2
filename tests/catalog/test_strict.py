"""TOML complaints name the file, the line and the key."""

from __future__ import annotations

from pathlib import Path

import pytest

from gisapp.catalog.strict import Key, quote, read_document
from gisapp.errors import ConfigurationError

TEXT = """\
# a comment with [brackets] and key = 1
name = "a"

[style]
color = "#000000"

[[standard]]
service = "road"

[[standard]]
service = "market"
distance_m = 5
"""

ALL = {"name": Key(kind="text"), "style": Key(kind="table"), "standard": Key(kind="tables")}


@pytest.fixture
def document(tmp_path: Path):
    path = tmp_path / "a.toml"
    path.write_text(TEXT)
    return read_document(path)


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (("name",), 2),
        (("style", "color"), 5),
        (("standard", 0, "service"), 8),
        (("standard", 1, "distance_m"), 12),
        (("standard", 1, "missing"), 10),
        (("missing",), 1),
    ],
)
def test_the_line_of_a_key_is_found(document, keys, line):
    assert document.line_of(keys) == line


def test_unknown_missing_and_wrong_keys_are_refused_with_their_place(document):
    for schema, key in (
        ({"style": Key(kind="table")}, "name"),
        ({**ALL, "x": Key(kind="text", required=True)}, "x"),
        ({**ALL, "name": Key(kind="integer")}, "name"),
    ):  # fmt: skip
        with pytest.raises(ConfigurationError) as caught:
            document.check(document.data, schema)
        assert f"{document.path}:" in caught.value.en
        assert f"`{key}`" in caught.value.en
        assert f"`{key}`" in caught.value.id


def test_a_syntax_error_names_the_line(tmp_path: Path):
    path = tmp_path / "b.toml"
    path.write_text("a = 1\nb = oops\n")
    with pytest.raises(ConfigurationError, match=r"b\.toml:2"):
        read_document(path)


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path):
    path = tmp_path / "c.toml"
    path.write_bytes(b"a = '\xff'\n")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_document(path)


@pytest.mark.parametrize("text", ["plain", 'with "quotes"', "back\\slash", "line\nbreak", "tab\t\x7f", "é ✓ <b>"])
def test_a_quoted_text_reads_back(tmp_path: Path, text):
    path = tmp_path / "d.toml"
    path.write_text(f"value = {quote(text)}\n", encoding="utf-8")
    assert read_document(path).data == {"value": text}
