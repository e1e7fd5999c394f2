"""Content hashes."""

import pytest

from gisapp.store.hashing import canonical_json, sha256_bytes, sha256_file, sha256_json

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # FIPS 180-4, the empty message


def test_the_published_hash_of_nothing(tmp_path):
    (tmp_path / "empty").write_bytes(b"")
    assert sha256_bytes(b"") == sha256_file(tmp_path / "empty") == EMPTY


def test_a_file_larger_than_a_block_hashes_like_its_bytes(tmp_path):
    data = bytes(range(256)) * 10_000
    (tmp_path / "large").write_bytes(data)
    assert sha256_file(tmp_path / "large") == sha256_bytes(data)


def test_equal_values_have_one_text():
    assert canonical_json({"b": 1, "a": [True, None, "é"]}) == '{"a":[true,null,"é"],"b":1}'
    assert sha256_json({"a": 1, "b": 2}) == sha256_json({"b": 2, "a": 1})


def test_nan_has_no_hash():
    with pytest.raises(ValueError, match="Out of range"):
        sha256_json([float("nan")])
