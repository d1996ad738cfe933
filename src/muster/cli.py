"""The command line: which commands there are, loaded only when they are used, and how errors end.

Exit codes (design, "The command line that others rely on"): 0 done; 1 the answer is bad news, or a verb was refused;
2 wrong use, or nothing readable; 3 done but incomplete, with --strict only.
"""

import sys
from collections.abc import Sequence
from importlib import import_module

import click

from muster.access.verbs import COMMAND_LINE_VERBS, summary
from muster.core.errors import Damaged, MusterError, Refused
from muster.core.text import shown

# Commands that are no verbs of the registry: where each is defined, and its one line.
COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("muster.demo:demo", "The whole loop as a drill of an online shop; then look around."),
    "drill": ("muster.cli_drill:drill", "Drills: those planned and held, playing one, its report."),
    "init": ("muster.cli_plan:init", "Write an example plan, or one of your own, as a git repository."),
    "check": ("muster.cli_plan:check", "Lint a plan, with file and line."),
    "clocks": ("muster.cli_clocks:clocks", "Which obligations run by a file of facts, and due by when."),
    "serve": ("muster.cli_serve:serve", "Start the server: web pages, API and detection."),
    "detect": ("muster.cli_detect:detect", "Match Sigma rules against files of events."),
    "hunt": ("muster.cli_hunt:hunt", "Match Sigma rules against stored events."),
    "verify": ("muster.cli_record:verify", "Verify a data directory, a database or an export."),
    "export": ("muster.cli_record:export", "Export an incident so that anybody can verify it."),
    "backup": ("muster.cli_record:backup", "Write a backup that can be restored, and verify it."),
    "restore": ("muster.cli_record:restore", "Restore a backup into an empty place."),
    "rotate-key": ("muster.cli_record:rotate_key", "Give the log a new signing key, while no server runs."),
    "admin-link": (
        "muster.cli_serve:admin_link",
        "Print a one-time link for an administrator who is locked out.",
    ),
    "text": ("muster.cli_text:text", "Check a draft of outward words, with file and line."),
    "coverage": (
        "muster.cli_rules:coverage",
        "Techniques seen firing, and a layer for the ATT&CK Navigator.",
    ),
    "metrics": ("muster.cli_metrics:metrics", "Times of incidents with n, drills apart."),
    "list": ("muster.cli_verbs:list_things", "List signals, incidents, accounts or your tokens."),
    "show": ("muster.cli_verbs:show", "Show one signal or incident with its log."),
    "events": ("muster.cli_verbs:events", "Post events from a file to a running server."),
}


class Commands(click.Group):
    """The commands and the verbs, loaded lazily: `muster --help` imports nothing heavy."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*COMMANDS, *COMMAND_LINE_VERBS])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in COMMANDS:
            module, _, name = COMMANDS[cmd_name][0].partition(":")
            found: click.Command = getattr(import_module(module), name)
            return found
        if cmd_name in COMMAND_LINE_VERBS:
            verbs = import_module("muster.cli_verbs")
            made: click.Command = verbs.verb_command(cmd_name)
            return made
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in sorted(COMMANDS)])
        with formatter.section("Verbs (of a running server; MUSTER_URL, MUSTER_TOKEN)"):
            formatter.write_dl([(name, summary(name)) for name in COMMAND_LINE_VERBS])


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="muster-ir", prog_name="muster")
def muster() -> None:
    """Incident response: stay calm, follow the plan, keep a record that anybody can verify."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command line; errors end as one line that says what, where and the mend."""
    try:
        code = muster.main(
            args=None if arguments is None else list(arguments), prog_name="muster", standalone_mode=False
        )
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.Abort:
        _say("Stopped.")
        sys.exit(130)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(2)
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        hint = f" See `{context.command_path} --help`." if context is not None else ""
        words = error.format_message()
        _say(f"muster: {words}{'' if words.endswith(('.', '?')) else '.'}{hint}")
        sys.exit(2)
    except MusterError as error:
        _say(f"muster: {error.line()}")
        sys.exit(1 if isinstance(error, Refused | Damaged) else 2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        _say(f"muster: {error.strerror or error}: {error.filename or ''}".rstrip(": "))
        sys.exit(2)
    sys.exit(code if isinstance(code, int) else 0)


def _say(line: str) -> None:
    click.echo(shown(line), err=True)
