"""`mediakit models list|fetch|verify`: which models are known, here and intact; and bringing one here."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table
from rich.text import Text

from mediakit.cli.console import Talk, escaped
from mediakit.cli.options import add_offline, add_talk, obey_offline
from mediakit.errors import MediakitError, UsageError
from mediakit.speech.models import KNOWN, KnownModel, ModelStatus, known_models, models_folder, offline, verify

_EXAMPLES = """\
examples:
  mediakit models                what is known, how well it hears, what it needs and what is here
  mediakit models fetch small    bring one here; what was cut off is gone on with
  mediakit models verify         read every byte of what is here and compare its SHA-256
  mediakit models verify base

environment: MEDIAKIT_MODELS_MIRROR, an address or a folder (OWNER/REPOSITORY/FILE) to fetch from; HF_ENDPOINT and
HF_TOKEN, the hub's own; MEDIAKIT_OFFLINE=1 or HF_HUB_OFFLINE=1, no network; MEDIAKIT_CACHE, where models are kept.
"""
#: Wide enough for the table where the output is no terminal.
_WIDTH = 160


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    command.epilog = _EXAMPLES
    command.add_argument(
        "action", nargs="?", choices=("list", "fetch", "verify"), default="list", help="default: %(default)s"
    )
    command.add_argument(
        "names", nargs="*", metavar="NAME", help="which models (default: all; verify: all that are here)"
    )
    command.add_argument(
        "--accept-licence", action="store_true", help="do not ask where a licence forbids commercial use; fetch it"
    )
    add_offline(command)
    add_talk(command)


def run(chosen: argparse.Namespace) -> int:
    """Run the command; 1 if a model could not be fetched, or `verify` finds one that is broken or not here."""
    obey_offline(chosen)
    talk = Talk(quiet=chosen.quiet, verbose=chosen.verbose, as_json=chosen.json)
    if chosen.action == "fetch":
        return _fetch(chosen, talk)
    models = _verified(chosen.names) if chosen.action == "verify" else _listed(chosen.names)
    if not (chosen.quiet or chosen.json):
        _show(models)
    talk.detail(f"models are kept in {models_folder()}")
    for model in models:
        _warn(model, talk, absent_too=chosen.action == "verify")
    talk.result({"folder": str(models_folder()), "offline": offline(), "models": [_object(model) for model in models]})
    return 1 if chosen.action == "verify" and not (models and all(model.usable for model in models)) else 0


def _listed(names: Sequence[str]) -> list[ModelStatus]:
    """All that is known; or those that are named, and of a folder all that can be said."""
    models = {model.name: model for model in known_models()}
    return [models[name] if name in models else verify(name) for name in names] if names else list(models.values())


def _verified(names: Sequence[str]) -> list[ModelStatus]:
    """Those that are named, or all that are here, and the embedded one in any case."""
    here = [model.name for model in known_models() if model.where is not None or model.usable]
    return [verify(name) for name in names or here or ["base"]]


def _fetch(chosen: argparse.Namespace, talk: Talk) -> int:
    """Fetch each model that is named; a failure of one does not keep the others from being fetched."""
    from mediakit.speech.models.fetch import fetch  # brings requests, which nothing else needs

    if not chosen.names:
        raise UsageError("no model is named", remedy=f"Name one or more of {', '.join(KNOWN)}.")
    done: list[dict[str, object]] = []
    failures: list[MediakitError] = []
    for name in chosen.names:
        try:
            accepted = chosen.accept_licence or _accepted(KNOWN.get(name), talk)
            with _bars(talk) as bars:
                fetched = fetch(name, accept_licence=accepted, on_progress=bars)
        except MediakitError as error:
            if isinstance(error, UsageError) and len(chosen.names) == 1:
                raise
            failures.append(error)
            talk.error(error)
            continue
        what = "fetched to" if fetched.new else "is here and intact, in"
        talk.say(f"{fetched.model.name}: {what} {fetched.model.path}")
        done.append({"name": fetched.model.name, "path": str(fetched.model.path), "new": fetched.new,
                     "sha256": fetched.model.model_sha256})  # fmt: skip
    talk.result({"folder": str(models_folder()), "models": done, "failures": [str(error) for error in failures]})
    return 1 if failures else 0


def _accepted(known: KnownModel | None, talk: Talk) -> bool:
    """Ask a person at a terminal whether a licence without commercial use will do; nobody else is asked."""
    if known is None or known.commercial_use or (models_folder() / known.name).is_dir():
        return False
    if talk.as_json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    print(f"The licence of {known.name}, {known.licence}, forbids commercial use.", file=sys.stderr)
    print("Fetch it for a use that is within it? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


class _Bars:
    """A bar on stderr for each file that is fetched."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, name: str, done: int, total: int | None) -> None:
        if name not in self._tasks:
            self._tasks[name] = self._progress.add_task(escaped(name), total=total)
        self._progress.update(self._tasks[name], completed=done, total=total)


