"""A new key for a workspace: every sealed thing readable before, during and after, killed at any step."""

import pytest
from sqlalchemy import text

from gisapp.errors import WorkspaceError
from gisapp.store import rotation
from gisapp.store.audit import first_broken_event
from gisapp.store.database import session
from gisapp.store.facts import KEY_FACT, read_fact, set_fact
from gisapp.store.keyring import KEY_FILE, Key, KeyRing, create_keys, is_weak, new_key, read_ring, synthetic_key
from gisapp.store.rotation import Sealed, catch_up, finish, key_ids, reseal_rows, rotate
from gisapp.store.sealed_files import read_tokens, reseal_frames, reseal_whole, write_frame
from gisapp.store.vault import open_ring, open_vault, token_key, vault_of

FRAMES = 5


def frame_context(number):
    return f"frame {number}"


def reseal_notes(database, old, new):
    def values(row):
        plain = old.decrypt(bytes(row.sealed), f"note {row.a} {row.b}")
        return {"sealed": new.encrypt(plain, f"note {row.a} {row.b}"), "hash": new.keyed_hash(plain.decode())}

    return reseal_rows(database, "note", values, under=new.key_id, keys=("a", "b"), hashes=("hash",))


def reseal_files(root, database, old, new):
    done = int(reseal_frames(root / "frames.enc", frame_context, old, new))
    return done + int(reseal_whole(root / "whole.enc", "whole", old, new))


SEALED = (Sealed(name="notes", rows=reseal_notes), Sealed(name="files", files=reseal_files))


@pytest.fixture
def root(tmp_path, path):
    """A folder with sealed rows (more than one batch) and sealed files."""
    create_keys(tmp_path)
    vault = open_vault(tmp_path)
    with session(path) as database:
        kind = "BYTEA" if database.connection().dialect.name == "postgresql" else "BLOB"
        database.execute(
            text(f"CREATE TABLE note (a INTEGER, b INTEGER, sealed {kind}, hash VARCHAR(64), PRIMARY KEY (a, b))")
        )
        rows = [
            {
                "a": n // 100,
                "b": n,
                "s": vault.encrypt(f"{n}".encode(), f"note {n // 100} {n}"),
                "h": vault.keyed_hash(f"{n}"),
            }
            for n in range(2050)
        ]
        database.execute(text("INSERT INTO note (a, b, sealed, hash) VALUES (:a, :b, :s, :h)"), rows)
    with (tmp_path / "frames.enc").open("wb") as stream:
        for number in range(FRAMES):
            write_frame(stream, vault.encrypt(b"%d" % number, frame_context(number)))
    (tmp_path / "whole.enc").write_bytes(vault.encrypt(b"photo", "whole"))
    return tmp_path


def everything_opens(root, path):
    """Every row and file opens with the vault as it is now, and every hash is the one that a look-up would make."""
    vault = open_vault(root)
    with session(path, write=False) as database:
        rows = database.execute(text("SELECT a, b, sealed, hash FROM note ORDER BY a, b")).all()
    assert len(rows) == 2050
    for a, b, sealed, found in rows:
        assert vault.decrypt(bytes(sealed), f"note {a} {b}") == f"{b}".encode()
        assert found == vault.keyed_hash(f"{b}")
    with (root / "frames.enc").open("rb") as stream:
        tokens = list(read_tokens(stream))
    assert [vault.decrypt(token, frame_context(n)) for n, token in enumerate(tokens)] == [b"0", b"1", b"2", b"3", b"4"]
    whole = (root / "whole.enc").read_bytes()
    assert vault.decrypt(whole, "whole") == b"photo"
    return {token_key(token) for token in (*tokens, whole, *(bytes(row.sealed) for row in rows))}


def test_rotation_seals_everything_anew_and_keeps_the_former_key_for_reading(root, path):
    before = read_ring(root / KEY_FILE)
    old_token = open_vault(root).encrypt(b"carried away", "c")
    done = rotate(root, path, SEALED)
    after = read_ring(root / KEY_FILE)
    assert done.as_dict() == {
        "key": key_ids(after)[0],
        "former": [key_ids(before)[0]],
        "sealed": {"notes": 2050, "files": 2},
    }
    assert after.former == (before.current,)
    assert after.current != before.current
    assert everything_opens(root, path) == {after.current.id}
    assert read_fact(path, KEY_FACT) == key_ids(after)[0]
    assert open_vault(root).decrypt(old_token, "c") == b"carried away"
    with session(path, write=False) as database:
        assert first_broken_event(database) is None
        assert database.execute(text("SELECT action FROM audit_event")).scalars().all() == ["keys.rotate"]


