"""What a case knows of people: sealed as one, opened as one, hashed where it has to be compared."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from gisapp.registry.updates.model import IdentityInput, Proposal
from gisapp.registry.updates.tables import CaseRow
from gisapp.store.hashing import canonical_json
from gisapp.store.vault import Vault


@dataclass(frozen=True, kw_only=True)
class Contents:
    """Everything personal of one case; ``visited`` stands over what was registered."""

    identity: IdentityInput
    answers: Mapping[str, str]
    persons: tuple[Mapping[str, str], ...]
    reason: str
    visited: Mapping[str, str] = field(default_factory=dict)
    visited_persons: tuple[Mapping[str, str], ...] = ()
    visit_note: str = ""

    @property
    def in_force(self) -> Mapping[str, str]:
        """The answers that count: what the visit found stands over what was registered."""
        return {**self.answers, **self.visited}

    @property
    def persons_in_force(self) -> tuple[Mapping[str, str], ...]:
        """The members that count."""
        return self.visited_persons or self.persons


def contents_of(proposal: Proposal) -> Contents:
    """Contents of a fresh registration."""
    return Contents(
        identity=proposal.identity, answers=_filled(proposal.answers),
        persons=tuple(_filled(person) for person in proposal.persons), reason=proposal.reason_text.strip(),
    )  # fmt: skip


def with_visit(
    contents: Contents, answers: Mapping[str, str], persons: tuple[Mapping[str, str], ...], note: str
) -> Contents:
    """Contents after a visit; an earlier visit's findings are replaced."""
    people = tuple(_filled(person) for person in persons)
    return replace(contents, visited=_filled(answers), visited_persons=people, visit_note=note.strip())


def _filled(answers: Mapping[str, str]) -> dict[str, str]:
    return {name: str(text).strip() for name, text in sorted(answers.items()) if str(text).strip()}


def case_context(case_id: int) -> str:
    """What a case's sealed contents are bound to."""
    return f"update case {case_id}"


def seal(vault: Vault, row: CaseRow, contents: Contents) -> None:
    """Put the contents into a row that has its id."""
    row.sealed = vault.encrypt(canonical_json(asdict(contents)).encode(), case_context(row.id))


def unseal(vault: Vault, row: CaseRow) -> Contents:
    """Contents of a row; of an erased one they are empty."""
    if row.sealed is None:
        return Contents(identity=IdentityInput(), answers={}, persons=(), reason="")
    data: dict[str, Any] = json.loads(vault.decrypt(row.sealed, case_context(row.id)))
    data["identity"] = IdentityInput(**data["identity"])
    for name in ("persons", "visited_persons"):
        data[name] = tuple(data[name])
    return Contents(**data)


def seal_text(vault: Vault, text: str, context: str) -> bytes | None:
    """A free text under seal, because nobody can know whom it names; nothing for a blank one."""
    return vault.encrypt(text.strip().encode(), context) if text.strip() else None


def unseal_text(vault: Vault, sealed: bytes | None, context: str) -> str:
    """The text back; blank where there is none."""
    return vault.decrypt(sealed, context).decode() if sealed else ""


def step_context(case_id: int, number: int) -> str:
    """What the reason of a step is bound to."""
    return f"update step {case_id} {number}"


def content_hash(vault: Vault, kind: str, area: str, contents: Contents) -> str:
    """Keyed hash of what was registered, by which the same registration is known again."""
    people = [dict(person) for person in contents.persons]
    parts = [kind, area, asdict(contents.identity), dict(contents.answers), people, contents.reason]
    return vault.keyed_hash(f"update {canonical_json(parts)}")
