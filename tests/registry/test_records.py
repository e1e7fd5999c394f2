"""Anonymous records: nobody's neighbour finds a family in them."""

import io

import pandas as pd
import pytest

from gisapp.access.actors import Actor
from gisapp.registry.ingest import ingest
from gisapp.registry.records import KNOWN, anonymous_records, hidden_in_a_crowd
from tests.registry.conftest import family

STATISTICIAN = Actor(name="statistisi", role="statistician")
K = 5


def crowd(**rows: list[object]) -> pd.DataFrame:
    frame = pd.DataFrame({name: rows.get(name, [1] * len(rows["code"])) for name in KNOWN})
    return frame.assign(decile=range(len(frame)))


def test_a_family_that_stands_out_is_blanked_step_by_step():
    families = crowd(
        code=["a"] * 16 + ["b"] * 4,
        persons=[4] * 5 + [4] * 5 + [2, 3, 9, 12, 1, 7] + [4] * 4,
        children_0_5=[1] * 5 + [0, 2, 3, 4, 5] + [0] * 10,
    )
    shown = hidden_in_a_crowd(families, K).set_index("decile").sort_index()
    assert list(shown.index) == list(range(16)), "four families cannot hide, wherever they live"
    assert shown.loc[0, list(KNOWN)].tolist() == ["a", 4, 1, 1, 1]
    assert shown.loc[5, list(KNOWN)].isna().tolist() == [False, False, True, True, True]
    assert shown.loc[13, list(KNOWN)].isna().tolist() == [False, True, True, True, True]


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_whatever_is_shown_is_shared_by_k_families(seed):
    random = pd.Series(range(4000)).sample(frac=1, random_state=seed)
    families = crowd(
        code=[f"desa {n % 37}" for n in random], persons=[n % 11 + 1 for n in random],
        children_0_5=[n % 3 for n in random], children_7_12=[None if n % 7 == 0 else n % 2 for n in random],
    )  # fmt: skip
    shown = hidden_in_a_crowd(families, K)
    assert shown.groupby(list(KNOWN), dropna=False).size().min() >= K
    assert not shown["decile"].duplicated().any()


def test_the_only_large_family_of_a_desa_cannot_be_found(workspace, files):
    rows = [family(number) for number in range(1, 12)] + [family(12, jumlah_anggota="13", desil="9")]
    ingest(workspace, files.csv(rows), period="2025")
    found = anonymous_records(workspace, "2025", actor=STATISTICIAN)
    records = pd.read_csv(io.BytesIO(found.content), dtype=str)
    assert "13" not in set(records["persons"])
    assert (found.rows, found.withheld_rows) == (len(records), 12 - len(records))
    assert records.groupby(list(KNOWN), dropna=False).size().min() >= workspace.settings.k_staff
