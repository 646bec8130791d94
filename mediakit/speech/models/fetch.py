"""Fetching a model by name: from its packages, a hub, a release of GitHub's, or a mirror of these.

All is put together beside its place and checked there; the last step moves it in. What an attempt that was stopped has
fetched is gone on with by the next. Nothing but `mediakit models fetch` comes here: transcribing never fetches.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from filelock import FileLock, Timeout

from mediakit.errors import ModelCorrupt, ModelError, ModelMissing, UsageError
from mediakit.speech.models.archive import unpack
from mediakit.speech.models.disk import put_in_place, require_room, translated
from mediakit.speech.models.download import Network, OnBytes, Patience, host_for_token
from mediakit.speech.models.form import examine
from mediakit.speech.models.here import ensure
from mediakit.speech.models.hub import Listed, Listing, address, git_blob_sha1, list_files
from mediakit.speech.models.known import Archive, KnownModel, Source, required
from mediakit.speech.models.manifest import Manifest, write_manifest
from mediakit.speech.models.model import Model, sha256_of
from mediakit.speech.models.packages import assemble, packaged
from mediakit.speech.models.places import cache_folder, hub_address, mirror, models_folder, token

#: Told after each piece: the file, its bytes that are here, and all of them where that is known.
OnProgress = Callable[[str, int, int | None], None]

_LOCK_WAIT_S = 5.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """A model that is here now; `new` where it was not before."""

    model: Model
    new: bool


def fetch(
    name: str, *, accept_licence: bool = False, on_progress: OnProgress | None = None, patience: Patience | None = None
) -> Fetched:
    """Bring a known model here, or find that it is here and intact, which touches no network.

    Raises
    ------
    UsageError
        If its licence forbids commercial use and `accept_licence` is not given.
    ModelMissing
        If no model is called so, or it is not where it should be fetched from.
    ModelCorrupt
        If what was fetched is not the model.
    ModelError
        If it cannot be fetched or written, or another process is fetching it.
    """
    known = required(name)
    folder = models_folder() / known.name
    with translated(folder, ""):
        found = _here(known)
        if found is not None:
            return Fetched(found, new=False)
        if not known.commercial_use and not accept_licence:
            raise UsageError(
                f"the licence of {known.name}, {known.licence}, forbids commercial use",
                remedy="If your use is within it, say so with `--accept-licence`.",
            )
        with _locked(known):
            found = _here(known)  # another process may have been first
            if found is not None:
                return Fetched(found, new=False)
            if packaged(known):
                shutil.rmtree(folder, ignore_errors=True)
                assemble(known, folder)
            else:
                with closing(_Fetch(known, on_progress or _silent, patience)) as fetching:
                    fetching.run(folder)
    return Fetched(ensure(known.name), new=True)


def _here(known: KnownModel) -> Model | None:
    """The model if it is here and intact; what is broken will be fetched again."""
    if not (models_folder() / known.name).is_dir():
        return None
    try:
        return ensure(known.name)
    except ModelCorrupt:
        return None


@contextmanager
def _locked(known: KnownModel) -> Iterator[None]:
    """One fetch of a model at a time; the lock lies outside the folder of models, which holds models only."""
    locks = cache_folder() / "locks"
    locks.mkdir(parents=True, exist_ok=True)
    lock = FileLock(locks / f"{known.name}.lock")
    try:
        lock.acquire(timeout=_LOCK_WAIT_S)
    except Timeout as error:
        raise ModelError(f"{known.name} is being fetched by another process", remedy="Wait for it.") from error
    try:
        yield
    finally:
        lock.release()


class _Fetch:
    """One fetch of one model."""

    def __init__(self, known: KnownModel, on_progress: OnProgress, patience: Patience | None) -> None:
        self._known, self._on_progress, self._patience = known, on_progress, patience
        self._hub, self._folder_mirror = hub_address(), local_mirror()
        self._talking: Network | None = None
        self._listings: dict[str, Listing] = {}

    def close(self) -> None:
        """Close the connections, if there are any."""
        if self._talking is not None:
            self._talking.close()

    def run(self, folder: Path) -> None:
        """Put the model together beside `folder` and move it there."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        building = folder.with_name(f".{self._known.name}.fetching")
        building.mkdir(exist_ok=True)
        require_room(building, self._missing_bytes(building))
        if self._known.archive is not None:
            self._from_archive(self._known.archive, building)
        else:
            for name, source in self._known.files.items():
                self._from_repository(name, source, building)
        self._finish(building)
        put_in_place(building, folder)

    def _missing_bytes(self, building: Path) -> int:
        """What is still to be written; an archive and what is unpacked from it lie side by side for a while."""
        archive = self._known.archive
        all_bytes = self._known.size_bytes + (archive.size_bytes if archive else 0)
        return max(0, all_bytes - sum(path.stat().st_size for path in building.iterdir()))

    def _from_archive(self, archive: Archive, building: Path) -> None:
        name = archive.url.rpartition("/")[2]
        target = building / name
        expected = Listed(archive.size_bytes, sha256=archive.sha256)
        if self._folder_mirror is not None:
            self._copy(self._folder_mirror / name, target)
            self._require(target, expected, archive.url)
        else:
            chosen = mirror()
            url = f"{chosen}{urlsplit(archive.url).path}" if chosen else archive.url
            self._download(url, target, expected)
        unpack(target, self._known.files, building)
        target.unlink()
        for inside, source in self._known.files.items():
            self._require(building / inside, Listed(0, sha256=source.sha256 or ""), archive.url)

    def _from_repository(self, name: str, source: Source, building: Path) -> None:
        target = building / name
        if self._folder_mirror is not None:
            self._copy(self._folder_mirror / source.repository / name, target)
            self._require(target, Listed(0, sha256=source.sha256 or ""), str(self._folder_mirror))
            return
        expected, revision = Listed(source.size_bytes or 0, sha256=source.sha256 or ""), source.revision
        if not source.sha256:
            expected, revision = self._listed(name, source)
        self._download(address(self._hub, source.repository, revision, name), target, expected)

    def _listed(self, name: str, source: Source) -> tuple[Listed, str]:
        """What the hub says of a file, and the commit it is of; a mirror that keeps only files says nothing."""
        if source.repository not in self._listings:
            try:
                listing = list_files(self._network(), self._hub, source.repository, source.revision)
            except ModelMissing:
                if not mirror():
                    raise
                return Listed(0), source.revision
            self._listings[source.repository] = listing
        listing = self._listings[source.repository]
        if name not in listing.files:
            raise ModelMissing(f"{source.repository} at {self._hub} has no {name}")
        return listing.files[name], listing.revision

    def _network(self) -> Network:
        if self._talking is None:
            # The token is for the hub: a mirror of somebody's does not get it.
            host = "" if mirror() else host_for_token(self._hub)
            self._talking = Network(patience=self._patience, token=token(), token_host=host)
        return self._talking

    def _download(self, url: str, target: Path, expected: Listed) -> None:
        """Fetch a file; where the part of an earlier attempt proves to be of another file, once more from its start."""
        part = target.exists()
        if part and expected.sha256 and not expected.size_bytes and sha256_of(target) == expected.sha256:
            return  # whole since an earlier attempt, which only its bytes tell
        try:
            self._network().file(url, target, expected.size_bytes or None, self._on_bytes(target.name))
            self._require(target, expected, url)
        except ModelCorrupt:
            if not part:
                raise
            self._network().file(url, target, expected.size_bytes or None, self._on_bytes(target.name))
            self._require(target, expected, url)

    def _copy(self, source: Path, target: Path) -> None:
        """A file out of a mirror that is a folder, and never from outside that."""
        mirror_folder = self._folder_mirror
        if mirror_folder is None or not source.resolve().is_relative_to(mirror_folder.resolve()):
            raise ModelError("lies outside the mirror", file=source)
        if not source.is_file():
            raise ModelMissing("is not in the mirror", file=source, remedy="A mirror has the folders OWNER/REPOSITORY.")
        on_bytes, total = self._on_bytes(target.name), source.stat().st_size
        on_bytes(0, total)
        shutil.copyfile(source, target)
        on_bytes(total, total)

    def _require(self, path: Path, expected: Listed, origin: str) -> None:
        """Refuse, and delete, a file that is not the one that is known or that the hub lists."""
        differs = (expected.sha256 and sha256_of(path) != expected.sha256) or (
            expected.git_sha1 and git_blob_sha1(path) != expected.git_sha1
        )
        if differs:
            path.unlink()
            raise ModelCorrupt(
                f"{path.name} from {origin} is not the file it should be",
                remedy="Try again; if it stays so, do not use what is there.",
            )

    def _on_bytes(self, name: str) -> OnBytes:
        return lambda done, total: self._on_progress(name, done, total)

    def _finish(self, building: Path) -> None:
        """Take away what is no file of the model, look into the rest, and write down what it is."""
        for path in building.iterdir():
            if path.name not in self._known.files:
                path.unlink()
        contents = examine(building)
        if contents.form != self._known.form:
            raise ModelCorrupt(f"{self._known.name} should be {self._known.form}, and is {contents.form}")
        write_manifest(building, self._manifest(building))

    def _manifest(self, building: Path) -> Manifest:
        sources = self._known.files.values()
        revisions = {listing.revision for listing in self._listings.values()} or {source.revision for source in sources}
        return Manifest(
            name=self._known.name,
            form=self._known.form,
            origin=self._known.origin if not mirror() else f"{self._known.origin}, from the mirror {mirror()}",
            revision=", ".join(sorted(revisions)) if self._known.archive is None else "",
            licence=self._known.licence,
            trust="known" if all(source.sha256 for source in sources) else "first-fetch",
            fetched=datetime.now(timezone.utc).isoformat(timespec="seconds"),
            files={name: sha256_of(building / name) for name in self._known.files},
        )


def local_mirror() -> Path | None:
    """The mirror where it is a folder, by its path or as `file://`."""
    chosen = mirror()
    parts = urlsplit(chosen)
    if parts.scheme == "file":
        return Path(url2pathname(parts.path))
    # A drive letter of Windows looks like a scheme.
    return Path(chosen) if chosen and (len(parts.scheme) <= 1) else None


def _silent(_name: str, _done: int, _total: int | None) -> None:
    pass
