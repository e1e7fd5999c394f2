"""Named scenarios of a workspace: what they change, read as strictly as gisapp.toml, and put over its settings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from gisapp.analysis.codes import digits
from gisapp.catalog.interventions import load_interventions
from gisapp.catalog.load import Catalog
from gisapp.catalog.spec import LayerSpec
from gisapp.catalog.strict import Document, Key, read_document
from gisapp.columns import SERVICES
from gisapp.errors import InvalidParameterError, NotFoundError
from gisapp.workspace.folder import Workspace
from gisapp.workspace.threshold import Threshold
from gisapp.workspace.thresholds import THRESHOLDS

FOLDER = "scenarios"
#: What a scenario may not change: how small a count is hidden, how long data are kept, how scenarios are compared.
FIXED = ("k_staff", "k_public", "quarantine_retention_days", "site_match_m")
#: Digits that the code of a kabupaten, a kecamatan or a desa has.
_CODE_DIGITS = (4, 6, 7, 10)
#: A standard beyond this is a slip of the keyboard, not a distance that anybody walks to a service.
_FARTHEST_M = 100_000
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,47}")
#: What the id of a run looks like: a scenario of such a name could not be told from it.
_RUN_ID = re.compile(r"[0-9a-f]{12}")
#: Words that mean a run that is no scenario.
_RESERVED = ("baseline", "latest")

_CHANGEABLE = {one.name: one for one in THRESHOLDS if one.name not in FIXED}
TOP_KEYS: dict[str, Key] = {
    "title": Key(kind="text", required=True),
    "source": Key(kind="text", required=True),
    "date": Key(kind="text", required=True),
    "budget_idr": Key(kind="number"),
    "exclude_kinds": Key(kind="texts"),
    "exclude_areas": Key(kind="texts"),
    "thresholds": Key(kind="table"),
    "standards": Key(kind="number_map"),
}


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One scenario. ``standards`` are metres by service, ``thresholds`` values by name, each within its rule.

    ``exclude_kinds`` are never suggested; in ``exclude_areas`` (codes of kecamatan or desa) no site is indicated.
    """

    name: str
    title: str
    source: str
    date: str
    budget_idr: float | None = None
    exclude_kinds: tuple[str, ...] = ()
    exclude_areas: tuple[str, ...] = ()
    thresholds: Mapping[str, Any] = field(default_factory=dict)
    standards: Mapping[str, float] = field(default_factory=dict)

    def changes(self) -> dict[str, Any]:
        """Everything of it that changes a result, and where it comes from; neither its name nor its title does."""
        return {
            "source": self.source,
            "date": self.date,
            "exclude_kinds": list(self.exclude_kinds),
            "exclude_areas": list(self.exclude_areas),
            "thresholds": dict(self.thresholds),
            "standards": dict(self.standards),
        }


def checked_name(name: str) -> str:
    """Return the name of a scenario; InvalidParameterError for one that a file should not have."""
    if not _NAME.fullmatch(name) or _RUN_ID.fullmatch(name) or name in _RESERVED:
        raise InvalidParameterError(
            f"{name!r} is no name for a scenario: up to 48 small letters, digits, - and _, not like the id of a "
            "run, and not baseline or latest. Rename its file. Example: anggaran-2026.",
            f"{name!r} bukan nama skenario: sampai 48 huruf kecil, angka, - dan _, bukan seperti id hasil hitung, dan "
            "bukan baseline atau latest. Ganti nama berkasnya. Contoh: anggaran-2026.",
        )
    return name


def scenario_path(workspace: Workspace, name: str) -> Path:
    """Where the file of a scenario stands."""
    return workspace.root / FOLDER / f"{checked_name(name)}.toml"


def scenario_names(workspace: Workspace) -> list[str]:
    """Names of the scenarios that have a file, in order; also those that ``read_scenario`` refuses for their name."""
    return sorted(path.stem for path in (workspace.root / FOLDER).glob("*.toml"))


def read_scenario(workspace: Workspace, name: str) -> Scenario:
    """Read one scenario of the workspace.

    Raises
    ------
    NotFoundError : there is no file of this name.
    ConfigurationError : an unknown, missing or wrong key, or a value that the rule of its threshold refuses, named by
        file, line and key.
    """
    path = scenario_path(workspace, name)
    if not path.is_file():
        known = ", ".join(scenario_names(workspace)) or "-"
        raise NotFoundError(
            f"No scenario {name!r} in {path.parent} (there are: {known}). Make one: gisapp scenario new {name}",
            f"Tidak ada skenario {name!r} di {path.parent} (yang ada: {known}). Buat: gisapp scenario new {name}",
            code="no_scenario",
        )
    document = read_document(path)
    document.check(document.data, TOP_KEYS)
    return Scenario(
        name=name,
        **{key: _text(document, key) for key in ("title", "source")},
        date=_date(document),
        budget_idr=_budget(document),
        exclude_kinds=_kinds(document),
        exclude_areas=_areas(document),
        thresholds=_thresholds(document),
        standards=_standards(document, workspace.catalog),
    )


