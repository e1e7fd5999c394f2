"""Users, passwords, sessions and secrets without any page around them."""

from __future__ import annotations

import functools
import logging
import stat
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from gisapp.access import lockout, passwords, secret, sessions, users
from gisapp.access.actors import LOCAL, Actor
from gisapp.access.limits import limits
from gisapp.access.permissions import ROLES, matrix
from gisapp.access.scrub import scrub, scrub_logs
from gisapp.access.tables import SessionRow, UserRow
from gisapp.access.trail import Wanted, read_trail
from gisapp.errors import ConfigurationError, GisappError, InvalidParameterError, PermissionRefusedError
from gisapp.store.database import session
from gisapp.workspace.folder import init_workspace

GOOD = "empat kata yang mudah"
SECRET = b"s" * 32


@pytest.fixture
def workspace(tmp_path):
    return init_workspace(tmp_path / "w")


@pytest.fixture
def budi(workspace):
    return users.add_user(workspace, name="Budi", role="planner", password=GOOD, actor=LOCAL)


def come_in(workspace, name="Budi", password=GOOD, address="10.0.0.1"):
    tried = lockout.attempt(SECRET, name=name, address=address)
    return sessions.log_in(workspace, tried, name=name, password=password, address=address)


@pytest.mark.parametrize(
    "password",
    ["", "pendek", "         ", "aaaaaaaaaaaaaa", "1234567890", "12345678901234567890", "password1234", "Rahasia!!2025",
     "katasandi-2025", "indonesia1945", "budi-budi-2025", "BUDI1234567890", "budirahasia99", "x" * 201],
)  # fmt: skip
def test_weak_passwords(password):
    with pytest.raises(InvalidParameterError) as refused:
        passwords.require_good(password, name="Budi")
    assert refused.value.code == "weak_password"
    assert refused.value.en != refused.value.id
    assert not password.strip() or password not in str(refused.value)


@pytest.mark.parametrize("password", [GOOD, "Rahasia-negeri-di-awan", "k8#Lq2!vXz0p", "tempat duduk 17 lampu"])
def test_good_passwords(password):
    passwords.require_good(password, name="Budi")
    stored = passwords.hash_password(password)
    assert stored.startswith("$argon2id$")
    assert password not in stored
    assert passwords.verify(stored, password)
    assert not passwords.verify(stored, password + "x")
    assert not passwords.verify(None, password)


def test_temporary_passwords_are_good_and_differ():
    made = {passwords.temporary_password() for _ in range(50)}
    assert len(made) == 50
    for one in made:
        passwords.require_good(one, name="Budi")


def test_only_a_hash_is_kept(workspace, budi):
    token, _ = come_in(workspace)
    with session(workspace.database, write=False) as db:
        rows = [str(vars(row)) for kind in (UserRow, SessionRow) for row in db.query(kind)]
    assert all(GOOD not in row and token not in row for row in rows)


def test_an_old_hash_is_made_anew_at_the_next_log_in(workspace, budi):
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(GOOD)
    with session(workspace.database) as db:
        users.existing(db, "budi").password_hash = weak
    come_in(workspace)
    with session(workspace.database, write=False) as db:
        assert not passwords.outdated(users.existing(db, "budi").password_hash)


def test_a_session_is_the_users_until_it_ends(workspace, budi):
    token, user = come_in(workspace, "bUDI")
    assert user == sessions.user_of(workspace, token)
    assert sessions.user_of(workspace, token[:-1]) is None
    other, _ = come_in(workspace)
    sessions.log_out(workspace, token, name="Budi")
    assert sessions.user_of(workspace, token) is None
    assert sessions.user_of(workspace, other) is not None
    users.disable_user(workspace, "Budi", actor=LOCAL)
    assert sessions.user_of(workspace, other) is None


def test_failures_lock_a_name_from_any_address_and_a_success_forgets(workspace, budi):
    for number in range(limits().lockout_name_tries - 1):
        with pytest.raises(sessions.LoginRefusedError):
            come_in(workspace, password="salah", address=f"10.0.0.{number}")
    come_in(workspace)
    for number in range(limits().lockout_name_tries):
        with pytest.raises(sessions.LoginRefusedError, match="not right"):
            come_in(workspace, password="salah", address=f"10.0.0.{number}")
    with pytest.raises(sessions.LoginRefusedError) as refused:
        come_in(workspace, address="10.9.9.9")
    assert refused.value.code == "login_locked"


