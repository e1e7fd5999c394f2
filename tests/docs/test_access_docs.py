"""docs/access.md: every role, every permission with its roles, every limit."""

from __future__ import annotations

from pathlib import Path

import pytest

from gisapp.access.demo_users import DEMO_PASSWORD
from gisapp.access.limits import limits
from gisapp.access.permissions import ROLES, matrix

ROOT = Path(__file__).resolve().parents[2]
ACCESS = (ROOT / "docs" / "access.md").read_text(encoding="utf-8")
STAFF = [role for role in ROLES if role != "public"]


def written(roles: frozenset[str]) -> str:
    if roles == set(ROLES):
        return "everybody"
    return "every role" if roles == set(STAFF) else ", ".join(role for role in ROLES if role in roles)


@pytest.mark.parametrize("role", STAFF)
def test_every_role_is_documented(role):
    assert f"| `{role}` |" in ACCESS


def test_the_matrix_is_documented_as_it_is():
    documented = [
        line for line in ACCESS.partition("## The matrix")[2].partition("\n## ")[0].splitlines() if "| `" in line
    ]
    assert documented == [f"| `{one.name}` | {one.en}: {written(one.roles)} |" for one in matrix().permissions.values()]


@pytest.mark.parametrize(("name", "value"), vars(limits()).items())
def test_every_limit_is_documented(name, value):
    assert f"| `{name}` | {value} |" in ACCESS


def test_the_password_of_the_demo_is_documented():
    assert f"`{DEMO_PASSWORD}`" in ACCESS


def test_other_documents_lead_to_it():
    assert "(access.md)" in (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
