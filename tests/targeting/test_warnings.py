"""Warnings of a run: two population tables that contradict each other, and words for every code."""

from __future__ import annotations

import re
from pathlib import Path

from gisapp.targeting.run import run
from gisapp.targeting.warnings import WARNINGS
from gisapp.workspace.add import add_layer
from gisapp.workspace.folder import open_workspace
from gisapp.workspace.layers import read_population
from tests.copies import copy_workspace

ROOM = Path(__file__).resolve().parents[2] / "gisapp" / "targeting"


def test_a_second_population_table_of_the_same_year_is_a_warning_of_the_run(small_demo, tmp_path):
    workspace = open_workspace(copy_workspace(small_demo, tmp_path / "copy"))
    row = read_population(workspace).iloc[0]
    table = tmp_path / "lain.csv"
    table.write_text(f"kode,jiwa,keluarga,tahun,sumber\n{row['code']},9000,3000,{row['year']},uji\n")
    add_layer(workspace, table, role="table", name="zz-lain", kind="population")
    summary = run(open_workspace(workspace.root))
    assert summary.warnings["population_tables"] == 1


def test_every_warning_has_words_in_both_languages():
    written = "".join(path.read_text(encoding="utf-8") for path in ROOM.glob("*.py") if path.name != "warnings.py")
    counted = re.findall(
        r"(\w+) = \{([^}]*)\}\n[^=]*\{code: count for code, count in \1\.items\(\) if count\}", written
    )
    codes = {code for _, body in counted for code in re.findall(r'"([a-z_]+)": ', body)}
    codes |= set(re.findall(r'warnings\["([a-z_]+)"\]', written))
    assert codes == set(WARNINGS)
    assert all(id and en and id != en for id, en in WARNINGS.values())
