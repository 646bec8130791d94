"""`mediakit models list|verify`: which models are known, here, and intact."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from mediakit.cli.console import Talk
from mediakit.cli.options import add_talk
from mediakit.speech.models import ModelStatus, known_models, models_folder, verify

_EXAMPLES = """\
examples:
  mediakit models                what is known and what is here
  mediakit models verify         read every byte of what is here and compare its SHA-256
  mediakit models verify base
"""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    command.epilog = _EXAMPLES
    command.add_argument("action", nargs="?", choices=("list", "verify"), default="list", help="default: %(default)s")
    command.add_argument("names", nargs="*", metavar="NAME", help="which models (default: all that are known)")
    add_talk(command)


def run(chosen: argparse.Namespace) -> int:
    """Run the command; `verify` gives 1 if a model is not what it should be or not here."""
    talk = Talk(quiet=chosen.quiet, verbose=chosen.verbose, as_json=chosen.json)
    models = known_models()
    if chosen.names or chosen.action == "verify":
        models = [verify(name) for name in chosen.names or [model.name for model in models]]
    if not (chosen.quiet or chosen.json):
        Console().print(_table(models))
    talk.detail(f"models are kept in {models_folder()}")
    for model in models:
        if not model.usable:
            where = f"{model.where}: " if model.where else ""
            talk.warn(f"model {model.name}: {where}{model.problem}. {model.remedy}")
    talk.result({"folder": str(models_folder()), "models": [_object(model) for model in models]})
    return 1 if chosen.action == "verify" and not all(model.usable for model in models) else 0


def _table(models: Sequence[ModelStatus]) -> Table:
    table = Table("model", "form", "size", "licence", "here")
    for model in models:
        here = "yes" if model.usable else model.problem
        table.add_row(model.name, model.form, f"{model.size_bytes / 1e6:.0f} MB", model.licence, here)
    return table


def _object(model: ModelStatus) -> dict[str, object]:
    return {
        "name": model.name,
        "form": model.form,
        "size_bytes": model.size_bytes,
        "licence": model.licence,
        "path": str(model.where) if model.where else None,
        "usable": model.usable,
        "problem": model.problem,
        "remedy": model.remedy,
    }
