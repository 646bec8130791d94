"""`--model auto`: which of the models that are here suits this machine and this sound."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

import psutil

from mediakit.errors import ModelMissing
from mediakit.speech.models.known import KnownModel

#: Seconds of work (listening and grounding) for a second of sound by Whisper base, of 74 million parameters, on two
#: cores: 0.28 to 0.36 in the five readings of README.md, "Measured".
_BASE_SECONDS, _BASE_PARAMETERS, _BASE_CORES = 0.31, 74, 2
#: A GPU does it this much faster; a cautious figure, which was not measured here.
_GPU_TIMES = 10
#: More cores than these gain little in one process.
_MOST_CORES = 8
#: A model may take this much of the free memory; the rest is for decoding and for what else the machine does.
_MEMORY_SHARE = 0.7
#: Work may take this many times as long as the sound plays.
_MOST_TIMES = 2
#: Work that is over in this time is never too long, in ms.
_SHORT_WORK_MS = 300_000


@dataclass(frozen=True, slots=True)
class Machine:
    """What a machine has: free memory in MB, processor cores, GPUs that CTranslate2 can use."""

    memory_mb: int
    cores: int
    gpus: int = 0


def this_machine() -> Machine:
    """What this machine has now; GPUs are not looked for, which would load CTranslate2 (:func:`with_gpus`)."""
    return Machine(psutil.virtual_memory().available // 1_000_000, os.cpu_count() or 1)


def with_gpus(machine: Machine) -> Machine:
    """The machine with its GPUs counted; none where CTranslate2 is not installed or cannot tell."""
    try:
        import ctranslate2

        gpus = int(ctranslate2.get_cuda_device_count())
    except (ImportError, RuntimeError, OSError):
        gpus = 0
    return Machine(machine.memory_mb, machine.cores, gpus)


def choose_model(here: Sequence[KnownModel], machine: Machine, duration_ms: int | None) -> str:
    """The name of the model to use, of those that are here.

    1. A model whose licence forbids commercial use is never chosen: that is for the user to decide, by name.
    2. Of the others, those count that need at most 70 % of the free memory (:attr:`KnownModel.memory_mb`; on a GPU the
       machine's own memory is looked at all the same, for the weights pass through it).
    3. Of these, those whose work is over in twice the time that the sound plays, or in five minutes. Work goes with the
       number of parameters, and against that of cores; a GPU counts ten times. A sound of unknown length is long.
    4. The one that hears Vietnamese best (:attr:`KnownModel.quality`); of equals the one with fewer parameters.

    Where none is left by 2 or 3, the one with the fewest parameters: it has the best chance.

    `duration_ms` is the length of the sound, None where it is not known, as for a batch.

    >>> from mediakit.speech.models.known import KNOWN
    >>> models = [KNOWN["base"], KNOWN["small"], KNOWN["large-v3"]]
    >>> choose_model(models, Machine(memory_mb=8_000, cores=2), 3_600_000)
    'small'

    Raises
    ------
    ModelMissing
        If there is none to choose from.
    """
    free = [model for model in here if model.commercial_use]
    if not free:
        raise ModelMissing(
            "no model is here to choose from", remedy="Run `mediakit models fetch base`, or name one with --model."
        )
    fitting = [
        model
        for model in free
        if model.memory_mb <= _MEMORY_SHARE * machine.memory_mb and _in_time(model, machine, duration_ms)
    ]
    if not fitting:
        return min(free, key=lambda model: model.parameters).name
    return max(fitting, key=lambda model: (model.quality, -model.parameters)).name


def _in_time(model: KnownModel, machine: Machine, duration_ms: int | None) -> bool:
    cores = max(1, min(machine.cores, _MOST_CORES))
    pace = _BASE_SECONDS * model.parameters / _BASE_PARAMETERS * _BASE_CORES / cores
    if machine.gpus:
        pace /= _GPU_TIMES
    return pace <= _MOST_TIMES or (duration_ms is not None and pace * duration_ms <= _SHORT_WORK_MS)