@contextmanager
def _bars(talk: Talk) -> Iterator[_Bars | None]:
    if not talk.shows_progress:
        yield None
        return
    columns = (
        TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn()
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield _Bars(progress)


def _show(models: Sequence[ModelStatus]) -> None:
    """The table, and below it who says so of the figures in it."""
    sources = list(dict.fromkeys(model.errors.source for model in models if model.errors))
    console = Console() if sys.stdout.isatty() else Console(width=_WIDTH)
    console.print(_table(models, sources))
    for number, source in enumerate(sources, 1):
        console.print(f"[{number}] {source}", markup=False, highlight=False)


def _table(models: Sequence[ModelStatus], sources: Sequence[str]) -> Table:
    table = Table()
    for heading in ("model", "form", "engine", "size", "licence"):
        table.add_column(heading, no_wrap=True)
    for heading in ("word errors, %", "runs here", "here"):
        table.add_column(heading)
    for model in models:
        licence = model.licence if model.commercial_use else f"{model.licence}, no commercial use"
        cells = (
            model.name,
            model.form,
            model.engine,
            f"{model.size_bytes / 1e6:,.0f} MB",
            licence,
            _figures(model, sources),
            model.hindrance or "yes",
            _here(model),
        )
        table.add_row(*(Text(cell) for cell in cells))  # a remedy has brackets, which are no styles
    return table


def _figures(model: ModelStatus, sources: Sequence[str]) -> str:
    if model.errors is None:
        return "not known"
    figures = ", ".join(f"{test_set} {percent:g}" for test_set, percent in model.errors.percent.items())
    return f"{figures} [{sources.index(model.errors.source) + 1}]"


def _here(model: ModelStatus) -> str:
    if model.problem:
        return "no" if model.where is None else model.problem
    return "yes, as at its first fetch" if model.trust == "first-fetch" else "yes"


def _warn(model: ModelStatus, talk: Talk, *, absent_too: bool) -> None:
    """Say what is wrong with a model; that one of many is not here is nothing wrong."""
    if model.problem and (absent_too or model.where is not None):
        where = f"{model.where}: " if model.where else ""
        talk.warn(f"model {model.name}: {where}{model.problem}. {model.remedy}")


def _object(model: ModelStatus) -> Mapping[str, object]:
    return {
        "name": model.name,
        "form": model.form,
        "engine": model.engine,
        "size_bytes": model.size_bytes,
        "licence": model.licence,
        "commercial_use": model.commercial_use,
        "origin": model.origin,
        "word_errors": {"percent": dict(model.errors.percent), "source": model.errors.source} if model.errors else None,
        "memory_mb": model.memory_mb,
        "runs_here": not model.hindrance,
        "hindrance": model.hindrance,
        "path": str(model.where) if model.where else None,
        "usable": model.usable,
        "trust": model.trust,
        "problem": model.problem,
        "remedy": model.remedy,
    }