def with_scenario(workspace: Workspace, scenario: Scenario) -> Workspace:
    """Return the same workspace with the thresholds and standards of a scenario; nothing on the disk is changed."""
    dated = (scenario.source, scenario.date)
    settings = replace(
        workspace.settings,
        **scenario.thresholds,
        sources={**workspace.settings.sources, **dict.fromkeys(scenario.thresholds, dated)},
    )
    return replace(workspace, settings=settings, catalog=_with_standards(workspace.catalog, scenario))


def _with_standards(catalog: Catalog, scenario: Scenario) -> Catalog:
    def changed(spec: LayerSpec) -> LayerSpec:
        standards = tuple(
            replace(
                one, distance_m=scenario.standards[one.service], source=scenario.source, date=scenario.date, note=""
            )
            if one.service in scenario.standards
            else one
            for one in spec.standards
        )
        return replace(spec, standards=standards)

    if not scenario.standards:
        return catalog
    return replace(
        catalog,
        layers={name: changed(spec) for name, spec in catalog.layers.items()},
        defaults={name: changed(spec) for name, spec in catalog.defaults.items()},
    )


def _text(document: Document, key: str) -> str:
    value = str(document.data[key]).strip()
    if not value:
        raise document.refuse((key,), "must not be empty.", "tidak boleh kosong.")
    return value


def _date(document: Document) -> str:
    value = document.data["date"]
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise document.refuse(
            ("date",),
            f'must be a day like "2026-11-23", not {value!r}.',
            f'harus seperti "2026-11-23", bukan {value!r}.',
        ) from None


def _budget(document: Document) -> float | None:
    value = document.data.get("budget_idr")
    if value is not None and value < 0:
        raise document.refuse(("budget_idr",), "must be rupiah, 0 or more.", "harus rupiah, 0 atau lebih.")
    return None if value is None else float(value)


def _kinds(document: Document) -> tuple[str, ...]:
    asked, known = document.data.get("exclude_kinds", []), [kind.kind for kind in load_interventions()]
    unknown = sorted(set(asked) - set(known))
    if unknown:
        listed = ", ".join(known)
        raise document.refuse(
            ("exclude_kinds",),
            f"no kind of intervention {unknown[0]!r}. Known: {listed}.",
            f"tidak ada jenis intervensi {unknown[0]!r}. Yang dikenal: {listed}.",
        )
    return tuple(sorted(set(asked)))


def _areas(document: Document) -> tuple[str, ...]:
    asked = document.data.get("exclude_areas", [])
    wrong = [code for code in asked if len(digits(code)) not in _CODE_DIGITS]
    if wrong:
        raise document.refuse(
            ("exclude_areas",),
            f"{wrong[0]!r} is no code of a kecamatan or desa such as 12.05.01.2001.",
            f"{wrong[0]!r} bukan kode kecamatan atau desa seperti 12.05.01.2001.",
        )
    return tuple(sorted({digits(code) for code in asked}))


def _thresholds(document: Document) -> dict[str, Any]:
    table = document.data.get("thresholds", {})
    for name in FIXED:
        if name in table:
            raise document.refuse(
                ("thresholds", name),
                "a scenario may not change this; it stands in gisapp.toml.",
                "tidak boleh diubah oleh skenario; tempatnya di gisapp.toml.",
            )
    document.check(table, {name: Key(kind=one.kind) for name, one in _CHANGEABLE.items()}, ("thresholds",))
    return {name: _value(document, _CHANGEABLE[name], value) for name, value in sorted(table.items())}


def _value(document: Document, threshold: Threshold, value: Any) -> Any:
    if not threshold.allowed(value):
        raise document.refuse(
            ("thresholds", threshold.name),
            f"must be {threshold.rule_en}, not {value!r}.",
            f"harus {threshold.rule_id}, bukan {value!r}.",
        )
    if threshold.kind == "integers":
        return tuple(value)
    return float(value) if threshold.kind == "number" else value


def _standards(document: Document, catalog: Catalog) -> dict[str, float]:
    asked = document.data.get("standards", {})
    known = [service for service in SERVICES if catalog.standard(service) is not None]
    for service, metres in asked.items():
        if service not in known:
            listed = ", ".join(known)
            raise document.refuse(
                ("standards", service),
                f"no standard of this service to change. Known: {listed}.",
                f"tidak ada standar layanan ini yang dapat diubah. Yang dikenal: {listed}.",
            )
        if not 0 < metres <= _FARTHEST_M:
            raise document.refuse(
                ("standards", service),
                f"must be metres above 0, up to {_FARTHEST_M}, not {metres!r}.",
                f"harus meter di atas 0, sampai {_FARTHEST_M}, bukan {metres!r}.",
            )
    return {service: float(metres) for service, metres in sorted(asked.items())}
