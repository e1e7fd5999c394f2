"""Exit codes, options on either side of the command, and messages in two languages."""

from __future__ import annotations

import json
import socket

import pytest

from gisapp.cli.main import COMMANDS
from gisapp.cli.serve import listen


def test_help_names_every_command(call):
    shown = call("--help").stdout.split()
    assert all(name in shown for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_in_two_languages(call, name):
    answer = call(name, "--help")
    assert answer.exit_code == 0
    assert " / " in answer.stdout


@pytest.mark.parametrize("words", [["nonsense"], ["run", "--nonsense"], ["export"], ["add", "x", "--role", "sky"]])
def test_wrong_usage_is_exit_code_2(call, words):
    assert call(*words).exit_code == 2


def test_a_mistake_of_ours_is_told_without_its_text(call, tmp_path, monkeypatch):
    def mistake(*_):
        raise TypeError("Nama Rekaan 9905010101010001")

    monkeypatch.setattr("gisapp.workspace.folder.open_workspace", mistake)
    answer = call("-w", tmp_path, "--json", "check")
    assert answer.exit_code == 1
    assert json.loads(answer.stdout)["error"]["code"] == "unexpected"
    assert "TypeError, test_usage.py" in answer.stdout
    assert "Rekaan" not in answer.stdout + answer.stderr


def test_a_folder_that_is_no_workspace_is_exit_code_1_and_says_what_to_do(call, tmp_path):
    answer = call("-w", tmp_path, "check")
    assert answer.exit_code == 1
    assert "bukan ruang kerja" in answer.stderr
    assert "is not a workspace" in answer.stderr
    assert "gisapp init" in answer.stderr


@pytest.mark.parametrize("order", ["before", "after", "around"])
def test_json_and_workspace_are_taken_on_either_side(call, tmp_path, order):
    words = {
        "before": ["--json", "-w", tmp_path, "runs"],
        "after": ["runs", "--json", "-w", tmp_path],
        "around": ["--json", "runs", "-w", tmp_path],
    }[order]
    answer = call(*words)
    assert answer.exit_code == 1
    assert answer.json["error"]["code"] == "workspace_missing"
    assert str(tmp_path) in answer.json["error"]["message"]


def test_the_environment_names_the_workspace(call, tmp_path, monkeypatch):
    monkeypatch.setenv("GISAPP_WORKSPACE", str(tmp_path / "elsewhere"))
    assert "elsewhere" in call("runs").stderr


def test_a_taken_port_is_told_with_what_to_do(call, tmp_path):
    call("init", tmp_path / "w")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = call("serve", "-w", tmp_path / "w", "--port", port)
    assert answer.exit_code == 1
    assert "--port" in answer.stderr


def test_init_then_init_again_changes_nothing(call, tmp_path):
    first = call("--json", "init", tmp_path / "w")
    assert first.exit_code == 0
    settings = (tmp_path / "w" / "gisapp.toml").read_bytes()
    again = call("--json", "init", tmp_path / "w")
    assert (again.exit_code, again.json["error"]["code"]) == (1, "workspace_exists")
    assert (tmp_path / "w" / "gisapp.toml").read_bytes() == settings


def test_run_without_families_says_what_to_do(call, tmp_path):
    call("init", tmp_path / "w")
    answer = call("run", "-w", tmp_path / "w", "--json")
    assert answer.exit_code == 1
    assert "gisapp ingest" in answer.json["error"]["message"]


def test_whoever_connects_before_the_server_is_ready_waits_and_is_not_turned_away():
    listener = listen("127.0.0.1", 0)
    with listener, socket.create_connection(listener.getsockname(), timeout=5) as early:
        assert early.getpeername() == listener.getsockname()


def test_ctrl_c_ends_with_a_document_and_exit_code_1(call, monkeypatch):
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("gisapp.cli.workspace.workspace_path", interrupted)
    answer = call("--json", "check")
    assert (answer.exit_code, answer.json["error"]["code"]) == (1, "cancelled")
    assert "Dibatalkan" in call("check").stderr
