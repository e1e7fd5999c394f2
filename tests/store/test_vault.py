"""Keys, encryption and the keyed hash."""

import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.errors import WorkspaceError
from gisapp.store.vault import KEY_FILE, create_keys, open_vault


@pytest.fixture
def root(tmp_path):
    create_keys(tmp_path)
    return tmp_path


def test_keys_are_private_and_are_not_made_twice(root):
    first = (root / KEY_FILE).read_bytes()
    assert stat.S_IMODE((root / KEY_FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE((root / "keys").stat().st_mode) == 0o700
    create_keys(root)
    assert (root / KEY_FILE).read_bytes() == first


def test_a_seed_makes_the_same_key_and_no_seed_another(tmp_path):
    texts = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2), ("d", None)):
        create_keys(tmp_path / name, seed=seed)
        texts.append((tmp_path / name / KEY_FILE).read_text())
    assert texts[0] == texts[1]
    assert len(set(texts)) == 3


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_key_that_others_can_read_is_refused(root, mode):
    (root / KEY_FILE).chmod(mode)
    with pytest.raises(WorkspaceError, match="chmod 600") as caught:
        open_vault(root)
    assert caught.value.code == "vault_key"


@pytest.mark.parametrize("text", [b"", b"abc", b"0" * 63, b"0" * 65, b"g" * 64, b"0" * 64 + b"\n\n"])
def test_a_malformed_key_is_refused(root, text):
    (root / KEY_FILE).write_bytes(text)
    with pytest.raises(WorkspaceError, match="64 hexadecimal"):
        open_vault(root)


def test_a_missing_key_is_refused(tmp_path):
    with pytest.raises(WorkspaceError, match="missing"):
        open_vault(tmp_path)


def test_the_vault_does_not_print_its_keys(root):
    vault = open_vault(root)
    assert vault._cipher_key.hex() not in repr(vault)
    assert repr(vault._cipher_key) not in repr(vault)


def test_every_changed_byte_is_noticed(root):
    vault = open_vault(root)
    token = vault.encrypt(b"NIK 1205", "here")
    for position in range(len(token)):
        changed = bytearray(token)
        changed[position] ^= 1
        with pytest.raises(WorkspaceError):
            vault.decrypt(bytes(changed), "here")
    for length in range(len(token)):
        with pytest.raises(WorkspaceError):
            vault.decrypt(token[:length], "here")


def test_a_token_opens_only_in_its_context_and_with_its_key(root, tmp_path_factory):
    vault = open_vault(root)
    token = vault.encrypt(b"secret", "quarantine a 0")
    with pytest.raises(WorkspaceError, match="changed or moved"):
        vault.decrypt(token, "quarantine a 1")
    elsewhere = tmp_path_factory.mktemp("other")
    create_keys(elsewhere)
    with pytest.raises(WorkspaceError, match="another key"):
        open_vault(elsewhere).decrypt(token, "quarantine a 0")


def test_equal_texts_differ_when_encrypted_and_agree_when_hashed(root, tmp_path_factory):
    vault = open_vault(root)
    assert vault.encrypt(b"same", "c") != vault.encrypt(b"same", "c")
    assert vault.keyed_hash("1205") == vault.keyed_hash("1205") != vault.keyed_hash("1206")
    assert len(vault.keyed_hash("1205")) == 64
    elsewhere = tmp_path_factory.mktemp("other")
    create_keys(elsewhere)
    assert open_vault(elsewhere).keyed_hash("1205") != vault.keyed_hash("1205")


@given(data=st.binary(max_size=300), context=st.text(max_size=40))
def test_what_goes_in_comes_out(tmp_path_factory, data, context):
    root = tmp_path_factory.mktemp("vault")
    create_keys(root, seed=5)
    vault = open_vault(root)
    token = vault.encrypt(data, context)
    assert vault.decrypt(token, context) == data
    assert len(data) < 4 or data not in token[25:]  # behind magic, key id and nonce
