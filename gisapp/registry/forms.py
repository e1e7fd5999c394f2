"""Form vocabularies: which column of a form is which variable, and what its answer codes mean.

A code means something only together with its form and variable (domain: code lists differ by form), so every list
stands in the form's own TOML under ``forms/``. What is not listed there is unknown; nothing is guessed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from gisapp.catalog.strict import Document, Key, read_document
from gisapp.errors import RegistryError
from gisapp.readers.header import JOINT
from gisapp.registry.rules import RULES_FILE, YES_NO, answer_key, classes_of
from gisapp.store.hashing import sha256_json

Unit = Literal["family", "person"]

FOLDER = Path(__file__).parent / "forms"

IDENTITIES = ("nik", "family_number", "head_name", "member_name", "birth_date", "family_role", "address")
#: Names of areas: compared with the boundary's for the code, never used to find the area.
AREA_NAMES = ("village_name", "district_name")
CODE_PARTS = ("code_province", "code_regency", "code_district", "code_village")
NUMBERS = (
    "decile", "percentile", "longitude", "latitude", "persons", "children_0_5", "children_7_12", "children_13_15",
    "age", "floor_area_m2", "expenditure_idr",
)  # fmt: skip
CODED = (
    "school_participation", "adult_diploma", "floor", "wall", "roof", "water", "water_distance", "light", "power",
    "fuel", "toilet", "closet", "disposal",
)  # fmt: skip
#: Questions on functional difficulty. Their scale runs the other way round in other surveys, so codes are classes too.
DIFFICULTIES = (
    "difficulty_seeing", "difficulty_hearing", "difficulty_walking", "difficulty_hands", "difficulty_learning",
    "difficulty_remembering", "difficulty_behaviour", "difficulty_communicating", "difficulty_self_care",
)  # fmt: skip
VARIABLES = (*IDENTITIES, "code", *CODE_PARTS, *AREA_NAMES, *NUMBERS, *YES_NO, *CODED, *DIFFICULTIES)

#: A form is recognised by at least this many of its columns, the desa code among them.
MIN_RECOGNISED = 4

_SCHEMA = {
    "form": Key(kind="text"),
    "title": Key(kind="text"),
    "base": Key(kind="text"),
    "unit": Key(kind="text", choices=("family", "person")),
    "code_parts": Key(kind="text", choices=("kemendagri", "bps")),
    "source": Key(kind="text"),
    "date": Key(kind="text"),
    "columns": Key(kind="table"),
    "codes": Key(kind="table"),
    "judge": Key(kind="table"),
}
_QUESTION = re.compile(r"\d{3}[a-z]?\d?")
_QUESTION_NUMBER = re.compile(r"\s*\(\d+\)\s*$")
_NOT_WORD = re.compile(r"[^0-9a-z√✓]+")


@dataclass(frozen=True, kw_only=True)
class Form:
    """One form's vocabulary: ``columns`` gives accepted names per variable, ``codes`` a class per variable and code.

    ``parts_system``: the code system whose parts the form writes in columns of their own, where it says so.
    """

    name: str
    title: str
    unit: Unit
    columns: Mapping[str, tuple[str, ...]]
    codes: Mapping[str, Mapping[str, str]]
    judge: Mapping[str, Mapping[str, str]]
    parts_system: str | None = None
    base: str | None = None

    def digest(self) -> str:
        """Hash of everything in the vocabulary that can change a result."""
        return sha256_json(
            [
                self.name,
                self.unit,
                {k: list(v) for k, v in self.columns.items()},
                self.codes,
                self.judge,
                self.parts_system,
            ]
        )

    def recognise(self, header: Iterable[str]) -> dict[str, str]:
        """Source column of each variable that the header has; the first accepted name wins."""
        present = heading_keys(header)
        found: dict[str, str] = {}
        for variable, names in self.columns.items():
            for name in names:
                if name in present:
                    found[variable] = present[name]
                    break
        return found


def column_key(name: str) -> str:
    """Column name as it is compared: lower case, words joined by ``_``, a trailing question number in brackets dropped.

    >>> column_key("Kode Desa/Kelurahan (10)")
    'kode_desa_kelurahan'
    """
    return _NOT_WORD.sub("_", _QUESTION_NUMBER.sub("", name).casefold()).strip("_")


def heading_keys(header: Iterable[str]) -> dict[str, str]:
    """Heading by each key it is known by; one of several rows also by its lowest part, if no other has that part.

    >>> sorted(heading_keys(["NIK", "Alamat | Desa", "Lantai | 303"]))
    ['303', 'alamat_desa', 'desa', 'lantai', 'lantai_303', 'nik']
    """
    headings = list(header)
    present: dict[str, str] = {}
    for heading in headings:
        present.setdefault(column_key(heading), heading)
    parts = {heading: heading.split(JOINT) for heading in headings}
    lowest = Counter(column_key(part[-1]) for part in parts.values())
    for heading, part in parts.items():
        if len(part) > 1:
            own = part[-2:] if _QUESTION.fullmatch(part[-1].strip()) else part[-1:]
            for key in map(column_key, reversed(own)):
                if lowest[key] <= 1:
                    present.setdefault(key, heading)
    return present


def known_forms() -> tuple[str, ...]:
    """Names of the forms that come with gisapp, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml") if path != RULES_FILE))


@lru_cache(maxsize=16)
def load_form(name: str) -> Form:
    """Vocabulary of a known form; RegistryError (code ``form_unknown``) that names the known ones."""
    if name not in known_forms():
        listed = ", ".join(known_forms())
        raise RegistryError(
            f"Unknown form {name!r}. Known: {listed}; or bring your own with --mapping FILE.toml.",
            f"Formulir {name!r} tidak dikenal. Yang dikenal: {listed}; atau pakai --mapping BERKAS.toml.",
            code="form_unknown",
        )
    return _build(read_document(FOLDER / f"{name}.toml"), name, base=None)


