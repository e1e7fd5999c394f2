"""An expression of CQL2 JSON over the rows of a frame: which rows it selects.

Every operator is a function of arrays out of a table; nothing of a request is ever put together to code. What is
withheld from the one who asks is missing in the frame, and a comparison with what is missing selects nothing.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import orjson

from gisapp.columns import Kind
from gisapp.release.cql2.patterns import matcher
from gisapp.release.cql2.refusals import refused
from gisapp.release.cql2.scalars import Scalar, column_of, literal, without_case
from gisapp.release.cql2.spatial import PREDICATES, ToDegrees, as_given, relation
from gisapp.release.cql2.text import parse_text
from gisapp.release.cql2.truth import Bools, Truth, every, some

#: A longer text, or an expression that is nested deeper, is refused: nobody writes it by hand, and it costs time.
LONGEST_FILTER = 16_384
DEEPEST_FILTER = 40
#: Conditions times rows: some seconds of work at most, also for all 83,246 desa.
LARGEST_WORK = 2_000_000

_COMPARISONS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def parse(text: str, *, language: str) -> Any:
    """CQL2 JSON of a filter in ``cql2-text`` or ``cql2-json``; InvalidParameterError where it cannot be read."""
    if len(text) > LONGEST_FILTER:
        raise refused(
            f"longer than {LONGEST_FILTER} characters; ask for less at once.",
            f"lebih dari {LONGEST_FILTER} karakter; minta lebih sedikit sekaligus.",
        )
    if language == "cql2-text":
        return parse_text(text)
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise refused("is no JSON.", "bukan JSON.") from None


def rows_of(
    expression: Any, frame: gpd.GeoDataFrame, *, kinds: Mapping[str, Kind], to_degrees: ToDegrees = as_given
) -> Bools:
    """Rows that an expression selects, shape (n,).

    ``kinds`` names the columns that may be asked about; ``to_degrees`` takes a geometry of the filter from its own
    coordinates to those of the frame (longitude, latitude). InvalidParameterError (code ``filter``) for an unknown
    property, function or operator, for values of different kinds, and for what is nested too deeply or asks too much.
    """
    most = LARGEST_WORK // max(len(frame), 1)
    if _conditions(expression) > most:
        raise refused(
            f"more than {most} conditions on {len(frame)} rows; ask in several requests.",
            f"lebih dari {most} syarat atas {len(frame)} baris; bagi menjadi beberapa permintaan.",
        )
    return _Rows(frame, kinds, to_degrees).truth(expression, 0).yes


@dataclass(frozen=True)
class _Rows:
    frame: gpd.GeoDataFrame
    kinds: Mapping[str, Kind]
    to_degrees: ToDegrees

    def truth(self, node: Any, depth: int) -> Truth:
        """Truth of a condition."""
        if depth > DEEPEST_FILTER:
            raise refused("nested too deeply.", "terlalu banyak tingkat kurung.")
        if isinstance(node, bool) or (isinstance(node, dict) and set(node) == {"property"}):
            return self._flag(node)
        name, arguments = _operation(node)
        if name in ("and", "or"):
            parts = [self.truth(one, depth + 1) for one in _several(name, arguments, least=2)]
            return every(parts) if name == "and" else some(parts)
        if name == "not":
            (inner,) = _several(name, arguments, least=1, most=1)
            return ~self.truth(inner, depth + 1)
        if name in PREDICATES:
            first, second = _several(name, arguments, least=2, most=2)
            return relation(PREDICATES[name], first, second, self.frame, self.to_degrees)
        return self._comparison(name, arguments)

    def _comparison(self, name: str, arguments: list[Any]) -> Truth:
        if name in _COMPARISONS:
            first, second = (self._scalar(one) for one in _several(name, arguments, least=2, most=2))
            return self._compared(name, first, second)
        if name in _OTHERS:
            least, method = _OTHERS[name]
            return method(self, _several(name, arguments, least=least, most=least))
        known = ", ".join(["and", "or", "not", *_COMPARISONS, *_OTHERS, "casei", *PREDICATES])
        raise refused(
            f"there is no operator or function {name[:60]!r}; there are {known}.",
            f"operator atau fungsi {name[:60]!r} tidak ada; yang ada: {known}.",
        )

    def _flag(self, node: Any) -> Truth:
        found = self._scalar(node)
        if found.kind != "boolean":
            raise refused("a condition is expected, such as families > 100.", "perlu syarat, misalnya families > 100.")
        return Truth.of(found.values, found.missing, len(self.frame))

    def _scalar(self, node: Any) -> Scalar:
        if isinstance(node, dict) and set(node) == {"property"}:
            return column_of(self.frame, self.kinds, node["property"])
        if isinstance(node, dict) and node.get("op") == "casei":
            (inner,) = _several("casei", node.get("args"), least=1, most=1)
            plain = not (isinstance(inner, dict) and "op" in inner)
            if plain:
                return without_case(self._scalar(inner))
        if isinstance(node, dict) and "op" in node:
            raise refused("the only function of a value is casei().", "satu-satunya fungsi nilai adalah casei().")
        return literal(node)

    def _compared(self, name: str, first: Scalar, second: Scalar) -> Truth:
        _require_same(first, second)
        if first.kind == "boolean" and name not in ("=", "<>"):
            raise refused("true and false are only compared by = and <>.", "true dan false hanya dengan = dan <>.")
        value = _COMPARISONS[name](first.values, second.values)
        return Truth.of(value, first.missing | second.missing, len(self.frame))

    def _between(self, arguments: list[Any]) -> Truth:
        value, low, high = (self._scalar(one) for one in arguments)
        return every([self._compared(">=", value, low), self._compared("<=", value, high)])

    def _is_null(self, arguments: list[Any]) -> Truth:
        node = arguments[0]
        if node == {"property": "geometry"}:
            missing = self.frame.geometry.isna().to_numpy(dtype=bool)
        else:
            missing = self._scalar(node).missing
        return Truth.of(missing, False, len(self.frame))

    def _in(self, arguments: list[Any]) -> Truth:
        value = self._scalar(arguments[0])
        if not isinstance(arguments[1], list) or not arguments[1]:
            raise refused("IN takes a list of values.", "IN memerlukan daftar nilai.")
        listed = [self._scalar(one) for one in arguments[1]]
        for one in listed:
            _require_same(value, one)
            if not one.is_literal:
                raise refused("the list of IN holds values, no properties.", "daftar IN berisi nilai, bukan properti.")
        members = {one.values.item() for one in listed}
        found = np.array([one in members for one in value.values.ravel().tolist()]).reshape(value.values.shape)
        return Truth.of(found, value.missing, len(self.frame))

    def _like(self, arguments: list[Any]) -> Truth:
        value, pattern = (self._scalar(one) for one in arguments)
        if value.kind != "text" or pattern.kind != "text" or not pattern.is_literal:
            raise refused("LIKE compares a text with a pattern.", "LIKE membandingkan teks dengan pola.")
        matches = matcher(pattern.values.item())
        found = np.array([matches(one) for one in value.values.ravel()], dtype=bool).reshape(value.values.shape)
        return Truth.of(found, value.missing, len(self.frame))


_OTHERS: Final[Mapping[str, tuple[int, Callable[[_Rows, list[Any]], Truth]]]] = {
    "like": (2, _Rows._like), "between": (3, _Rows._between), "in": (2, _Rows._in), "isNull": (1, _Rows._is_null),
}  # fmt: skip


def _conditions(expression: Any) -> int:
    """How many operators and functions an expression has beside and, or, not; counted without recursion."""
    found, waiting = 0, [expression]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict) and "op" in node:
            found += node["op"] not in ("and", "or", "not")
            waiting.append(node.get("args"))
    return found


def _operation(node: Any) -> tuple[str, list[Any]]:
    if not isinstance(node, dict) or not isinstance(node.get("op"), str):
        raise refused("a condition is expected, such as families > 100.", "perlu syarat, misalnya families > 100.")
    return node["op"], node.get("args", [])


def _several(name: str, arguments: Any, *, least: int, most: int | None = None) -> list[Any]:
    if not isinstance(arguments, list) or len(arguments) < least or (most is not None and len(arguments) > most):
        raise refused(f"{name} takes {least} arguments.", f"{name} memerlukan {least} argumen.")
    return arguments


def _require_same(first: Scalar, second: Scalar) -> None:
    if first.kind != second.kind:
        raise refused(
            f"a {first.kind} cannot be compared with a {second.kind}; texts stand in single quotes.",
            f"{first.kind} tidak dapat dibandingkan dengan {second.kind}; teks ditulis dalam tanda kutip tunggal.",
        )
