"""gisapp samples: files that an intake takes as the command says."""

from __future__ import annotations

import json
import shlex

from click.testing import CliRunner

from gisapp.cli.main import gisapp
from tests.registry.conftest import DESA, make_workspace, write_boundary


def call(*arguments):
    return CliRunner().invoke(gisapp, [str(one) for one in arguments], catch_exceptions=False)


def test_the_files_are_taken_in_by_the_printed_command(tmp_path):
    workspace = make_workspace(tmp_path / "w", write_boundary(tmp_path / "desa.geojson", DESA))
    told = call("-w", workspace.root, "samples", tmp_path / "contoh", "--form", "dtsen2026", "--form", "p3ke2023")
    commands = [shlex.split(line)[1:] for line in told.output.splitlines() if line.startswith("  gisapp ingest")]
    assert len(commands) == 2
    for command in commands:
        taken = json.loads(call("-w", workspace.root, "--json", *command).output)
        assert taken["rows"] == taken["accepted"] + taken["quarantined"]
        assert taken["quarantined"] > 0
        assert str(taken["accepted"]) in told.output


def test_json_says_what_was_planted(tmp_path):
    workspace = make_workspace(tmp_path / "w", write_boundary(tmp_path / "desa.geojson", DESA))
    told = json.loads(call("-w", workspace.root, "--json", "samples", tmp_path / "contoh").output)
    assert [one["form"] for one in told["samples"]] == ["regsosek2022k", "dtsen2026", "p3ke2023", "bdt2015"]
    assert all(one["reasons"]["nik_damaged"] == 4 for one in told["samples"])


def test_without_a_boundary_it_says_what_to_do(tmp_path):
    from gisapp.workspace.folder import init_workspace

    init_workspace(tmp_path / "w")
    result = CliRunner().invoke(gisapp, ["-w", str(tmp_path / "w"), "samples", str(tmp_path / "s")])
    assert result.exit_code == 1
    assert "gisapp add" in str(result.exception)
