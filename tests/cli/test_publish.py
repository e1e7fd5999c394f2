"""``gisapp publish`` and ``gisapp report`` as a user calls them, on a real run."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader

from gisapp.release.collections import disclosed
from gisapp.release.published import Publication
from gisapp.targeting.runs import load_run
from gisapp.workspace.folder import open_workspace
from tests.copies import copy_workspace


@pytest.fixture(scope="module")
def root(small_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_workspace(small_demo, tmp_path_factory.mktemp("publish") / "copy")


def test_publish_show_and_back(call, root):
    before = call("publish", "--show", "--json", "-w", root).json
    assert before == {"run": before["run"], "collections": ["areas"], "k": 10, "default": True, "lost": None}
    done = call("publish", "--collections", "pockets,cells", "--k", "12", "--json", "-w", root)
    assert done.exit_code == 0
    wanted = {
        "run": before["run"],
        "collections": ["areas", "pockets", "cells"],
        "k": 12,
        "default": False,
        "lost": None,
    }
    assert done.json == call("publish", "--show", "--json", "-w", root).json == wanted
    said = call("publish", "--show", "-w", root).stdout
    assert "areas, pockets, cells" in said
    assert "k = 12" in said
    assert call("publish", "--default", "--json", "-w", root).json == before


@pytest.mark.parametrize(
    ("words", "code"),
    [(["--k", "9"], "k_too_small"), (["--k", "-3"], "k_too_small"), (["--k", "2000"], "k_too_large"),
     (["--collections", "gaps"], "not_publishable"), (["--run", "nix"], "no_run")],
)  # fmt: skip
def test_what_is_refused_changes_nothing(call, root, words, code):
    before = call("publish", "--show", "--json", "-w", root).json
    done = call("publish", *words, "--json", "-w", root)
    assert done.exit_code == 1
    assert done.json["error"]["code"] == code
    assert done.json["error"]["message"] != done.json["error"]["message_id"]
    assert call("publish", "--show", "--json", "-w", root).json == before


def test_k_is_a_number(call, root):
    assert call("publish", "--k", "sepuluh", "-w", root).exit_code == 2


def test_a_workspace_without_a_run(call, tmp_path):
    call("init", tmp_path / "baru")
    assert call("publish", "--show", "--json", "-w", tmp_path / "baru").json["run"] is None
    assert call("publish", "-w", tmp_path / "baru").exit_code == 1
    assert call("report", "-o", tmp_path / "a.pdf", "-w", tmp_path / "baru").exit_code == 1
    assert not (tmp_path / "a.pdf").exists()


@pytest.mark.parametrize("collection", ["areas", "pockets", "cells"])
def test_a_larger_k_only_takes_away_on_a_real_run(root, collection):
    workspace = open_workspace(root)
    run = load_run(workspace)
    tables = [disclosed(workspace, run, collection).frame]
    for k in (10, 17, 60):
        asked = Publication(run_id=run.run_id, collections=("areas", "pockets", "cells"), k=k)
        tables.append(disclosed(workspace, run, collection, audience="public", publication=asked).frame)
    staff = tables[0]
    for more in tables[1:]:
        shared = [name for name in staff.columns if name in more.columns and name not in ("geometry", "class")]
        ranks = [name for name in shared if name.startswith("rank")]
        for name in set(shared) - set(ranks) - {"status"}:
            assert not (staff[name].isna() & more[name].notna()).any(), name
        assert (staff["status"].eq("suppressed") <= more["status"].eq("suppressed")).all()
    assert tables[-1]["status"].eq("suppressed").sum() > staff["status"].eq("suppressed").sum() or collection != "areas"


def test_report_is_the_same_bytes_and_its_pages_are_as_told(call, root, tmp_path):
    first = call("report", "-o", tmp_path / "a.pdf", "--json", "-w", root)
    assert first.exit_code == 0
    again = call("report", "-o", tmp_path / "b.pdf", "--json", "-w", root).json
    assert first.json["sha256"] == again["sha256"]
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    reader = PdfReader(tmp_path / "a.pdf")
    assert len(reader.pages) == first.json["pages"]
    pages = [page.extract_text() for page in reader.pages]
    assert sum("LETAK DI KABUPATEN" in text for text in pages) == first.json["pockets"]
    assert first.json["run"] in pages[0]
    assert "SINTETIS" in pages[0]


@pytest.mark.parametrize(
    "words", [["-o", "a.txt"], ["-o", "a.pdf", "--public"], ["-o", "a.pdf", "--public", "--run", "x"],
              ["-o", "a.pdf", "--run", "nix"]],
)  # fmt: skip
def test_a_report_that_cannot_be(call, root, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert call("report", *words, "-w", root).exit_code == 1
    assert list(tmp_path.iterdir()) == []