def load_mapping(path: Path) -> Form:
    """A district's own vocabulary: the same format, on top of ``base`` where it names one.

    ConfigurationError by file, line and key for an unknown key or variable.
    """
    document = read_document(path)
    base = document.data.get("base")
    return _build(document, f"mapping:{path.stem}", base=load_form(base) if isinstance(base, str) else None)


def choose_form(header: tuple[str, ...], *, form: str | None, mapping: Path | None) -> Form:
    """Vocabulary for a file: the mapping, the named form, or the one form that its header fits best.

    RegistryError when no form fits, or two fit equally well.
    """
    if mapping is not None:
        return load_mapping(mapping)
    if form is not None:
        return load_form(form)
    scores: dict[str, int] = {}
    for name in known_forms():
        found = load_form(name).recognise(header)
        complete = "code" in found or all(part in found for part in CODE_PARTS)
        scores[name] = len(found) if complete else 0
    best = max(scores.values())
    if best < MIN_RECOGNISED and (named := _named_only(header)) is not None:
        return named
    chosen = [name for name, score in scores.items() if score == best]
    if best < MIN_RECOGNISED:
        raise _undecided("no known form fits its columns", "tidak ada formulir yang cocok dengan kolomnya")
    if len(chosen) > 1:
        listed = ", ".join(chosen)
        raise _undecided(f"its columns fit {listed} equally well", f"kolomnya sama cocoknya dengan {listed}")
    return load_form(chosen[0])


def _named_only(header: tuple[str, ...]) -> Form | None:
    """The form of a file that names its desa but has no code of them, so that the refusal can say what is missing."""
    found = {name: load_form(name).recognise(header) for name in known_forms()}
    best = max(found, key=lambda name: len(found[name]))
    fits = len(found[best]) >= MIN_RECOGNISED and "village_name" in found[best]
    return load_form(best) if fits else None


def require_fit(file: str, form: Form, header: Iterable[str]) -> None:
    """Refuse a named form of which the file has hardly any column, or far fewer than of another form.

    Hardly any is fewer than ``MIN_RECOGNISED`` columns, and less than half of the file's.
    """
    names = list(header)
    scores = {name: len(load_form(name).recognise(names)) for name in known_forms()}
    found, best = scores[form.name], max(scores, key=lambda name: scores[name])
    if (found >= MIN_RECOGNISED or 2 * found >= len(names)) and 2 * found > scores[best]:
        return
    better = scores[best] > found and scores[best] >= MIN_RECOGNISED
    hint = f"--form {best} ({scores[best]})" if better else "--mapping FILE.toml"
    hint_id = f"--form {best} ({scores[best]})" if better else "--mapping BERKAS.toml"
    listed = ", ".join(names[:40])
    raise RegistryError(
        f"{file}: only {found} of {len(names)} columns are of form {form.name}. Columns: {listed}. Try {hint}.",
        f"{file}: hanya {found} dari {len(names)} kolom milik formulir {form.name}. Kolom: {listed}. Coba {hint_id}.",
        code="form_unfit",
    )


def _undecided(en: str, id: str) -> RegistryError:
    listed = ", ".join(known_forms())
    return RegistryError(
        f"The form of this file is not clear: {en}. Say it with --form ({listed}) or --mapping FILE.toml.",
        f"Formulir berkas ini tidak jelas: {id}. Sebutkan dengan --form ({listed}) atau --mapping BERKAS.toml.",
        code="form_unknown",
    )


def _build(document: Document, name: str, *, base: Form | None) -> Form:
    data = document.data
    document.check(data, _SCHEMA)
    columns = dict(base.columns) if base else {}
    for variable, names in _table(document, "columns", "texts", VARIABLES).items():
        own = tuple(column_key(one) for one in names)
        columns[variable] = own + tuple(one for one in columns.get(variable, ()) if one not in own)
    codes = {**base.codes} if base else {}
    for variable, listed in _table(document, "codes", "text_map", ("yes_no", "difficulty", *CODED)).items():
        codes[variable] = {**codes.get(variable, {}), **_classes(document, variable, listed)}
    judge = {**base.judge} if base else {}
    judge.update(_table(document, "judge", "text_map", (*CODED, *YES_NO)))
    if base is None and "unit" not in data:
        raise document.refuse(
            ("unit",), 'missing key: "family" or "person".', 'kunci wajib belum ada: "family" atau "person".'
        )
    return Form(
        name=str(data.get("form", name)),
        title=str(data.get("title", name)),
        unit=data.get("unit", base.unit if base else "family"),
        columns=columns,
        codes=codes,
        judge=judge,
        parts_system=data.get("code_parts", base.parts_system if base else None),
        base=base.name if base else None,
    )


def _table(document: Document, table: str, kind: Literal["texts", "text_map"], names: Iterable[str]) -> dict[str, Any]:
    content: dict[str, Any] = document.data.get(table, {})
    document.check(content, {name: Key(kind=kind) for name in names}, (table,))
    return content


def _classes(document: Document, variable: str, listed: Mapping[str, str]) -> dict[str, str]:
    """Answer code -> class of one variable; a class that no rule knows is refused."""
    allowed = classes_of(variable)
    for code, name in listed.items():
        if allowed and name not in allowed:
            known = ", ".join(sorted(allowed))
            raise document.refuse(
                ("codes", variable, code), f"unknown class {name!r}. Known: {known}.",
                f"kelas {name!r} tidak dikenal. Yang dikenal: {known}.",
            )  # fmt: skip
    return {answer_key(code): name for code, name in listed.items()}
