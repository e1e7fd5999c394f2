"""CQL2 as text: read by a grammar in linear time into CQL2 JSON, which is all that the evaluation knows.

The grammar is LALR(1), so that no text, however nested, makes the parser go back or recurse.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final, NoReturn

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput

from gisapp.errors import InvalidParameterError

_GRAMMAR: Final = r"""
?start: disjunction
?disjunction: conjunction | conjunction (_OR conjunction)+ -> any
?conjunction: negation | negation (_AND negation)+ -> all
?negation: _NOT negation -> negated
    | predicate
?predicate: scalar
    | scalar COMPARISON scalar -> compared
    | scalar _LIKE scalar -> like
    | scalar _NOT _LIKE scalar -> not_like
    | scalar _BETWEEN scalar _AND scalar -> between
    | scalar _NOT _BETWEEN scalar _AND scalar -> not_between
    | scalar _IN values -> within_list
    | scalar _NOT _IN values -> not_within_list
    | scalar _IS _NULL -> is_null
    | scalar _IS _NOT _NULL -> is_not_null
    | "(" disjunction ")"
values: "(" scalar ("," scalar)* ")"
?scalar: NAME -> property
    | QUOTED -> quoted_property
    | STRING -> string
    | NUMBER -> number
    | TRUE -> true
    | FALSE -> false
    | NAME "(" argument ("," argument)* ")" -> call
?argument: scalar | geometry
geometry: POINT "(" position ")" -> point
    | LINESTRING positions -> line
    | POLYGON rings -> polygon
    | MULTIPOINT positions -> multipoint
    | MULTIPOINT "(" "(" position ")" ("," "(" position ")")* ")" -> multipoint_nested
    | MULTILINESTRING rings -> multiline
    | MULTIPOLYGON "(" rings ("," rings)* ")" -> multipolygon
    | BBOX "(" NUMBER ("," NUMBER)* ")" -> bbox
positions: "(" position ("," position)* ")"
rings: "(" positions ("," positions)* ")"
position: NUMBER NUMBER NUMBER?

_OR.2: /or\b/i
_AND.2: /and\b/i
_NOT.2: /not\b/i
_LIKE.2: /like\b/i
_BETWEEN.2: /between\b/i
_IN.2: /in\b/i
_IS.2: /is\b/i
_NULL.2: /null\b/i
TRUE.2: /true\b/i
FALSE.2: /false\b/i
POINT.2: /point\b/i
LINESTRING.2: /linestring\b/i
POLYGON.2: /polygon\b/i
MULTIPOINT.2: /multipoint\b/i
MULTILINESTRING.2: /multilinestring\b/i
MULTIPOLYGON.2: /multipolygon\b/i
BBOX.2: /bbox\b/i
COMPARISON: "=" | "<>" | "<=" | ">=" | "<" | ">"
NUMBER: /[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(e[-+]?[0-9]+)?/i
STRING: /'([^']|'')*'/
QUOTED: /"[^"]+"/
NAME: /[a-z_][a-z0-9_.]*/i
%ignore /[ \t\r\n]+/
"""

#: Functions that are literals: ``DATE('2025-01-31')``.
_INSTANTS: Final = ("date", "timestamp")


def parse_text(text: str) -> Any:
    """CQL2 JSON of a CQL2 text; InvalidParameterError (code ``filter``) names the character that cannot be read."""
    try:
        return _parser().parse(text)
    except UnexpectedInput as error:
        _refuse(text, error)


def _refuse(text: str, error: UnexpectedInput) -> NoReturn:
    at = error.pos_in_stream if error.pos_in_stream is not None else -1
    if not 0 <= at < len(text) or getattr(getattr(error, "token", None), "type", "") == "$END":
        raise InvalidParameterError(
            "filter: the CQL2 text ends too early. Example: level = 'desa' AND families > 100",
            "filter: teks CQL2 terputus di akhir. Contoh: level = 'desa' AND families > 100",
            code="filter",
        ) from None
    rest = text[at : at + 20]
    raise InvalidParameterError(
        f"filter: CQL2 text cannot be read from character {at + 1} on: {rest!r}. "
        "Example: level = 'desa' AND families > 100",
        f"filter: teks CQL2 tidak dapat dibaca mulai karakter {at + 1}: {rest!r}. "
        "Contoh: level = 'desa' AND families > 100",
        code="filter",
    ) from None


def _number(text: str) -> int | float:
    return int(text) if text.lstrip("+-").isdigit() and len(text) < 18 else float(text)


def _made(name: str, *, negated: bool = False) -> Callable[[Any, list[Any]], Any]:
    def make(_self: Any, found: list[Any]) -> Any:
        made = {"op": name, "args": found}
        return {"op": "not", "args": [made]} if negated else made

    return make


def _shaped(kind: str) -> Callable[[Any, list[Any]], Any]:
    return lambda _self, found: {"type": kind, "coordinates": found[1]}


class _ToJson(Transformer[Token, Any]):
    """Turns each rule into CQL2 JSON while it is read."""

    def property(self, found: list[Token]) -> Any:
        return {"property": str(found[0])}

    def quoted_property(self, found: list[Token]) -> Any:
        return {"property": str(found[0])[1:-1]}

    def string(self, found: list[Token]) -> Any:
        return str(found[0])[1:-1].replace("''", "'")

    def number(self, found: list[Token]) -> Any:
        return _number(found[0])

    def true(self, _found: list[Token]) -> Any:
        return True

    def false(self, _found: list[Token]) -> Any:
        return False

    def call(self, found: list[Any]) -> Any:
        name = str(found[0]).lower()
        if name in _INSTANTS and len(found) == 2 and isinstance(found[1], str):
            return {name: found[1]}
        return {"op": name, "args": found[1:]}

    def values(self, found: list[Any]) -> Any:
        return found

    def position(self, found: list[Token]) -> Any:
        return [float(number) for number in found]

    def positions(self, found: list[Any]) -> Any:
        return found

    rings = positions

    def bbox(self, found: list[Token]) -> Any:
        return {"bbox": [float(number) for number in found[1:]]}

    def multipoint_nested(self, found: list[Any]) -> Any:
        return {"type": "MultiPoint", "coordinates": found[1:]}

    def multipolygon(self, found: list[Any]) -> Any:
        return {"type": "MultiPolygon", "coordinates": found[1:]}

    def compared(self, found: list[Any]) -> Any:
        return {"op": str(found[1]), "args": [found[0], found[2]]}

    point = _shaped("Point")
    line = _shaped("LineString")
    polygon = _shaped("Polygon")
    multipoint = _shaped("MultiPoint")
    multiline = _shaped("MultiLineString")
    any = _made("or")
    all = _made("and")
    negated = _made("not")
    like = _made("like")
    not_like = _made("like", negated=True)
    between = _made("between")
    not_between = _made("between", negated=True)
    within_list = _made("in")
    not_within_list = _made("in", negated=True)
    is_null = _made("isNull")
    is_not_null = _made("isNull", negated=True)


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", transformer=_ToJson(), maybe_placeholders=False)
