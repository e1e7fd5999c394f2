"""CQL2: what a text means, which rows it selects, and that whatever is withheld is neither true nor false."""

import time
from contextlib import suppress

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point

from gisapp.errors import InvalidParameterError
from gisapp.release.cql2 import evaluate
from gisapp.release.cql2.evaluate import parse, rows_of
from gisapp.release.cql2.patterns import matcher
from gisapp.release.cql2.text import parse_text

KINDS = {"code": "text", "name": "text", "families": "integer", "ratio": "ratio", "thin": "boolean"}


def table():
    frame = pd.DataFrame(
        {
            "code": ["a", "b", "c", "d"],
            "name": ["Aek Nabara", "AEK GOTI", "It's 100%", None],
            "families": pd.array([10, 20, None, 40], dtype="Int64"),
            "ratio": [0.1, 0.25, None, 0.5],
            "thin": pd.array([True, False, None, True], dtype="boolean"),
        }
    )
    places = [Point(0, 0), Point(1, 1), Point(2, 2), None]
    return gpd.GeoDataFrame(frame, geometry=places, crs="EPSG:4326")


def selected(text, language="cql2-text"):
    frame = table()
    return "".join(frame["code"][rows_of(parse(text, language=language), frame, kinds=KINDS)])


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("families = 10", "a"),
        ("families <> 10", "bd"),
        ("families > 10 AND families <= 40", "bd"),
        ("10 < families", "bd"),
        ("code = 'a' or code='b' and families > 10", "ab"),
        ("(code = 'a' or code='b') and families > 10", "b"),
        ("NOT families = 10", "bd"),
        ("NOT (families = 10 OR families IS NULL)", "bd"),
        ("families IS NULL", "c"),
        ("families IS NOT NULL", "abd"),
        ("families = 10 OR code = 'c'", "ac"),
        ("families BETWEEN 20 AND 40", "bd"),
        ("families NOT BETWEEN 20 AND 40", "a"),
        ("families IN (10, 40.0, 99)", "ad"),
        ("code NOT IN ('a', 'b')", "cd"),
        ("name LIKE 'Aek%'", "a"),
        ("CASEI(name) LIKE casei('AEK%')", "ab"),
        ("casei(name) = CASEI('aek goti')", "b"),
        ("name NOT LIKE '%a%'", "bc"),
        (r"name LIKE '%100\%'", "c"),
        ("name = 'It''s 100%'", "c"),
        ("name LIKE '_ek%'", "a"),
        ("thin = TRUE", "ad"),
        ("thin", "ad"),
        ("NOT thin", "b"),
        ("thin <> true", "b"),
        ("\"code\" = 'a'", "a"),
        ("ratio >= 2.5e-1", "bd"),
        ("ratio < 1 and families = families", "abd"),
        ("TRUE", "abcd"),
        ("families < 1.7e308 AND families > -1.7e308", "abd"),
        ("code = 'a' AND FALSE", ""),
        ("1 = 1", "abcd"),
        ("S_INTERSECTS(geometry, BBOX(-1, -1, 1, 1))", "ab"),
        ("NOT S_INTERSECTS(geometry, BBOX(-1, -1, 1, 1))", "c"),
        ("s_intersects(geometry, POINT(2 2))", "c"),
        ("S_WITHIN(geometry, POLYGON((-1 -1, 3 -1, 3 3, -1 3, -1 -1), (0.5 0.5, 1.5 0.5, 1.5 1.5, 0.5 0.5)))", "ac"),
        ("s_disjoint(geometry, MULTIPOINT((0 0), (1 1)))", "c"),
        ("s_intersects(geometry, MULTIPOINT(0 0, 1 1))", "ab"),
        ("s_intersects(LINESTRING(0 0, 2 2), geometry)", "abc"),
        ("geometry IS NULL", "d"),
        ("DATE('2025-01-01') < DATE('2025-02-01')", "abcd"),
        ("TIMESTAMP('2025-01-01T08:00:00+07:00') = TIMESTAMP('2025-01-01T01:00:00Z')", "abcd"),
    ],
)
def test_rows_of_a_text(text, rows):
    assert selected(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('{"op":"=","args":[{"property":"families"},10]}', "a"),
        ('{"op":"and","args":[true,{"op":"isNull","args":[{"property":"ratio"}]}]}', "c"),
        ('{"op":"in","args":[{"op":"casei","args":[{"property":"code"}]},["A","b"]]}', "b"),
        ('{"op":"s_intersects","args":[{"property":"geometry"},{"bbox":[0.5,0.5,0,3,3,9]}]}', "bc"),
        ('{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":[1,1]}]}', "b"),
    ],
)
def test_rows_of_json(text, rows):
    assert selected(text, "cql2-json") == rows


