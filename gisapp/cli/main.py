"""The command's entry: names of the commands, and nothing heavy until one of them is called."""

from __future__ import annotations

import importlib
import sys

import click

from gisapp import __version__
from gisapp.access.scrub import scrub_logs
from gisapp.cli.options import common_options, run_guarded
from gisapp.settings import guard_gdal

#: command -> module that holds a click command of the same name (dashes become underscores).
COMMANDS = {
    "demo": "gisapp.cli.demo",
    "init": "gisapp.cli.workspace",
    "add": "gisapp.cli.workspace",
    "check": "gisapp.cli.workspace",
    "doctor": "gisapp.cli.workspace",
    "ingest": "gisapp.cli.registry",
    "quarantine": "gisapp.cli.registry",
    "samples": "gisapp.cli.samples",
    "privacy": "gisapp.cli.privacy",
    "snapshots": "gisapp.cli.snapshots",
    "lists": "gisapp.cli.lists",
    "duplicates": "gisapp.cli.duplicates",
    "erase": "gisapp.cli.erase",
    "updates": "gisapp.cli.updates",
    "run": "gisapp.cli.run",
    "runs": "gisapp.cli.run",
    "scenario": "gisapp.cli.scenario",
    "publish": "gisapp.cli.publish",
    "export": "gisapp.cli.release",
    "map": "gisapp.cli.release",
    "report": "gisapp.cli.release",
    "budget": "gisapp.cli.budget",
    "serve": "gisapp.cli.serve",
    "backup": "gisapp.cli.keep",
    "restore": "gisapp.cli.keep",
    "keys": "gisapp.cli.keep",
    "user": "gisapp.cli.user",
}


class LazyGroup(click.Group):
    """Loads a command's module when the command is named, so that quick answers stay quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Names in the order of the work: make, bring, compute, hand out."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Return the command, or None so that click answers with the names it knows."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(importlib.import_module(COMMANDS[cmd_name]), f"{cmd_name}_command")
        assert isinstance(command, click.Command)  # noqa: S101 - a mistake of ours, caught by the first test
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@common_options
@click.version_option(__version__, prog_name="gisapp")
def gisapp() -> None:
    """Kantong kemiskinan sebuah kabupaten: di mana, mengapa, dan apa yang dapat dilakukan.

    A district's poverty pockets: where they are, why there, and what to do in each.
    """


def main() -> None:
    """Run the command; every error raised on purpose ends with exit code 1 and one clear message."""
    guard_gdal()
    scrub_logs()
    sys.exit(run_guarded(gisapp))
