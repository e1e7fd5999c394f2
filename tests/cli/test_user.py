"""user add, list, disable, password on the command line; who may be served."""

from __future__ import annotations

import io
import sys

import pytest

from gisapp.access.actors import LOCAL
from gisapp.access.door import require_fit_for_network
from gisapp.access.users import add_user
from gisapp.cli.serve import names_beside_loopback
from gisapp.errors import PermissionRefusedError
from gisapp.workspace.folder import init_workspace, open_workspace
from tests.registry.conftest import DESA, make_workspace, write_boundary

GOOD = "empat kata yang mudah"


@pytest.fixture
def root(call, tmp_path):
    call("init", tmp_path / "w")
    return tmp_path / "w"


@pytest.fixture
def typed(monkeypatch):
    return lambda text: monkeypatch.setattr(sys, "stdin", io.StringIO(f"{text}\n"))


def test_add_list_disable(call, root, typed):
    typed(GOOD)
    added = call("user", "add", "Budi", "--role", "planner", "--password-stdin", "-w", root, "--json")
    assert added.exit_code == 0, added.stderr
    assert {name: added.json[name] for name in ("user", "role", "area")} == {
        "user": "Budi", "role": "planner", "area": None,
    }  # fmt: skip
    assert GOOD not in added.stdout
    assert call("user", "disable", "budi", "-w", root).exit_code == 0
    (one,) = call("--json", "-w", root, "user", "list").json["users"]
    assert (one["user"], one["disabled"]) == ("Budi", True)
    assert call("user", "enable", "BUDI", "-w", root, "--json").json["disabled"] is False


@pytest.mark.parametrize(
    ("words", "password", "code"),
    [
        (["x y", "--role", "planner"], "pendek", "weak_password"),
        (["budi", "--role", "planner"], "budibudi12345", "weak_password"),
        (["budi", "--role", "planner"], "password12345", "weak_password"),
        (["budi", "--role", "planner"], "1234567890123", "weak_password"),
        (["budi", "--role", "raja"], GOOD, "role_unknown"),
        (["budi", "--role", "public"], GOOD, "role_unknown"),
        (["budi", "--role", "camat"], GOOD, "area_missing"),
        (["budi", "--role", "verifier"], GOOD, "area_missing"),
        (["budi", "--role", "village_operator"], GOOD, "area_missing"),
        (["budi", "--role", "village_operator", "--area", "12.05.01"], GOOD, "area_level"),
        (["1205010101900001", "--role", "planner"], GOOD, "user_name"),
        (["<b>", "--role", "planner"], GOOD, "user_name"),
    ],
)
def test_what_is_refused(call, root, typed, words, password, code):
    typed(password)
    answer = call("user", "add", *words, "--password-stdin", "--json", "-w", root)
    assert answer.exit_code == 1
    error = answer.json["error"]
    assert error["code"] == code
    assert error["message"] != error["message_id"]
    assert password not in answer.stdout or password in " ".join(words)
    assert call("user", "list", "--json", "-w", root).json["users"] == []


def test_a_name_is_taken_whatever_its_case(call, root, typed):
    for name, code in (("Budi", None), ("bUDI", "user_exists")):
        typed(GOOD)
        answer = call("user", "add", name, "--role", "planner", "--password-stdin", "--json", "-w", root)
        assert answer.json.get("error", {}).get("code") == code


def test_an_area_must_be_one_of_the_boundary(call, tmp_path, typed):
    workspace = make_workspace(tmp_path / "w", write_boundary(tmp_path / "desa.geojson", DESA))
    code = next(iter(DESA))
    for area, refused in (("12.05.99.2999", "area_unknown"), (code.replace(".", ""), None)):
        typed(GOOD)
        words = ("user", "add", "op", "--role", "village_operator", "--area", area, "--password-stdin", "--json")
        answer = call(*words, "-w", workspace.root)
        assert answer.json.get("error", {}).get("code") == refused
    assert answer.json["area"] == code
    typed(GOOD)
    camat = call("user", "add", "c", "--role", "camat", "--area", code[:8], "--password-stdin", "-w", workspace.root)
    assert camat.exit_code == 1, "a name of one letter"
    typed(GOOD)
    camat = call("user", "add", "cc", "--role", "camat", "--area", code[:8], "--password-stdin", "-w", workspace.root)
    assert camat.exit_code == 0, camat.stderr


