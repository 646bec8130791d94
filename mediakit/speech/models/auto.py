"""`--model auto` on this machine: looks at what is here, lets :func:`choose_model` choose, and makes sure of it."""

from __future__ import annotations

from mediakit.errors import ModelCorrupt
from mediakit.speech.models.choice import choose_model, this_machine, with_gpus
from mediakit.speech.models.here import ensure, known_models
from mediakit.speech.models.known import KNOWN
from mediakit.speech.models.model import RUNNERS, WHISPER

#: What a user writes for the name of a model to let mediakit choose.
AUTO = "auto"


def settle_model(name: str, engine: str, duration_ms: int | None = None) -> str:
    """`name`, or where that is "auto" the one that is chosen; errors as :func:`auto_model`."""
    return auto_model(engine, duration_ms) if name == AUTO else name


def auto_model(engine: str, duration_ms: int | None = None) -> str:
    """The name of the model that suits this machine, of those that are here, intact and run by `engine`.

    It is chosen once for a run: the name, not "auto", goes into records and journals. Nothing is fetched.

    Raises
    ------
    ModelMissing
        If none is here.
    ModelError
        If one cannot be read.
    """
    # What is not the default engine of any form runs Whisper's.
    forms = {form for form, runner in RUNNERS.items() if runner.engine == engine} or {WHISPER}
    here = [KNOWN[status.name] for status in known_models() if status.usable and status.form in forms]
    machine = with_gpus(this_machine())
    while True:
        name = choose_model(here, machine, duration_ms)
        try:
            return ensure(name).name
        except ModelCorrupt:
            here = [model for model in here if model.name != name]