def test_tries_at_the_same_moment_are_counted_like_tries_in_a_row(workspace, budi, monkeypatch):
    """All of them are let in to look at the lock before the first one is found to be wrong."""
    monkeypatch.setattr(sessions, "verify", lambda stored, password: (looked.append(password), gate.wait(20))[0])
    looked, gate = [], threading.Event()

    def guess(number):
        with pytest.raises(sessions.LoginRefusedError) as refused:
            come_in(workspace, password=f"salah {number}", address=f"10.0.0.{number}")
        return refused.value.code

    most = limits().lockout_name_tries
    with ThreadPoolExecutor(3 * most) as pool:
        tries = [pool.submit(guess, number) for number in range(3 * most)]
        while sum(one.done() for one in tries) < 2 * most and not gate.is_set():
            time.sleep(0.01)
        gate.set()
        codes = sorted(one.result() for one in tries)
    assert codes == ["login"] * most + ["login_locked"] * 2 * most
    assert len(looked) == most


@pytest.mark.parametrize("name", ["\uff22\uff35\uff24\uff29", " budi ", "Bud\u2170"])
def test_another_spelling_of_a_name_is_locked_with_it(workspace, budi, name):
    for _ in range(limits().lockout_name_tries):
        with pytest.raises(sessions.LoginRefusedError):
            come_in(workspace, password="salah")
    with pytest.raises(sessions.LoginRefusedError) as refused:
        come_in(workspace, name=name)
    assert refused.value.code == "login_locked"


def test_guessing_the_present_password_is_locked_too(workspace, budi):
    tried = lockout.attempt(SECRET, name="Budi", address="10.0.0.1")
    change = functools.partial(users.change_own_password, workspace, budi.actor, tried=tried)
    for number in range(limits().lockout_name_tries):
        with pytest.raises(InvalidParameterError, match="not right"):
            change(current=f"salah {number}", new="empat kata lain lagi")
    with pytest.raises(InvalidParameterError) as refused:
        change(current=GOOD, new="empat kata lain lagi")
    assert refused.value.code == "password_locked"


@pytest.mark.parametrize("name", ["local", "Stranger", "\uff2cocal"])
def test_a_name_of_the_trail_is_no_user(workspace, name):
    with pytest.raises(InvalidParameterError) as refused:
        users.add_user(workspace, name=name, role="planner", password=GOOD, actor=LOCAL)
    assert refused.value.code == "user_name"


def test_what_was_typed_as_a_name_is_never_kept(workspace, budi):
    with pytest.raises(sessions.LoginRefusedError):
        come_in(workspace, name="kata sandi di kotak yang salah")
    events = read_trail(workspace, Wanted(), page=1, actor=LOCAL).events
    assert events[0].action == "login.failed"
    assert events[0].subject == "?"


def test_every_event_is_told_once(workspace, budi):
    token, _ = come_in(workspace)
    with pytest.raises(sessions.LoginRefusedError):
        come_in(workspace, password="salah")
    sessions.log_out(workspace, token, name="Budi")
    users.set_role(workspace, "Budi", "viewer", actor=LOCAL)
    users.set_role(workspace, "Budi", "viewer", actor=LOCAL)
    users.change_own_password(
        workspace, Actor(name="Budi", role="viewer"), current=GOOD, new="lima kata yang lain lagi"
    )
    users.disable_user(workspace, "Budi", actor=LOCAL)
    users.disable_user(workspace, "Budi", actor=LOCAL)
    users.enable_user(workspace, "Budi", actor=LOCAL)
    trail = read_trail(workspace, Wanted(), page=1, actor=LOCAL)
    assert [event.action for event in reversed(trail.events)] == [
        "user.added", "login", "login.failed", "logout", "user.role", "user.password", "user.disabled", "user.enabled",
    ]  # fmt: skip
    assert trail.broken is None
    assert GOOD not in str(trail)
    assert trail.events[2].actor == "Budi"


