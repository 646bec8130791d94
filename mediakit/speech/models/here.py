"""Which models are here, and that they are the bytes they should be, on every use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

from mediakit.errors import ModelCorrupt, ModelError, ModelMissing
from mediakit.speech.models.choice import Machine, this_machine
from mediakit.speech.models.disk import translated
from mediakit.speech.models.form import MEND_FOLDER, Contents, examine
from mediakit.speech.models.known import ALIASES, KNOWN, KnownModel, WordErrors, known
from mediakit.speech.models.manifest import Manifest, read_manifest
from mediakit.speech.models.model import RUNNERS, WHISPER, Model, model_sha256, sha256_of
from mediakit.speech.models.packages import INSTALL, assemble, packaged
from mediakit.speech.models.places import models_folder


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """What is known of a model on this machine. `problem` is empty where it can be used.

    `trust` says what its bytes are compared with: "known" hashes, or those of the "first-fetch"; empty where it is not
    here. `hindrance` is why this machine cannot run it (memory, a package), empty where it can. `memory_mb` is an
    estimate.
    """

    name: str
    form: str
    size_bytes: int
    licence: str
    where: Path | None
    problem: str
    remedy: str = ""
    engine: str = ""
    errors: WordErrors | None = None
    origin: str = ""
    trust: str = ""
    memory_mb: int = 0
    hindrance: str = ""
    commercial_use: bool = True
    note: str = ""

    @property
    def usable(self) -> bool:
        """Whether it is here (or can be put together from installed packages) and nothing is wrong with it."""
        return not self.problem


def ensure(name_or_path: str) -> Model:
    """A model by name or from a folder, ready to be opened; never fetched.

    Every byte of a known model is compared with its SHA-256, or with that of its first fetch; of another folder with
    those of its manifest if it has one.

    Raises
    ------
    ModelMissing
        If the name is not known, the model is not here, or the folder is not there.
    ModelCorrupt
        If a file is not the bytes it should be, or a folder is not a whole model.
    ModelError
        If the model cannot be put together or read (no room, no permission).
    """
    found = known(name_or_path)
    if found is None:
        return _from_folder(name_or_path)
    folder = models_folder() / found.name
    if not folder.is_dir():
        if not packaged(found):
            raise ModelMissing(f"the model {found.name} is not on this machine", remedy=_how_to_get(found))
        assemble(found, folder)
    with translated(folder, _again(found, folder)):
        digests = _expected(found, folder)
        for name, sha256 in digests.items():
            _compare(folder / name, sha256, _again(found, folder))
        contents = examine(folder)
    return Model(found.name, folder, model_sha256(found.form, digests), found.form, contents.files)


def expected_sha256(name_or_path: str) -> str | None:
    """The hash that stands for a known model, without reading its files; None where that is not known.

    That of a model of the first fetch is in its manifest; of a folder nothing is known before it is read.
    """
    found = known(name_or_path)
    if found is None:
        return None
    if found.sha256 is not None:
        return found.sha256
    try:
        return model_sha256(found.form, _expected(found, models_folder() / found.name))
    except (ModelError, OSError):
        return None


def known_models() -> list[ModelStatus]:
    """What is known, and whether it is here; sizes of files are looked at, their bytes are not read."""
    machine = this_machine()
    return [_status(found, machine) for found in KNOWN.values()]


def verify(name_or_path: str) -> ModelStatus:
    """Read every byte of a model, putting it together first if only its packages are here.

    Raises
    ------
    ModelMissing
        If the name is not known, and no folder either.
    """
    found = known(name_or_path)
    if found is None:
        return _verified_folder(name_or_path)
    status = _status(found, this_machine())
    try:
        model = ensure(found.name)
    except ModelError as error:
        return replace(status, where=Path(error.file) if error.file else None, problem=error.what, remedy=error.remedy)
    return replace(status, where=model.path, problem="", remedy="", trust=_trust(found))


def _status(found: KnownModel, machine: Machine) -> ModelStatus:
    folder = models_folder() / found.name
    here = folder.is_dir()
    problem = remedy = ""
    if here:
        missing = _missing(found, folder)
        if missing:
            problem, remedy = f"{missing} is missing or cut off", _again(found, folder)
    elif not packaged(found):
        problem, remedy = "is not on this machine", _how_to_get(found)
    return ModelStatus(
        name=found.name,
        form=found.form,
        size_bytes=found.size_bytes,
        licence=found.licence,
        where=folder if here else None,
        problem=problem,
        remedy=remedy,
        engine=RUNNERS[found.form].engine,
        errors=found.errors,
        origin=found.origin,
        trust=_trust(found) if here or packaged(found) else "",
        memory_mb=found.memory_mb,
        hindrance=_hindrance(found, machine),
        commercial_use=found.commercial_use,
        note=found.note,
    )


def _hindrance(found: KnownModel, machine: Machine) -> str:
    runner = RUNNERS[found.form]
    if find_spec(runner.package) is None:
        return f"needs `{runner.install}`"
    if found.memory_mb > machine.memory_mb:
        return f"needs about {found.memory_mb:,} MB of memory, {machine.memory_mb:,} MB are free"
    return ""


def _missing(found: KnownModel, folder: Path) -> str:
    for name, source in found.files.items():
        path = folder / name
        if not path.is_file() or (source.size_bytes is not None and path.stat().st_size != source.size_bytes):
            return name
    return ""


def _trust(found: KnownModel) -> str:
    return "known" if found.sha256 else "first-fetch"


def _how_to_get(found: KnownModel) -> str:
    return INSTALL if found.name == "base" else f"Fetch it with `mediakit models fetch {found.name}`."


def _again(found: KnownModel, folder: Path) -> str:
    if packaged(found):
        return f"Delete the folder {folder}; it is put together again."
    return f"Fetch it again with `mediakit models fetch {found.name}`."


def _expected(found: KnownModel, folder: Path) -> Mapping[str, str]:
    """The SHA-256 of each file: those that are known, the others of the first fetch."""
    sure = {name: source.sha256 for name, source in found.files.items() if source.sha256}
    if len(sure) == len(found.files):
        return sure
    manifest = read_manifest(folder)
    if manifest is None or set(manifest.files) != set(found.files):
        raise ModelCorrupt("has no list of what was fetched", file=folder, remedy=_again(found, folder))
    return {**manifest.files, **sure}


def _compare(path: Path, sha256: str, remedy: str) -> None:
    found = sha256_of(path)
    if found != sha256:
        raise ModelCorrupt(
            f"is not the file it should be (SHA-256 {found[:12]}…, not {sha256[:12]}…)", file=path, remedy=remedy
        )


def _verified_folder(text: str) -> ModelStatus:
    try:
        model = _from_folder(text)
    except ModelMissing:
        raise
    except ModelError as error:
        where = Path(error.file) if error.file else Path(text)
        return ModelStatus(text, "", 0, "", where, error.what, error.remedy)
    size = sum(path.stat().st_size for path in model.path.iterdir() if path.is_file())
    manifest = read_manifest(model.path)
    return ModelStatus(
        model.name,
        model.form,
        size,
        manifest.licence if manifest else "not known",
        model.path,
        "",
        engine=RUNNERS[model.form].engine,
        origin=manifest.origin if manifest else "a folder of your own",
        trust=manifest.trust if manifest else "",
    )


def _from_folder(text: str) -> Model:
    folder = Path(text)
    if not text or not _is_folder(folder):
        names = ", ".join((*KNOWN, *ALIASES))
        raise ModelMissing(f"no model or folder is called {text!r}", remedy=f"Known are: {names}; or give a folder.")
    with translated(folder, MEND_FOLDER):
        manifest = read_manifest(folder)
        contents = examine(folder)
        digests = _digests(contents, manifest)
    name = folder.name or folder.resolve().name  # "." has none
    return Model(name, folder, model_sha256(contents.form, digests), contents.form, contents.files)


def _digests(contents: Contents, manifest: Manifest | None) -> dict[str, str]:
    """The SHA-256 of the files that the model's own is made of; compared, where there is something to compare with."""
    listed = manifest.files if manifest else {}
    stands = contents.files.values() if not listed else contents.read
    digests = {path.name: sha256_of(path) for path in stands}
    for path in contents.read if listed else ():
        if listed.get(path.name) != digests[path.name]:
            raise ModelCorrupt(
                "is not the file that was fetched", file=path, remedy="Fetch the model again, and copy its folder."
            )
    if contents.form == WHISPER:
        return digests
    return {path.name: digests[path.name] for path in contents.files.values()}


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # a name too long for the system, with a zero byte; a folder that may not be entered
        return False