@pytest.mark.parametrize(
    "text",
    [
        "1=1 OR", "'; DROP TABLE areas --", "absent = 1", "families = 'x'", "code > 5", "foo(code) = 'a'", "families",
        "code LIKE 5", "code LIKE name", "families IN ('a')", "code IN (name)", "thin < TRUE", "families + 1 = 2",
        "families = 1e999", "families = 1" + "0" * 400, "families = NULL", "casei(families) = 'a'",
        "accenti(name) = 'a'", "casei(casei(name)) = 'a'",
        "S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 0 0)))", "S_INTERSECTS(code, POINT(1 1))", "S_INTERSECTS(geometry)",
        "S_INTERSECTS(geometry, POLYGON((0 0, 2 2, 2 0, 0 2, 0 0)))", "s_intersects(geometry, BBOX(1,2,3))",
        "s_intersects(geometry, GEOMETRYCOLLECTION(POINT(1 1)))", "s_buffer(geometry, POINT(1 1))",
        "DATE('x') = DATE('y')",
        "TIMESTAMP('2025-01-01') = TIMESTAMP('2025-01-01')", "", "  ", "(", "a = b", "code = __import__('os')",
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_refused_in_two_languages(text):
    with pytest.raises(InvalidParameterError, match=r"^filter: ") as refused:
        selected(text)
    assert refused.value.code == "filter"
    assert refused.value.id != refused.value.en


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", "5", "null", '"x"', '{"op":5}', '{"op":"="}', '{"op":"=","args":5}', '{"op":"=","args":[1]}',
        '{"op":"and","args":[true]}', '{"op":"not","args":[]}', '{"op":"=","args":[{"property":5},5]}',
        '{"op":"=","args":[{"property":"code","op":"x"},"a"]}', '{"op":"in","args":[{"property":"code"},"a"]}',
        '{"op":"in","args":[{"property":"code"},[]]}', '{"op":"isNull","args":[]}', '{"op":"=","args":[null,null]}',
        '{"op":"s_intersects","args":[{"property":"geometry"},{"bbox":["a",1,2,3]}]}',
        '{"op":"s_intersects","args":[{"property":"geometry"},{"bbox":[1,2,3,null]}]}',
        '{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point"}]}',
        '{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":"x"}]}',
        '{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":[]}]}',
        '{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Polygon","coordinates":[[[0,0],[1,1]]]}]}',
        '{"op":"s_intersects","args":[{"property":"geometry"},5]}', '{"op":"casei","args":["a"]}', "{'op': 'x'}",
        '{"op":"=","args":[{"property":"families"},1e400]}', '{"op":"=","args":[{"date":5},{"date":"2025-01-01"}]}',
    ],
)  # fmt: skip
def test_json_that_says_nothing_is_refused(text):
    with pytest.raises(InvalidParameterError, match=r"^filter: "):
        selected(text, "cql2-json")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 8000 + "code='a'" + ")" * 8000, "(" * 16_000, "not " * 4000 + "code='a'", "x" * 17_000,
        "casei(" * 2000 + "code" + ")" * 2000 + "='a'", " and ".join(["code='a'"] * 1200),
        "code in (" + ",".join(["'a'"] * 3900) + ")", "code like '" + "%a" * 8000 + "'",
        "code like '" + "_%" * 8000 + "'",
    ],
)  # fmt: skip
def test_long_and_nested_texts_take_no_time(text):
    began = time.perf_counter()
    with suppress(InvalidParameterError):
        selected(text)
    assert time.perf_counter() - began < 1


def test_more_conditions_than_the_rows_allow_are_refused(monkeypatch):
    """Four rows: of twelve row conditions three fit, counted wherever they stand."""
    monkeypatch.setattr(evaluate, "LARGEST_WORK", 12)
    assert selected("code = 'a' OR NOT (code <> 'b' AND families > 0)") == "ab"
    with pytest.raises(InvalidParameterError, match="more than 3 conditions on 4 rows"):
        selected("code = 'a' OR NOT (code <> 'b' AND casei(code) = 'x')")


def test_deep_json_is_refused():
    with pytest.raises(InvalidParameterError):
        selected('{"op":"not","args":[' * 700 + "true" + "]}" * 700, "cql2-json")


def test_a_pattern_that_would_make_an_expression_go_back_takes_no_time():
    began = time.perf_counter()
    assert not matcher("%a" * 200 + "%b")("a" * 3000)
    assert time.perf_counter() - began < 0.5


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("", "", True), ("", "a", False), ("%", "", True), ("a%a", "a", False), ("a%a", "aa", True),
        ("%a%", "bab", True),
        ("a_c", "abc", True), ("a_c", "ac", False), ("%_", "", False), ("\\_", "_", True), ("\\_", "a", False),
        ("a.c", "abc", False), ("%ab%ab", "ab", False), ("%ab%ab", "abab", True), ("a%\n", "ab\n", True),
        ("\\", "\\", True),
    ],
)  # fmt: skip
def test_patterns(pattern, text, fits):
    assert matcher(pattern)(text) is fits


def test_text_is_read_as_the_standards_json():
    text = "casei(name) LIKE casei('aek%') AND NOT families BETWEEN 1 AND 5 OR S_INTERSECTS(geometry,POINT(1 2))"
    assert parse_text(text) == {
        "op": "or",
        "args": [
            {
                "op": "and",
                "args": [
                    {
                        "op": "like",
                        "args": [
                            {"op": "casei", "args": [{"property": "name"}]},
                            {"op": "casei", "args": ["aek%"]},
                        ],
                    },
                    {"op": "not", "args": [{"op": "between", "args": [{"property": "families"}, 1, 5]}]},
                ],
            },
            {"op": "s_intersects", "args": [{"property": "geometry"}, {"type": "Point", "coordinates": [1.0, 2.0]}]},
        ],
    }