@pytest.mark.parametrize("role", [role for role in ROLES if role != "admin"])
def test_only_an_admin_manages_users(workspace, budi, role):
    actor = Actor(name="siti", role=role)
    acts = (
        lambda: users.add_user(workspace, name="x y", role="viewer", password=GOOD, actor=actor),
        lambda: users.disable_user(workspace, "Budi", actor=actor),
        lambda: users.enable_user(workspace, "Budi", actor=actor),
        lambda: users.set_role(workspace, "Budi", "admin", actor=actor),
        lambda: users.set_password(workspace, "Budi", "lima kata yang lain lagi", actor=actor),
    )
    for act in acts:
        with pytest.raises(PermissionRefusedError):
            act()


def test_the_trail_is_filtered_and_paged(workspace, monkeypatch):
    monkeypatch.setattr("gisapp.access.trail.PAGE", 2)
    for name in ("satu", "dua", "tiga"):
        users.add_user(workspace, name=name, role="viewer", password=GOOD, actor=LOCAL)
    first = read_trail(workspace, Wanted(action="user.added"), page=1, actor=LOCAL)
    last = read_trail(workspace, Wanted(action="user.added"), page=2, actor=LOCAL)
    assert [event.subject for event in (*first.events, *last.events)] == ["tiga", "dua", "satu"]
    assert (first.total, first.pages) == (3, 2)
    assert read_trail(workspace, Wanted(actor="nobody"), page=1, actor=LOCAL).events == ()
    with pytest.raises(PermissionRefusedError):
        read_trail(workspace, Wanted(), page=1, actor=Actor(name="x", role="planner"))


def test_the_session_key_is_private_random_and_kept(workspace):
    path = secret.create_session_key(workspace.root)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert secret.session_secret(workspace.root) == secret.session_secret(workspace.root)
    assert len(secret.session_secret(workspace.root)) == secret.SHORTEST_BYTES


@pytest.mark.parametrize("spoil", ["mode", "short", "same"])
def test_a_spoilt_session_key_is_refused(workspace, spoil):
    path = secret.create_session_key(workspace.root)
    if spoil == "mode":
        path.chmod(0o644)
    else:
        path.write_text("abc" if spoil == "short" else "a" * 64)
    with pytest.raises(ConfigurationError) as refused:
        secret.session_secret(workspace.root)
    assert refused.value.code == "secret_key"


def test_the_key_of_the_environment_comes_first(workspace, monkeypatch):
    monkeypatch.setenv("GISAPP_SECRET_KEY", "8f3b1c0de94a7752b6aa01cc93ef44d7")
    assert secret.session_secret(workspace.root) == b"8f3b1c0de94a7752b6aa01cc93ef44d7"


def test_the_administrator_and_the_statistician_open_no_identity_by_browser():
    for name in ("identity.read", "identity.quarantine", "lists.export", "updates.papers"):
        assert matrix().permissions[name].roles.isdisjoint({"admin", "statistician"})


def test_the_matrix_gives_a_stranger_what_is_published_and_no_more():
    assert {name for name, one in matrix().permissions.items() if "public" in one.roles} == {"open", "map.public"}
    for name in ("identity.read", "lists.export", "registry.quarantine"):
        assert matrix().permissions[name].roles.isdisjoint({"statistician", "planner", "viewer", "infrastructure"})


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("NIK 1205010101900001 ganda", "NIK ••••0001 ganda"),
        ("1205 0101 0190 0001", "••••0001"),
        ("12.05.01.2001 dan 2025-11-22 17:30:00", "12.05.01.2001 dan 2025-11-22 17:30:00"),
        ("potret 4306a0482c1be92ab9fa7a9de2b6dbd549f14d70cf4d18412a38e25756a35da7", None),
        ("12050101019000011205010101900002", "••••0002"),
    ],
)
def test_scrub(text, shown):
    assert scrub(text) == (text if shown is None else shown)


def test_no_log_holds_sixteen_digits():
    scrub_logs()
    scrub_logs()
    nik = "1205010101900001"
    handler = logging.Handler()
    written = []
    handler.emit = lambda record: written.append(logging.Formatter().format(record))
    logger = logging.getLogger("gisapp.test")
    logger.addHandler(handler)
    try:
        raise GisappError(f"row 3: {nik}")
    except GisappError:
        logger.exception("cannot read %s", nik)
        logger.warning("%s %d", nik, "not a number")
    finally:
        logger.removeHandler(handler)
    assert len(written) == 2
    assert nik not in "".join(written)
    assert "cannot read ••••0001" in written[0]
    assert "Traceback" in written[0]
