"""A model out of a `.tar.bz2`: only the files that are wanted, under names of our own; a hostile one is refused."""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from mediakit.errors import ModelCorrupt

#: Far above what archives of models have; a small file that unpacks without end is stopped here.
_MOST_BYTES, _MOST_MEMBERS = 4_000_000_000, 1_000
_REMEDY = "Do not use this archive; fetch the model from its makers."


def unpack(archive: Path, wanted: Collection[str], target: Path, *, most_bytes: int = _MOST_BYTES) -> None:
    """Write the files called `wanted` of an archive into `target`; where they lie in the archive does not matter.

    Every member is looked at, those that are not wanted too: an archive that was made to write elsewhere is not used at
    all. No path of the archive is ever used.

    Raises
    ------
    ModelCorrupt
        If it is no such archive, is too large, misses a file, has one twice, or has a member that is a link or a
        device or lies outside it.
    OSError
        If a file cannot be written.
    """
    found: set[str] = set()
    total = 0
    try:
        with tarfile.open(archive, mode="r|bz2") as tar:
            for count, member in enumerate(tar, 1):
                total += member.size
                if count > _MOST_MEMBERS or total > most_bytes:
                    raise ModelCorrupt("unpacks to more than a model has", file=archive, remedy=_REMEDY)
                _require_harmless(member, archive)
                name = PurePosixPath(member.name).name
                if not member.isfile() or name not in wanted:
                    continue
                if name in found:
                    raise ModelCorrupt(f"has {name} twice", file=archive, remedy=_REMEDY)
                found.add(name)
                _write(tar, member, target / name)
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise ModelCorrupt(f"is not a whole .tar.bz2 ({error})", file=archive, remedy=_REMEDY) from error
    missing = sorted(set(wanted) - found)
    if missing:
        raise ModelCorrupt(f"has no {missing[0]}", file=archive, remedy=_REMEDY)


def _require_harmless(member: tarfile.TarInfo, archive: Path) -> None:
    path = PurePosixPath(member.name)
    if path.is_absolute() or ".." in path.parts or "\\" in member.name or ":" in member.name or "\0" in member.name:
        raise ModelCorrupt(f"has a member outside it, {member.name!r}", file=archive, remedy=_REMEDY)
    if not (member.isfile() or member.isdir()):
        raise ModelCorrupt(f"has a link or device, {member.name!r}", file=archive, remedy=_REMEDY)


def _write(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    inside = tar.extractfile(member)
    if inside is None:  # never of a file
        raise ValueError(f"{member.name!r} cannot be read")
    with inside, target.open("wb") as out:
        shutil.copyfileobj(inside, out)