def test_a_password_is_given_anew(call, root, typed):
    typed(GOOD)
    call("user", "add", "budi", "--role", "planner", "--password-stdin", "-w", root)
    typed("terlalu")
    assert call("user", "password", "budi", "--password-stdin", "--json", "-w", root).exit_code == 1
    typed("lima kata yang lebih mudah")
    assert call("user", "password", "budi", "--password-stdin", "--json", "-w", root).json["user"] == "budi"
    assert call("user", "password", "siti", "--password-stdin", "--json", "-w", root).json["error"]["code"] == (
        "user_unknown"
    )


def test_without_a_terminal_the_password_comes_from_stdin(call, root, typed):
    typed(GOOD)
    assert call("user", "add", "budi", "--role", "planner", "--json", "-w", root).json["error"]["code"] == (
        "password_missing"
    )


def test_the_last_admin_stays(call, root, typed):
    typed(GOOD)
    call("user", "add", "ibu", "--role", "admin", "--password-stdin", "-w", root)
    assert call("user", "disable", "ibu", "--json", "-w", root).json["error"]["code"] == "last_admin"


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.0.0.2"])
def test_loopback_needs_nothing(host):
    assert names_beside_loopback(host) == []


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.org"])
def test_a_network_is_served_only_with_users(call, root, host, monkeypatch):
    monkeypatch.setenv("GISAPP_TRUSTED_HOSTS", "gis.kabupaten.example")
    answer = call("serve", "--host", host, "--port", "0", "--json", "-w", root)
    assert (answer.exit_code, answer.json["error"]["code"]) == (1, "no_admin")


def test_a_name_for_the_service_asks_the_same_as_a_network(call, root, monkeypatch):
    """Behind a proxy on this machine it is loopback that is listened on."""
    monkeypatch.setenv("GISAPP_TRUSTED_HOSTS", "gis.kabupaten.example")
    assert call("serve", "--port", "0", "--json", "-w", root).json["error"]["code"] == "no_admin"


def test_every_address_needs_a_name(call, root):
    assert call("serve", "--host", "0.0.0.0", "--json", "-w", root).json["error"]["code"] == "trusted_hosts"


@pytest.mark.parametrize("key", ["short", "changeme" * 5, "a" * 40])
def test_a_weak_secret_does_not_start(call, root, monkeypatch, key):
    monkeypatch.setenv("GISAPP_SECRET_KEY", key)
    answer = call("serve", "--port", "0", "--json", "-w", root)
    assert (answer.exit_code, answer.json["error"]["code"]) == (1, "secret_key")
    assert f"{key} " not in answer.stdout


def test_a_synthetic_district_stays_on_this_machine(tmp_path):
    workspace = init_workspace(tmp_path / "w", synthetic=True, seed=1)
    with pytest.raises(PermissionRefusedError) as refused:
        require_fit_for_network(workspace)
    assert refused.value.code == "synthetic"
    text = workspace.settings_path.read_text(encoding="utf-8").replace("synthetic = true", "synthetic = false")
    workspace.settings_path.write_text(text, encoding="utf-8")
    with pytest.raises(PermissionRefusedError) as refused:
        require_fit_for_network(open_workspace(workspace.root))
    assert refused.value.code == "seeded_key"


def test_demo_users_keep_a_district_on_this_machine(tmp_path):
    workspace = init_workspace(tmp_path / "w")
    add_user(workspace, name="admin", role="admin", password=GOOD, actor=LOCAL)
    require_fit_for_network(workspace)
    add_user(workspace, name="planner", role="planner", password=GOOD, actor=LOCAL, demo=True)
    with pytest.raises(PermissionRefusedError) as refused:
        require_fit_for_network(workspace)
    assert refused.value.code == "demo_users"
