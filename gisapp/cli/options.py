"""Options that every command takes before and after its name, and the one place where errors become exit codes."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from gisapp.errors import GisappError
from gisapp.settings import workspace_from_environment

Function = Callable[..., Any]


def _remember(name: str) -> Callable[[click.Context, click.Parameter, Any], Any]:
    def callback(ctx: click.Context, _: click.Parameter, value: Any) -> Any:
        if value:
            ctx.find_root().meta[f"gisapp.{name}"] = value
        return value

    return callback


def common_options(function: Function) -> Function:
    """Add -w/--workspace and --json, remembered on the root so that either side of the command's name will do."""
    workspace = click.option(
        "-w", "--workspace", type=click.Path(path_type=Path), expose_value=False, callback=_remember("workspace"),
        help="Folder ruang kerja / workspace folder (or GISAPP_WORKSPACE).",
    )  # fmt: skip
    as_json = click.option(
        "--json", is_flag=True, expose_value=False, callback=_remember("json"),
        help="Satu dokumen JSON di stdout / one JSON document on stdout.",
    )  # fmt: skip
    return workspace(as_json(function))


def given_workspace() -> Path | None:
    """The folder given by -w, else GISAPP_WORKSPACE, else None."""
    given = click.get_current_context().find_root().meta.get("gisapp.workspace")
    return Path(given) if given else workspace_from_environment()


def workspace_path() -> Path:
    """The folder given by -w, else GISAPP_WORKSPACE, else the folder one stands in."""
    return given_workspace() or Path.cwd()


def wants_json() -> bool:
    """Whether the caller asked for one JSON document."""
    return bool(click.get_current_context().find_root().meta.get("gisapp.json"))


def answer(document: dict[str, Any], lines: list[str]) -> None:
    """Print the document under --json, else the lines for people."""
    if wants_json():
        click.echo(json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False))
    else:
        click.echo("\n".join(lines))


def _report(error: GisappError, *, as_json: bool) -> None:
    if as_json:
        document = {"error": {"code": error.code, "message": error.en, "message_id": error.id}}
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    click.echo(error.id, err=True)
    if error.en != error.id:
        click.echo(error.en, err=True)


def run_guarded(command: click.Command, arguments: list[str] | None = None) -> int:
    """Run a click command and return its exit code: 0 done, 1 the data or the request, 2 wrong usage."""
    words = sys.argv[1:] if arguments is None else arguments
    as_json = "--json" in words
    try:
        result = command.main(args=words, prog_name="gisapp", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code if error.exit_code == 1 else 2
    except click.Abort:
        _report(GisappError("Cancelled.", "Dibatalkan.", code="cancelled"), as_json=as_json)
        return 1
    except GisappError as error:
        _report(error, as_json=as_json)
        return 1
    except OSError as error:
        _report(_from_os(error), as_json=as_json)
        return 1
    except Exception as error:  # a mistake of ours: its text may quote a cell, so only its kind and place are told
        _report(_unexpected(error), as_json=as_json)
        return 1
    return result if isinstance(result, int) else 0


def _unexpected(error: Exception) -> GisappError:
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{type(error).__name__}, {Path(last.filename).name}:{last.lineno}"
    return GisappError(
        f"Something unexpected went wrong ({place}). Run `gisapp doctor`, and report this line with the command that "
        "you typed.",
        f"Terjadi kesalahan yang tidak terduga ({place}). Jalankan `gisapp doctor`, lalu laporkan baris ini beserta "
        "perintah yang Anda ketik.",
        code="unexpected",
    )


def _from_os(error: OSError) -> GisappError:
    where = error.filename or ""
    reason = error.strerror or str(error)
    return GisappError(
        f"{where}: {reason}. Check the path, the free space and the rights, then try again.",
        f"{where}: {reason}. Periksa lokasi, ruang kosong, dan hak akses, lalu coba lagi.",
        code="file",
    )
