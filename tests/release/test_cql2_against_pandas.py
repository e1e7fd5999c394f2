"""Random expressions, written as CQL2 text and as CQL2 JSON, against pandas' own nullable columns as the oracle."""

import json
import operator
import re

import geopandas as gpd
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from gisapp.release.cql2.evaluate import parse, rows_of

KINDS = {"name": "text", "families": "integer", "ratio": "ratio", "thin": "boolean"}
OPERATORS = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
WORDS = st.text("aAbB'%_\\é ", max_size=4)
NUMBERS = st.integers(-3, 3) | st.sampled_from([0.5, -1.25, 2.0])
LITERALS = {"name": WORDS, "families": NUMBERS, "ratio": NUMBERS, "thin": st.booleans()}
DTYPES = {"name": "string[python]", "families": "Int64", "ratio": "Float64", "thin": "boolean"}
SIDES = st.integers(-2, 4)


@st.composite
def tables(draw):
    rows = draw(st.integers(0, 8))

    def column(values):
        return draw(st.lists(st.none() | values, min_size=rows, max_size=rows))

    data = {"name": column(WORDS), "families": column(st.integers(-3, 3)), "ratio": column(NUMBERS)}
    data["thin"] = column(st.booleans())
    corners = column(st.tuples(SIDES, SIDES))
    shapes = [None if corner is None else box(*corner, corner[0] + 1, corner[1] + 1) for corner in corners]
    frame = pd.DataFrame({name: pd.array(values, dtype=DTYPES[name]) for name, values in data.items()})
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes, crs="EPSG:4326"), crs="EPSG:4326")


@st.composite
def comparisons(draw):
    name = draw(st.sampled_from(list(KINDS)))
    signs = ["=", "<>"] if name == "thin" else list(OPERATORS)
    return ("compare", name, draw(st.sampled_from(signs)), draw(LITERALS[name]))


def leaves():
    values = {name: st.lists(LITERALS[name], min_size=1, max_size=3) for name in ("name", "families")}
    return st.one_of(
        comparisons(),
        st.tuples(st.just("null"), st.sampled_from(list(KINDS))),
        st.tuples(st.just("between"), st.just("ratio"), NUMBERS, NUMBERS),
        st.sampled_from(["name", "families"]).flatmap(
            lambda name: st.tuples(st.just("in"), st.just(name), values[name])
        ),
        st.tuples(st.just("like"), st.booleans(), WORDS),
        st.tuples(st.just("box"), SIDES, SIDES, st.integers(0, 3), st.integers(0, 3)),
        st.tuples(st.just("flag")),
    )


def expressions():
    return st.recursive(
        leaves(),
        lambda inner: st.one_of(
            st.tuples(st.just("not"), inner),
            st.tuples(st.sampled_from(["and", "or"]), inner, inner),
        ),
        max_leaves=8,
    )


def quoted(value):
    if isinstance(value, bool):
        return "TRUE" if value else "false"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)


def as_text(node):
    match node:
        case ("compare", name, sign, value):
            return f"{name} {sign} {quoted(value)}"
        case ("null", name):
            return f"{name} IS NULL"
        case ("between", name, low, high):
            return f"{name} between {low} and {high}"
        case ("in", name, values):
            return f"{name} in ({', '.join(map(quoted, values))})"
        case ("like", folded, pattern):
            return f"casei(name) LIKE CASEI({quoted(pattern)})" if folded else f'"name" like {quoted(pattern)}'
        case ("box", west, south, width, height):
            return f"S_INTERSECTS(geometry, BBOX({west},{south},{west + width},{south + height}))"
        case ("flag",):
            return "thin"
        case ("not", inner):
            return f"NOT ({as_text(inner)})"
        case (sign, first, second):
            return f"({as_text(first)}) {sign.upper()} ({as_text(second)})"


def as_json(node):
    def made(op, *args):
        return {"op": op, "args": list(args)}

    match node:
        case ("compare", name, sign, value):
            return made(sign, {"property": name}, value)
        case ("null", name):
            return made("isNull", {"property": name})
        case ("between", name, low, high):
            return made("between", {"property": name}, low, high)
        case ("in", name, values):
            return made("in", {"property": name}, values)
        case ("like", folded, pattern):
            pair = ({"property": "name"}, pattern)
            return made("like", *((made("casei", one) for one in pair) if folded else pair))
        case ("box", west, south, width, height):
            return made("s_intersects", {"property": "geometry"}, {"bbox": [west, south, west + width, south + height]})
        case ("flag",):
            return {"property": "thin"}
        case ("not", inner):
            return made("not", as_json(inner))
        case (sign, first, second):
            return made(sign, as_json(first), as_json(second))


def like(pattern):
    """The whole pattern as one expression, which the code under test never makes."""
    pieces = re.findall(r"\\.|\\$|[^\\]", pattern, re.DOTALL)
    return "".join({"%": ".*", "_": "."}.get(one, re.escape(one[-1])) for one in pieces)


def by_pandas(node, frame):
    match node:
        case ("compare", name, sign, value):
            return OPERATORS[sign](frame[name], value)
        case ("null", name):
            return frame[name].isna().astype("boolean")
        case ("between", name, low, high):
            return (frame[name] >= low) & (frame[name] <= high)
        case ("in", name, values):
            return frame[name].isin(values).astype("boolean").mask(frame[name].isna())
        case ("like", folded, pattern):
            names = frame["name"].str.casefold() if folded else frame["name"]
            fits = names.str.fullmatch(f"(?s:{like(pattern.casefold() if folded else pattern)})")
            return fits.astype("boolean")
        case ("box", west, south, width, height):
            found = frame.intersects(box(west, south, west + width, south + height))
            return found.astype("boolean").mask(frame.geometry.isna())
        case ("flag",):
            return frame["thin"]
        case ("not", inner):
            return ~by_pandas(inner, frame)
        case ("and", first, second):
            return by_pandas(first, frame) & by_pandas(second, frame)
        case ("or", first, second):
            return by_pandas(first, frame) | by_pandas(second, frame)


@given(tables(), expressions())
def test_every_expression_selects_what_pandas_selects(frame, node):
    expected = by_pandas(node, frame).fillna(False).tolist()
    assert rows_of(parse(as_text(node), language="cql2-text"), frame, kinds=KINDS).tolist() == expected
    assert rows_of(parse(json.dumps(as_json(node)), language="cql2-json"), frame, kinds=KINDS).tolist() == expected


@given(tables(), expressions(), st.sampled_from(list(KINDS)))
def test_a_withheld_column_tells_nothing(frame, node, name):
    """Whatever the true values were: once they are withheld, no expression tells two districts apart."""
    other = frame.assign(**{name: frame[name].to_numpy()[::-1]})
    withheld = [one.assign(**{name: pd.array([None] * len(one), dtype=DTYPES[name])}) for one in (frame, other)]
    first, second = (rows_of(as_json(node), one, kinds=KINDS).tolist() for one in withheld)
    assert first == second
