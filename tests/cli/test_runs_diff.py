"""What changed from one run to another, as people and as programs read it."""

from __future__ import annotations

import pytest

from tests.copies import copy_workspace


@pytest.fixture(scope="module")
def two_runs(small_demo, tmp_path_factory):
    """A copy with a second run: deciles 1 and 2."""
    from gisapp.targeting.run import run
    from gisapp.targeting.runs import load_run
    from gisapp.workspace.folder import open_workspace

    root = copy_workspace(small_demo, tmp_path_factory.mktemp("diff") / "copy")
    first = load_run(open_workspace(root))
    path = root / "gisapp.toml"
    path.write_text(path.read_text().replace("value = [1]", "value = [1, 2]"))
    return root, first, load_run(open_workspace(root), run(open_workspace(root)).run_id)


def test_the_threshold_is_the_reason_and_the_desa_say_where(call, two_runs):
    root, first, second = two_runs
    answer = call("-w", root, "runs", "diff", first.run_id, second.run_id, "--json")
    assert answer.exit_code == 0, answer.stderr
    found = answer.json
    assert (found["before"], found["after"], found["follows"]) == (first.run_id, second.run_id, False)
    assert found["why"]["parameters"]["poor_deciles"] == [[1], [1, 2]]
    assert found["why"]["inputs"] == {"added": [], "removed": [], "changed": []}
    assert found["why"]["version"] is None
    old, new = ({str(name) for name in run.collection("pockets")["pocket_id"]} for run in (first, second))
    assert {row["pocket_id"] for row in found["pockets"]} == old | new
    assert found["ended"] == sorted(old - new)
    then, now = (
        run.collection("areas").query("level == 'desa'").set_index("code")["pocket_id"].fillna("")
        for run in (first, second)
    )
    assert {row["code"] for row in found["areas"]} == set(then.index[then != now])


def test_a_run_beside_itself_did_not_change(call, two_runs):
    root, first, _ = two_runs
    found = call("-w", root, "runs", "diff", first.run_id, first.run_id, "--json").json
    assert (found["ended"], found["areas"], found["counts"], found["why"]["parameters"]) == ([], [], {}, {})
    assert all(row["before"] == row["after"] for row in found["pockets"])


def test_people_read_the_setting_and_that_small_counts_are_not_hidden(call, two_runs):
    root, first, second = two_runs
    told = call("-w", root, "runs", "diff", first.run_id, second.run_id).stdout
    assert "poor_deciles: 1 -> 1, 2" in told
    assert "Do not pass them on" in told
    assert call("-w", root, "runs", "diff", first.run_id, "nonsense").exit_code != 0
