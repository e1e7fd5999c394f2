"""Repeated ids: found over the chunks of a file as one by one, in little memory."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.registry.ids import KeySet, SeenIds, mark_repeats


def one_by_one(kept: list[set[int]], chunk: list[tuple[int, int, bool]]) -> list[list[bool]]:
    repeated: list[list[bool]] = [[], []]
    for *keys, blocked in chunk:
        again = [key != 0 and key in known for key, known in zip(keys, kept, strict=True)]
        for marks, one in zip(repeated, again, strict=True):
            marks.append(one)
        if not blocked and not any(again):
            for key, known in zip(keys, kept, strict=True):
                known |= {key} - {0}
    return repeated


rows = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.booleans()), max_size=12)


@given(st.lists(rows, max_size=6))
def test_repeats_are_those_found_one_by_one(chunks):
    seen, kept = [SeenIds(), SeenIds()], [set(), set()]
    for chunk in chunks:
        columns = [np.array([row[at] for row in chunk], dtype=np.uint64) for at in (0, 1)]
        found = mark_repeats(seen, columns, np.array([row[2] for row in chunk], dtype=bool))
        assert [marks.tolist() for marks in found] == one_by_one(kept, chunk)
    assert [list(one.kept) for one in seen] == [sorted(one) for one in kept]


def test_a_row_that_repeats_one_of_its_ids_does_not_claim_the_other():
    seen = [SeenIds(), SeenIds()]
    nik, family = np.array([1, 2, 2], dtype=np.uint64), np.array([7, 7, 8], dtype=np.uint64)
    found = mark_repeats(seen, [nik, family], np.zeros(3, dtype=bool))
    assert [marks.tolist() for marks in found] == [[False, False, False], [False, True, False]]


@given(st.lists(st.lists(st.integers(1, 2**64 - 1), max_size=30), max_size=8))
def test_a_set_of_keys_is_a_set(parts):
    keys = KeySet()
    for part in parts:
        keys.add(np.array(part, dtype=np.uint64))
    every = {key for part in parts for key in part}
    assert list(keys) == sorted(every)
    asked = [*every, 0, 7]
    assert keys.holds(np.array(asked, dtype=np.uint64)).tolist() == [key in every for key in asked]


@pytest.mark.parametrize("keys", [[], [3, 3, 5]])
def test_it_starts_from_what_was_kept_before(keys):
    assert len(KeySet(keys)) == len(set(keys))
