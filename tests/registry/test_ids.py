"""Repeated ids: found over the chunks of a file as one by one, in little memory."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.registry.ids import KeySet, SeenIds


def one_by_one(kept: set[int], keys: list[int], blocked: list[bool]) -> list[bool]:
    repeated = []
    for key, no in zip(keys, blocked, strict=True):
        repeated.append(key != 0 and key in kept)
        if key != 0 and key not in kept and not no:
            kept.add(key)
    return repeated


rows = st.lists(st.tuples(st.integers(0, 6), st.booleans()), max_size=12)


@given(st.lists(rows, max_size=6))
def test_repeats_are_those_found_one_by_one(chunks):
    seen, kept = SeenIds(), set()
    for chunk in chunks:
        keys, blocked = [key for key, _ in chunk], [no for _, no in chunk]
        found = seen.repeats(np.array(keys, dtype=np.uint64), np.array(blocked, dtype=bool))
        assert found.tolist() == one_by_one(kept, keys, blocked)
    assert list(seen.kept) == sorted(kept)


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
