"""The demo's deliberately bad rows, all of them found and none invented."""

from collections import Counter

import pytest

from gisapp.demo.district import make_district
from gisapp.registry.ingest import ingest
from gisapp.registry.quarantine import write_quarantine
from gisapp.registry.snapshots import latest_snapshot, read_snapshot
from tests.registry.conftest import make_workspace, read_csv


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    return make_district(tmp_path_factory.mktemp("demo"), seed=3, households=3000)


@pytest.fixture(scope="module")
def taken(demo, tmp_path_factory):
    desa = next(layer.path for layer in demo.layers if layer.level == "desa")
    workspace = make_workspace(tmp_path_factory.mktemp("demo") / "ws", desa)
    return workspace, [ingest(workspace, path, period=period) for period, path in demo.registry.items()][-1]


def test_the_counts_are_those_that_were_planted(demo, taken):
    _, report = taken
    assert report.reasons == demo.defects.reasons
    assert report.warnings == demo.defects.warnings
    assert report.rows == 3000 + sum(demo.defects.reasons.values()) == report.accepted + report.quarantined


def test_every_bad_row_is_in_the_quarantine_whole(demo, taken, tmp_path):
    workspace, report = taken
    source = Counter(tuple(row.values()) for row in read_csv(list(demo.registry.values())[-1]))
    write_quarantine(workspace, report.quarantine, tmp_path / "q.csv")
    rows = read_csv(tmp_path / "q.csv")
    assert Counter(row.pop("reasons") for row in rows) == demo.defects.reasons
    texts = [tuple(text[1:] if text.startswith("'=") else text for text in row.values()) for row in rows]
    assert not Counter(texts) - source


def test_what_the_form_answers_is_judged(taken):
    workspace, _ = taken
    families = read_snapshot(latest_snapshot(workspace))
    for name in (
        "schooling",
        "adult_education",
        "work",
        "water",
        "sanitation",
        "housing",
        "electricity",
        "cooking_fuel",
    ):
        assert 0.005 < families[name].mean() < 0.6, name
        assert families[name].isna().mean() < 0.06, name
