"""A folder of this machine that stands for one in a store, so that a batch is planned as it is on a disk.

Articles are there as they are, for they are read to plan; so is what mediakit wrote. All else is a file that holds what
the store says of the content of the object, so that another content is another file, and nothing is fetched for it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath

from mediakit.article.attachments import media_kind
from mediakit.article.load import ARTICLE_SUFFIXES
from mediakit.errors import NO_ROOM, MediaMissing, UsageError
from mediakit.jobs.parcel import in_cache
from mediakit.jobs.store import Listing, Store
from mediakit.outputs.files import STATE_FOLDER, OutputFolder, digest_of
from mediakit.outputs.ledger import Ledger
from mediakit.text_decoding import LARGEST_BYTES
from mediakit.vietnamese.normal import nfc

#: Larger objects than this are none that mediakit wrote: they are texts.
_LARGEST_RESULT_BYTES = 200_000_000


@dataclass(frozen=True)
class Results:
    """What mediakit wrote below `root`: by the ledger of this machine, and by the one in the store."""

    root: Path
    ledger: Ledger
    theirs: Ledger

    @staticmethod
    def below(root: Path, theirs: Path) -> Results:
        """Those below `root`; `theirs` is the folder for the ledger that is in the store."""
        return Results(root, Ledger(root / STATE_FOLDER), Ledger(theirs))

    def may_have(self, path: Path) -> bool:
        """Whether mediakit wrote an object of that name."""
        name = self._name(path)
        return bool(self.ledger.digests(name) or self.theirs.digests(name))

    def have(self, path: Path) -> bool:
        """Whether mediakit wrote the file as it is; if so, the ledger of this machine has it then."""
        name, digest = self._name(path), digest_of(path)
        if not self.ledger.has(name, digest):
            if not self.theirs.has(name, digest):
                return False
            self.ledger.note(name, digest)
        return True

    def _name(self, path: Path) -> str:
        return nfc(path.relative_to(self.root).as_posix())


class Mirror:
    """The mirror of a store.

    Parameters
    ----------
    folder
        Where it is.
    seen
        A folder for what the store said of each object that is in the mirror.
    sources, results
        What there is in it: the folder of articles and media, and that of results. One may be below the other.
    """

    def __init__(
        self, store: Store, folder: Path, seen: Path, *, sources: Path | None, results: Results | None
    ) -> None:
        self.store, self.folder = store, folder
        self._seen = Ledger(seen)
        self._sources, self._results = sources, results

    def name_of(self, path: Path) -> str:
        """The name in the store of what a file of the mirror stands for."""
        return path.relative_to(self.folder).as_posix()

    def sync(self) -> dict[str, str]:
        """Make the mirror what the store is now; the names of objects that cannot be in it, with the reasons.

        Raises
        ------
        UsageError
            If the store cannot be listed, or nothing is where the sources should be.
        MediakitError
            If an article cannot be fetched: without it, its media would be taken for loose ones.
        OutputError
            If the mirror cannot be kept.
        """
        listing = self._listing()
        with in_cache(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            if self._results is not None:
                self._fetch_ledger(self._results)
            objects = {name: mark for name, mark in listing.objects.items() if self._is_of_use(self.folder / name)}
            present = self._clear(objects)
            changed = {n: mark for n, mark in objects.items() if n not in present or not self._seen.has(n, mark)}
            listing.unusable.update(self._take(changed))
        return {name: why for name, why in listing.unusable.items() if _may_be_source(PurePath(name))}

    def put(self, texts: Mapping[PurePath, str], folder: OutputFolder, *, overwrite: int) -> list[Path]:
        """Write results in the mirror and in the store, by names in the folder of results; where they are here.

        Raises
        ------
        OutputError
            As :meth:`mediakit.outputs.files.OutputFolder.write` and :meth:`mediakit.jobs.store.Store.put`.
        """
        names = [self.name_of(folder.root / name) for name in texts]
        with in_cache(self.folder), ThreadPoolExecutor(self.store.requests_at_once) as pool:
            self._look_again(dict(zip(names, pool.map(self.store.fingerprint, names), strict=True)))
            written = [folder.write(name, text, overwrite=overwrite) for name, text in texts.items()]
            for _ in pool.map(self.store.put, names, [path.read_bytes() for path in written]):
                pass
            for name, mark in zip(names, pool.map(self.store.fingerprint, names), strict=True):
                self._seen.note(name, mark or "")
        return written

    def _look_again(self, marks: Mapping[str, str | None]) -> None:
        """Take in what has become of objects since they were listed."""
        for name, mark in marks.items():
            if mark is None:
                (self.folder / name).unlink(missing_ok=True)
        self._take({name: mark for name, mark in marks.items() if mark and not self._seen.has(name, mark)})

    def put_ledger(self) -> None:
        """Write the ledger of results in the store, where other machines find it.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        if self._results is not None:
            path = self._results.ledger.path
            with in_cache(path):
                data = path.read_bytes() if path.exists() else b""
            self.store.put(self.name_of(path), data)

    def _listing(self) -> Listing:
        try:
            listing = self.store.listing()
        except FileNotFoundError:
            listing = Listing()
        if self._sources is not None and not any(self._is_in_sources(self.folder / name) for name in listing.objects):
            below = self.name_of(self._sources)
            raise UsageError(
                "no such folder, or nothing is in it", remedy="Check the address.",
                file=self.store.shown if below == "." else f"{self.store.shown}/{below}",
            )  # fmt: skip
        return listing

    def _fetch_ledger(self, results: Results) -> None:
        theirs = results.theirs.path
        theirs.parent.mkdir(parents=True, exist_ok=True)
        theirs.unlink(missing_ok=True)
        with suppress(MediaMissing):
            self.store.fetch(self.name_of(results.ledger.path), theirs)

    def _is_of_use(self, path: Path) -> bool:
        if self._results is not None and path.is_relative_to(self._results.root):
            return True  # whatever it is, it must not be written over
        return self._is_in_sources(path) and _may_be_source(path)

    def _is_in_sources(self, path: Path) -> bool:
        return self._sources is not None and path.is_relative_to(self._sources)

    def _clear(self, names: Iterable[str]) -> set[str]:
        """Remove what is not in the store any more; the names of what stays."""
        kept, there = set(names), set()
        for place, folders, files in os.walk(self.folder):
            folders[:] = [folder for folder in folders if not folder.startswith(".")]
            for path in map(Path(place).joinpath, files):
                name = self.name_of(path)
                if name in kept:
                    there.add(name)
                else:
                    path.unlink()
        for place, _, _ in os.walk(self.folder, topdown=False):
            with suppress(OSError):  # it is not empty
                Path(place).rmdir()
        (self._sources or self.folder).mkdir(parents=True, exist_ok=True)
        return there

    def _take(self, changed: Mapping[str, str]) -> dict[str, str]:
        """Take in what an object is now; of objects of which this system can have no file, why."""
        unusable: dict[str, str] = {}
        for name in changed:
            try:
                (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
                (self.folder / name).write_bytes(b"")
            except (OSError, ValueError) as error:
                if getattr(error, "errno", None) in NO_ROOM:
                    raise
                unusable[name] = f"has a name that no file can have here ({getattr(error, 'strerror', '') or error})"
        names = [name for name in changed if name not in unusable]
        limits = {name: limit for name in names if (limit := self._most_bytes(name))}
        with ThreadPoolExecutor(self.store.requests_at_once) as pool:
            is_there = dict(zip(limits, pool.map(self._fetch, limits, limits.values()), strict=True))
        for name in names:
            path, mark = self.folder / name, changed[name]
            if not is_there.get(name, True):
                path.unlink()
                continue
            if name not in is_there or not self._is_kept(name):
                path.write_text(f"{mark}\n", encoding="utf-8")
            self._seen.note(name, mark)
        return unusable

    def _most_bytes(self, name: str) -> int:
        """How much of an object is fetched: of an article no more than tells that it is too large."""
        if self._may_be_result(name):
            return _LARGEST_RESULT_BYTES
        return LARGEST_BYTES + 1 if self._is_article(name) else 0

    def _fetch(self, name: str, most_bytes: int) -> bool:
        """Fetch an object; whether it is still there."""
        try:
            self.store.fetch(name, self.folder / name, most_bytes=most_bytes)
        except MediaMissing:
            return False
        return True

    def _is_kept(self, name: str) -> bool:
        """Whether what was fetched is to be in the mirror: an article, or what mediakit wrote."""
        is_ours = self._results is not None and self._may_be_result(name) and self._results.have(self.folder / name)
        return is_ours or self._is_article(name)

    def _is_article(self, name: str) -> bool:
        path = self.folder / name
        return self._is_in_sources(path) and path.suffix.lower() in ARTICLE_SUFFIXES

    def _may_be_result(self, name: str) -> bool:
        path = self.folder / name
        results = self._results
        return results is not None and path.is_relative_to(results.root) and results.may_have(path)


def _may_be_source(path: PurePath) -> bool:
    """Whether it may be an article, media, or what tells a page of mediakit's own from an article."""
    return path.suffix.lower() in ARTICLE_SUFFIXES | {".jsonld"} or media_kind(Path(path)) is not None
