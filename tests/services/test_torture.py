"""A few rounds of the torture in the suite; `make torture` does a hundred."""

from __future__ import annotations

import pytest
from services.torture import DATABASES, OPERATIONS, instants_of, prepare, torture

ROUNDS = 3


@pytest.mark.xdist_group("server")
@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_killed_operation_leaves_the_old_workspace_or_the_new_one(
    operation, database, tmp_path, monkeypatch, request
):
    if database == "postgresql":
        monkeypatch.setenv("GISAPP_DATABASE_URL", request.getfixturevalue("server_url"))
    else:
        monkeypatch.delenv("GISAPP_DATABASE_URL", raising=False)
    ends = torture(prepare(operation, tmp_path), instants_of(ROUNDS, f"suite {database} {operation}"), tmp_path)
    assert ends["old"] + ends["new"] == ROUNDS
