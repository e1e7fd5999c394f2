"""``gisapp budget``: what it refuses before it touches anything."""

from click.testing import CliRunner

from gisapp.cli.main import gisapp


def test_the_table_is_a_workbook(tmp_path):
    done = CliRunner().invoke(gisapp, ["-w", str(tmp_path), "budget", "-o", str(tmp_path / "rab.pdf")])
    assert done.exit_code != 0
    assert "rab.xlsx" in str(done.exception)
    assert not list(tmp_path.iterdir())


def test_without_a_workspace_it_says_what_to_do(tmp_path):
    done = CliRunner().invoke(gisapp, ["-w", str(tmp_path / "none"), "budget", "-o", str(tmp_path / "rab.xlsx")])
    assert done.exit_code != 0
    assert "gisapp init" in str(done.exception)
