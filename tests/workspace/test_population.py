"""Several population tables: the newest year of each desa, and a word where two tables say the same year."""

from __future__ import annotations

import pytest

from gisapp.workspace.check import check_workspace
from gisapp.workspace.layers import population_ties, read_population

HEAD = "kode,jiwa,keluarga,tahun,sumber\n"


@pytest.fixture
def table(desa, add, csv):
    """Add a population table of (code, persons, year)."""

    def call(name, *rows):
        text = HEAD + "".join(f"{code},{persons},3,{year},x\n" for code, persons, year in rows)
        add(csv(text, f"{name}.csv"), role="table", name=name, kind="population")

    return call


def told(workspace) -> list[tuple[str, str, int]]:
    return [(problem.code, problem.severity, problem.count) for problem in check_workspace(workspace).problems]


def test_the_newest_year_of_each_desa_is_taken_from_whichever_table(table, reopen):
    table("lama", ("12.05.01.2001", 10, 2023), ("12.05.01.2010", 20, 2024))
    table("baru", ("1205012001", 11, 2025), ("12.05.10.1001", 30, 2020))
    workspace = reopen()
    frame = read_population(workspace)
    assert dict(zip(frame["code"], frame["persons"], strict=True)) == {
        "1205012001": 11, "12.05.10.1001": 30, "12.05.01.2010": 20,
    }  # fmt: skip
    assert population_ties(workspace) == {}
    assert told(workspace) == []


def test_the_same_year_in_two_tables_is_told_with_the_one_that_is_used(table, reopen):
    table("pa", ("12.05.01.2001", 1000, 2025), ("12.05.01.2010", 5, 2024))
    table("pb", ("12.05.01.2001", 4000, 2025))
    workspace = reopen()
    assert population_ties(workspace) == {"1205012001": ("pa", "pb")}
    assert sorted(read_population(workspace)["persons"]) == [5, 4000]
    assert told(workspace) == [("population_tables", "warning", 1)]
    (problem,) = check_workspace(workspace).problems
    assert "pa, pb; used: pb" in problem.detail
    assert "pa, pb; dipakai: pb" in problem.detail_id


def test_one_table_is_never_a_tie(table, reopen):
    table("penduduk", ("12.05.01.2001", 10, 2024), ("12.05.01.2001", 11, 2024))
    assert population_ties(reopen()) == {}
    assert len(read_population(reopen())) == 2
