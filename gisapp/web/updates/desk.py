"""Registration at the desk: one page for every kind of update, checked field by field, nothing typed is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from gisapp.access.actors import Actor
from gisapp.errors import GisappError
from gisapp.registry.forms import Form
from gisapp.registry.snapshots import latest_snapshot
from gisapp.registry.updates.judging import form_of
from gisapp.registry.updates.model import IdentityInput, Proposal
from gisapp.registry.updates.states import KINDS
from gisapp.web.texts import Texts
from gisapp.web.updates.fields import Block, Field, answered, filled, members, persons, questions, wrong
from gisapp.web.updates.places import of_actor
from gisapp.web.updates.words import word
from gisapp.workspace.folder import Workspace


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The form with what was typed into it."""

    kind: str
    kind_error: str
    identity: tuple[Field, ...]
    blocks: tuple[Block, ...]
    members: tuple[tuple[Field, ...], ...]
    reason: Field
    form: Form | None

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every field, in the order of the page."""
        asked = (one for block in self.blocks for one in block.fields)
        return (*self.identity, *asked, *(one for row in self.members for one in row), self.reason)

    @property
    def good(self) -> bool:
        """Whether nothing has a message."""
        return not self.kind_error and not wrong(self.fields)

    def proposal(self) -> Proposal:
        """What the form asks for."""
        typed = {one.name: one.value for one in self.identity}
        who = IdentityInput(
            name=typed["name"], nik=typed["nik"], family_number=typed["family_number"].replace(" ", ""),
            address=typed["address"], birth_date=typed["birth_date"],
        )  # fmt: skip
        return Proposal(
            kind=self.kind, area=typed["area"], identity=who, answers=answered(self.blocks),
            persons=persons(self.members), reason_text=self.reason.value,
        )  # fmt: skip


def form_of_registry(ws: Workspace) -> Form | None:
    """Vocabulary of the newest snapshot's form; None where there is no registry or its mapping was not kept."""
    newest = latest_snapshot(ws)
    try:
        return form_of(ws, newest.form) if newest else None
    except GisappError:
        return None


def _identity(ws: Workspace, actor: Actor, t: Texts) -> tuple[Field, ...]:
    mine = of_actor(ws, actor)
    places = tuple((one.code, f"{one.name} · {one.kecamatan_name}") for one in mine)
    only = mine[0].code if len(mine) == 1 else ""
    return (
        Field(name="name", label=t("u_name"), required=True, longest=200),
        Field(name="nik", label="NIK", kind="digits", hint=t("u_nik_hint"), longest=40),
        Field(name="family_number", label=t("u_kk"), kind="digits", hint=t("u_kk_hint"), longest=40),
        Field(name="birth_date", label=t("u_birth_date"), kind="date"),
        Field(name="address", label=t("u_address"), longest=500),
        Field(name="area", label=t("u_lives_in"), kind="choice", options=places, required=True, value=only,
              blank=t("u_choose_village")),
    )  # fmt: skip


def desk(ws: Workspace, actor: Actor, t: Texts, typed: Mapping[str, str] | None = None) -> Desk:
    """The form, empty or with what was typed."""
    form, given = form_of_registry(ws), typed or {}
    identity = _identity(ws, actor, t)
    reason = Field(name="reason", label=t("u_reason"), kind="area", hint=t("u_reason_hint"), longest=2000)
    kind = given.get("kind", "")
    if typed is not None:
        identity, reason = filled(identity, typed, t), filled((reason,), typed, t)[0]
        identity = _together(identity, kind, t)
        if kind in ("leave", "objection") and not reason.value:
            reason = replace(reason, error=t("u_wrong_reason"))
    blocks = questions(form, t, typed) if form else ()
    rows = members(form, t, typed) if form else ()
    if typed is not None and kind == "new":
        blocks, rows = _counted(blocks, rows, t)
    return Desk(
        kind=kind if kind in KINDS else "" if typed is not None else "new", identity=identity, reason=reason, form=form,
        kind_error="" if typed is None or kind in KINDS else t("u_wrong_choice"),
        blocks=blocks, members=rows,
    )  # fmt: skip


def _counted(
    blocks: tuple[Block, ...], rows: tuple[tuple[Field, ...], ...], t: Texts
) -> tuple[tuple[Block, ...], tuple[tuple[Field, ...], ...]]:  # fmt: skip
    """A new family says how many it is: by their number, or by the members themselves where the form lists them."""
    lacking = t("u_wrong_persons")
    if rows and not persons(rows):
        return blocks, ((replace(rows[0][0], error=lacking), *rows[0][1:]), *rows[1:])
    marked = tuple(
        replace(block, fields=tuple(
            replace(one, error=lacking) if one.name == "answer-persons" and not one.value else one
            for one in block.fields
        ))
        for block in blocks
    )  # fmt: skip
    return marked, rows


def _together(identity: tuple[Field, ...], kind: str, t: Texts) -> tuple[Field, ...]:
    """A family that is in the registry already needs a number by which it can be found."""
    values = {one.name: one.value for one in identity}
    if kind == "new" or values["nik"] or values["family_number"]:
        return identity
    return tuple(replace(one, error=t("u_wrong_number")) if one.name == "nik" else one for one in identity)


def page(found: Desk, t: Texts, refused: GisappError | None = None) -> dict[str, Any]:
    """Everything the template is given."""
    return {
        "kind": found.kind, "kind_error": found.kind_error, "identity": found.identity, "reason": found.reason,
        "kinds": [(code, word("kinds", code, t), word("kind_help", code, t)) for code in KINDS],
        "groups": found.blocks, "members": found.members, "fields": found.fields,
        "form_title": found.form.title if found.form else "",
        "refused": t.pick((refused.id, refused.en)) if refused else "",
    }  # fmt: skip