def test_rotating_twice_keeps_both_former_keys(root, path):
    first = key_ids(read_ring(root / KEY_FILE))[0]
    second = rotate(root, path, SEALED).key
    third = rotate(root, path, SEALED)
    assert third.former == (second, first)
    everything_opens(root, path)


class Killed(BaseException):
    """What a kill leaves: nothing after it runs."""


@pytest.mark.parametrize("step", ["ring", "rows", "fact", "commit", "file", "last ring"])
def test_a_rotation_that_dies_at_any_step_leaves_everything_readable_and_is_finished(root, path, monkeypatch, step):
    def die(*args, **kwargs):
        raise Killed

    def once(function, calls):
        left = [calls]

        def call(*args, **kwargs):
            left[0] -= 1
            if left[0] < 0:
                raise Killed
            return function(*args, **kwargs)

        return call

    before = read_ring(root / KEY_FILE).current.id
    sealed = SEALED
    if step == "ring":
        monkeypatch.setattr(rotation, "vault_of", die)
    elif step == "rows":
        sealed = (Sealed(name="x", rows=die), *SEALED)
    elif step == "fact":
        monkeypatch.setattr(rotation, "append_event", die)
    elif step == "commit":
        sealed = (Sealed(name="x", files=die), *SEALED)
    elif step == "file":
        sealed = (*SEALED, Sealed(name="x", files=die))
    else:
        monkeypatch.setattr(rotation, "write_ring", once(rotation.write_ring, 1))
    with pytest.raises(Killed):
        rotate(root, path, sealed)
    monkeypatch.undo()
    used = everything_opens(root, path)
    assert before in used or len(used) == 1
    assert read_ring(root / KEY_FILE).pending is not None
    assert finish(root, path, SEALED) is not None
    after = read_ring(root / KEY_FILE)
    assert after.pending is None
    assert everything_opens(root, path) == {after.current.id}
    assert finish(root, path, SEALED) is None


def test_what_was_stored_under_the_former_key_meanwhile_is_caught_up(root, path):
    late = open_vault(root)  # a request that began before the rotation and stores after it
    rotate(root, path, SEALED)
    with session(path) as database:
        database.execute(
            text("UPDATE note SET sealed = :s, hash = :h WHERE b = 7"),
            {"s": late.encrypt(b"7", "note 0 7"), "h": late.keyed_hash("7")},
        )
    assert catch_up(root, path, SEALED) == 1
    assert everything_opens(root, path) == {read_ring(root / KEY_FILE).current.id}
    assert catch_up(root, path, SEALED) == 0


def test_in_the_middle_the_database_says_which_key_is_in_force(root, path):
    ring = read_ring(root / KEY_FILE)
    coming = new_key()
    (root / KEY_FILE).write_text(ring.begin(coming).text())
    assert open_ring(root).current == ring.current
    with session(path) as database:
        set_fact(database, KEY_FACT, coming.id.hex())
    assert open_ring(root).current == coming
    assert open_ring(root).former == (ring.current,)


def test_the_key_file_reads_what_it_wrote(tmp_path):
    keys = [new_key() for _ in range(4)]
    for ring in (
        KeyRing(keys[0]), KeyRing(keys[0], (keys[1], keys[2])), KeyRing(keys[0], (keys[1],), keys[3]),
    ):  # fmt: skip
        file = tmp_path / "k"
        file.touch(mode=0o600)
        file.write_text(ring.text())
        assert read_ring(file) == ring
    assert keys[0].text not in repr(ring)


@pytest.mark.parametrize(
    "text", ["new {0}\n", "{0}\nnew {1}\nnew {1}\n", "{0}\n\n{1}\n", "{0} {1}\n", "{0}\nold {1}\n", "{0}\n{1}\n\n"]
)
def test_a_malformed_ring_is_refused(tmp_path, text):
    file = tmp_path / "k"
    file.touch(mode=0o600)
    file.write_text(text.format("0" * 64, "1" * 64))
    with pytest.raises(WorkspaceError, match="64 hexadecimal"):
        read_ring(file)


def test_weak_keys_are_known():
    assert is_weak(Key("00" * 32))
    assert is_weak(synthetic_key(20250205))
    assert is_weak(synthetic_key(987654321), 987654321)
    assert not is_weak(synthetic_key(987654321))
    assert not is_weak(new_key())


def test_a_cut_file_stays_cut_and_is_refused_inside_a_frame(root):
    vault = open_vault(root)
    data = (root / "frames.enc").read_bytes()
    (root / "frames.enc").write_bytes(data[:-3])
    with pytest.raises(WorkspaceError, match="cut short"):
        reseal_frames(
            root / "frames.enc", frame_context, vault, vault_of(KeyRing(new_key(), (open_ring(root).current,)))
        )
    assert (root / "frames.enc").read_bytes() == data[:-3]
    assert [path.name for path in root.iterdir() if path.name.startswith(".frames")] == []
