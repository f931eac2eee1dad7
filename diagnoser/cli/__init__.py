"""The command line: one module per command, one place where errors become words and exit codes.

Exit codes: 0 no failure found, 1 a failure (explained or not), 2 wrong use, unreadable input or a broken signature.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

FAILURE, MISUSE = 1, 2
_EXAMPLES = """\b
Examples:
  docker build . 2>&1 | diagnoser
  diagnoser build.log               also .gz, .zst, and several at once
  diagnoser                         paste a log at the prompt
  diagnoser -f json build.log       options of the first kind: diagnoser diagnose --help
  diagnoser run -- docker build .   the build as always, the diagnosis if it fails
  diagnoser batch logs/             thousands of logs: a line of JSON each, and what they come to
  diagnoser fix build.log           the remedy as a patch; --apply writes it
  diagnoser explain modules/proxy-timeout
"""


# Each command's module and function. They are imported when asked for: the others would cost more time than a log does.
_COMMANDS = {
    "diagnose": ("diagnose", "diagnose"),
    "run": ("run", "run"),
    "batch": ("batch", "batch"),
    "fix": ("fix", "fix"),
    "ci": ("ci", "ci"),
    "explain": ("catalogue", "explain"),
    "list": ("catalogue", "list_signatures"),
    "new": ("new", "new"),
    "check": ("check", "check"),
    "install-docker-plugin": ("plugin", "install_docker_plugin"),
}
_OWN = ("--help", "-h", "--version", "--install-completion", "--show-completion")
_PLUGIN = "docker-plugin"  # what the plugin of docker's command line calls us with


class _DiagnoseByDefault(TyperGroup):
    """`diagnoser build.log` is `diagnoser diagnose build.log`."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        completing = not args and ctx.resilient_parsing  # a shell asks how the first word goes on
        if not completing and (not args or args[0] not in (*_COMMANDS, *_OWN)):
            args = ["diagnose", *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: typer.Context, incomplete: str) -> list[Any]:  # type: ignore[override]
        """The commands, and the options of the one that need not be named."""
        named = super().shell_complete(ctx, incomplete)
        return [*named, *self.commands["diagnose"].shell_complete(ctx, incomplete)]


def _app(commands: Sequence[str]) -> typer.Typer:
    app = typer.Typer(
        cls=_DiagnoseByDefault,
        help="Reads a failing docker build or Go build log: the root cause, the line that proves it, and the fix.",
        epilog=_EXAMPLES,
        no_args_is_help=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for name in commands:
        module = import_module(f"diagnoser.cli.{_COMMANDS[name][0]}")
        app.command(name, context_settings=getattr(module, "SETTINGS", None))(getattr(module, _COMMANDS[name][1]))
    app.callback(invoke_without_command=True)(_root)
    return app


def _asked_for(args: Sequence[str]) -> list[str]:
    """The one command that the arguments name, or all where a list of them may be wanted."""
    completing = any(name.startswith("_") and name.endswith("_COMPLETE") for name in os.environ)
    if completing or (args and args[0] in _OWN):
        return list(_COMMANDS)
    return [args[0] if args and args[0] in _COMMANDS else "diagnose"]


def _root(version: bool = typer.Option(False, "--version", help="Print the version and exit.")) -> None:
    if version:
        from diagnoser import __version__

        typer.echo(f"diagnoser {__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command line; every error that a user can mend ends here as one line and exit code 2."""
    from diagnoser.signature import SignatureError
    from diagnoser.text.source import UnreadableError

    args = sys.argv[1:]
    if args[:1] == [_PLUGIN]:
        from diagnoser.cli.plugin import as_run

        args = as_run(args[1:])
    try:
        _app(_asked_for(args))(args)
    except (UnreadableError, SignatureError) as error:
        _stop(str(error))
    except BrokenPipeError:  # the reader of our output went away, as with `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(FAILURE) from None
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
            raise
        _stop(
            f"{error.filename or 'a temporary file'}: {error.strerror}; TMPDIR names another folder for what is piped"
        )


def _stop(message: str) -> None:
    typer.echo(f"diagnoser: {message}", err=True)
    raise SystemExit(MISUSE)
