"""The command: every verb by name, imported when it is called."""

import json
import sys
from codecs import register_error
from collections.abc import Mapping
from importlib import import_module
from io import TextIOWrapper

import click

from mockserver.creation import SetupError
from mockserver.engine.words import DocumentError
from mockserver.faces.helping import Group
from mockserver.settings import SettingsError

ESCAPED = "mockserver.escaped"
VERBS: Mapping[str, str] = {
    "serve": "mockserver.faces.serving:serve",
    "try": "mockserver.faces.trying:try_operation",
    "tour": "mockserver.faces.touring:tour",
    "verify": "mockserver.faces.verifying.verb:verify",
    "explain": "mockserver.faces.explaining:explain",
    "journal": "mockserver.faces.calling:journal",
    "records": "mockserver.faces.remembering:records",
    "accounts": "mockserver.faces.remembering:accounts",
    "wait": "mockserver.faces.remembering:wait",
    "claims": "mockserver.faces.reading:claims",
    "openapi": "mockserver.faces.reading:openapi",
    "env": "mockserver.faces.reading:env",
    "clock": "mockserver.faces.timing:clock",
    "media": "mockserver.faces.laying:media",
    "fault": "mockserver.faces.forcing:fault",
    "scenario": "mockserver.faces.forcing:scenario",
    "coverage": "mockserver.faces.coverage.verb:coverage",
    "webhooks": "mockserver.faces.redelivering:webhooks",
    "snapshot": "mockserver.faces.resetting:snapshot",
    "reset": "mockserver.faces.resetting:reset",
    "health": "mockserver.faces.asking:health",
    "doctor": "mockserver.faces.doctor:doctor",
    "version": "mockserver.faces.reading:version",
}


class Verbs(Group):
    """Imports a verb when it is asked for: `serve` must not wait for the others."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        module, _, name = VERBS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.command(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def mockserver() -> None:
    """Stand in for five call-recording and QA vendors, offline."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command: status 0 fine, 1 a check failed, 2 wrong usage or configuration with one sentence."""
    write_any_letter()
    try:
        mockserver.main(args=arguments, prog_name="mockserver", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        sys.exit(2)
    except click.ClickException as error:
        fail(error.format_message())
    except (DocumentError, SettingsError, SetupError, OSError) as error:
        fail(str(error))
    except UnicodeEncodeError:
        fail("an argument or a setting holds bytes that are no text in UTF-8")
    except click.Abort:
        sys.exit(130)


def write_any_letter() -> None:
    """Let output have letters that its encoding has not: a pipe's on Windows lacks most, and calls may hold any."""
    register_error(ESCAPED, escape)  # type: ignore[arg-type]  # nothing is read here
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=ESCAPED)


def escape(error: UnicodeEncodeError) -> tuple[str, int]:
    """Write letters as JSON has them: what a verb prints may be read as such."""
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


def fail(sentence: str) -> None:
    click.echo(f"mockserver: {sentence}", err=True)
    sys.exit(2)
