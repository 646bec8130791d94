"""A batch whose folders are addresses, such as `s3://bucket/archive`.

It is planned on a mirror of the store (`mirror.py`), and the journal is there too, in the cache of the machine that
runs the batch: started again there, it goes on where it was. Tasks travel with their files (`parcel.py`), and what
comes back is written in the store from here. The ledger of what mediakit wrote is in the store as well, so that a batch
that is run from another machine does all again, but takes no results for somebody else's.

Two machines must not run a batch on one address of results at a time: nothing in a store keeps them from it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import takewhile
from pathlib import Path, PurePath, PurePosixPath
from typing import Any, Literal

from mediakit.article.attachments import safe_stem
from mediakit.errors import MediakitError, MediaMissing, UsageError
from mediakit.jobs.batch import Batch, OnTick, Outcome, Status, source_of
from mediakit.jobs.mirror import Mirror, Results
from mediakit.jobs.neighbours import MOST
from mediakit.jobs.parcel import (
    Delivered,
    Parcel,
    ParcelFile,
    as_pattern,
    cache_folder,
    in_cache,
    renamed,
    with_addresses,
)
from mediakit.jobs.plan import Job, is_article, is_own_page, place_of, siblings
from mediakit.jobs.report import BatchReport
from mediakit.jobs.run import folders_of
from mediakit.jobs.settings import Settings
from mediakit.jobs.stop import Stop
from mediakit.jobs.store import Store, is_address
from mediakit.jobs.workers import Answer, Task, Workers
from mediakit.outputs.batch_report import render_report
from mediakit.outputs.files import STATE_FOLDER, OutputFolder
from mediakit.outputs.names import name_key
from mediakit.vietnamese.normal import nfc

#: So many letters of a long name are in all names of its results, which are shortened.
_KNOWN_BY = 30


class RemoteBatch(Batch):
    """A run over a folder where it, or the folder of results, is an address. The paths of an outcome are relative.

    Parameters
    ----------
    folder, output
        Addresses, or paths of this machine. What is at an address is known by what the store says of its content (an
        ETag, else size and time), and only articles are fetched to plan.

    Raises
    ------
    UsageError
        If an address cannot be used, or the settings have a folder for media; on entering, if there is no such folder.
    ToolMissing
        If an address needs a package that is not here.
    MediakitError
        On entering, if the store cannot be read.
    OutputError
        On entering, as :class:`mediakit.jobs.batch.Batch`.
    """

    def __init__(self, folder: str | Path, output: str | Path | None, settings: Settings) -> None:
        if settings.media_dir is not None:
            raise UsageError(
                "--media-dir goes with folders of this machine", file=settings.media_dir,
                remedy="Put the media beside their articles.",
            )  # fmt: skip
        source = _store(folder)
        target = source if output is None else _store(output)
        self._work = cache_folder() / "batches" / _key(source.address.rstrip("/"), target.address.rstrip("/"))
        #: The two addresses, as they are told.
        self.shown = (source.shown, target.shown)
        self._places = _places(source, target)
        root = self._work / self._places[0]
        #: Results on this machine are written where they belong; its own journal is there.
        self._is_target_here = output is not None and not is_address(output)
        here = Path(output) if self._is_target_here and output is not None else self._work / self._places[1]
        with in_cache(root):
            root.mkdir(parents=True, exist_ok=True)
        super().__init__(root, here, settings)
        self._results = Results.below(self.target, self._work / "theirs")
        self._mirrors = self._mirrored(source, target)
        self._folder = OutputFolder(self.target, ledger=self._results.ledger)
        self._is_proved = False
        self._articles: dict[Path, list[tuple[str, str]]] = {}
        #: Names of objects that are no sources although they are called so, and why.
        self.unusable: dict[str, str] = {}

    def _mirrored(self, source: Store, target: Store) -> tuple[Mirror, ...]:
        seen = self._work / "seen"
        if self._is_target_here:
            return (Mirror(source, self.root, seen, sources=self.root, results=None),)
        if self.root.is_relative_to(self.target):
            return (Mirror(target, self.target, seen, sources=self.root, results=self._results),)
        if self.target.is_relative_to(self.root):
            return (Mirror(source, self.root, seen, sources=self.root, results=self._results),)
        return (
            Mirror(source, self.root, seen, sources=self.root, results=None),
            Mirror(target, self.target, self._work / "seen-results", sources=None, results=self._results),
        )

    def __enter__(self) -> RemoteBatch:
        try:
            super().__enter__()
        except MediakitError as error:
            raise self._renamed(error) from error
        try:
            for mirror in self._mirrors:
                self.unusable.update(mirror.sync())
        except BaseException:
            super().__exit__()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        try:
            if self._is_proved:
                self.put_ledger()
        finally:
            super().__exit__(*exception)

    def jobs(self) -> Iterator[Job]:
        """All jobs of the folder, done or not, as they are in the mirror; errors name addresses."""
        for job in super().jobs():
            pieces = [replace(p, error=self._renamed(p.error)) if p.error is not None else p for p in job.pieces]
            yield replace(job, pieces=tuple(pieces), error=self._renamed(job.error) if job.error is not None else None)

    def survey(self) -> Iterator[tuple[Job, Path, Status | Literal["to do"]]]:
        """See :meth:`mediakit.jobs.batch.Batch.survey`. The mirror is brought up to date; no address is written to."""
        with self:
            for job in self.jobs():
                yield job, self._below(source_of(job), self.root), self._status(job)

    def outcomes(
        self,
        workers: Workers,
        *,
        jobs: Iterable[Job] | None = None,
        stop: Stop | None = None,
        on_tick: OnTick | None = None,
    ) -> Iterator[Outcome]:
        """See :meth:`mediakit.jobs.batch.Batch.outcomes`."""
        try:
            for outcome in super().outcomes(workers, jobs=jobs, stop=stop, on_tick=on_tick):
                yield replace(
                    outcome,
                    source=self._below(outcome.source, self.root),
                    files=tuple(self._below(path, self.target) for path in outcome.files),
                    errors=tuple(map(self._renamed, outcome.errors)),
                )
        except MediakitError as error:
            raise self._renamed(error) from error

    def report(self) -> RemoteReport:
        """A report of this run, which is written where the results are."""
        return RemoteReport(self)

    def put(self, texts: Mapping[PurePath, str], *, overwrite: int) -> list[Path]:
        """Write files of the results, by names in their folder; where they are on this machine.

        Raises
        ------
        OutputError
            If one cannot be written, or somebody else's is there and `overwrite` is not given.
        """
        if self._is_target_here:
            return [self._folder.write(name, text, overwrite=overwrite) for name, text in texts.items()]
        return self._mirrors[-1].put(texts, self._folder, overwrite=overwrite)

    def put_ledger(self) -> None:
        """Write the ledger of what mediakit wrote where other machines find it.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        if not self._is_target_here:
            self._mirrors[-1].put_ledger()

    def _begin(self, task: Task, workers: Workers) -> None:
        if not self._is_proved:
            self.put_ledger()  # what cannot be written is known before hours of work
            self._is_proved = True
        super()._begin(replace(task, parcel=self._parcel(task.job)), workers)

    def _outcome(self, task: Task, answer: Answer, stop: Stop) -> Outcome | None:
        if isinstance(answer.report, Delivered):
            try:
                answer = replace(answer, report=self._received(answer.report))
            except MediakitError as error:
                answer = replace(answer, report=None, error=error)
        return super()._outcome(task, answer, stop)

    def _received(self, report: Delivered) -> Delivered:
        """The report of a job whose files have been written where they belong."""
        texts: dict[PurePath, str] = {name: data.decode("utf-8") for name, data in report.contents.items()}
        at = dict(zip(texts, self.put(texts, overwrite=self.settings.overwrite), strict=True))
        done = [replace(item, files=tuple(at[name] for name in item.files)) for item in report.done]
        kept = tuple(self.target / name for name in report.kept_page)
        return replace(report, done=done, page=tuple(at[name] for name in report.page), kept_page=kept, contents={})

    def _parcel(self, job: Job) -> Parcel:
        media = [piece.path for piece in job.pieces if piece.path is not None]
        named = [path.with_name(name) for path in media for name in siblings(path)]
        named += [path.with_name(n) for path in self._missing(job) for n in siblings(path)]
        named += [job.source] if job.source is not None else []
        empty = [path.relative_to(self._work).as_posix() for path in named]
        ours, others = self._called_so(job)
        empty += [(self._places[1] / name).as_posix() for name in others]
        return Parcel(
            self._work, *self._places, self.shown,
            tuple(self._file(path) for path in media),
            tuple(dict.fromkeys(empty)),
            tuple(self._file(path) for path in self._neighbours(job)),
            tuple(self._own_file(name) for name in ours),
        )  # fmt: skip

    def _own_file(self, name: str) -> ParcelFile:
        return ParcelFile((self._places[1] / name).as_posix(), "", name, _bytes(self.target / name))

    def _missing(self, job: Job) -> Iterator[Path]:
        """Where the media that were not found would be."""
        for piece in job.pieces:
            place = place_of(job, piece)
            if piece.path is None and place is not None:
                yield place

    def _file(self, path: Path) -> ParcelFile:
        mirror = self._mirrors[0]
        name, data = mirror.name_of(path), None
        if mirror.store.is_of_this_process:
            with suppress(MediaMissing):  # whoever wants it is told
                data = mirror.store.read(name)
        return ParcelFile(path.relative_to(self._work).as_posix(), mirror.store.address, name, data)

    def _called_so(self, job: Job) -> tuple[list[str], list[str]]:
        """What lies in the folders of the job's results and is called as those may be: mediakit's own, and others'."""
        ours: list[str] = []
        others: list[str] = []
        if job.error is not None:
            return ours, others
        stems = {name_key(Path(path).stem) for path in (job.source, *(piece.path for piece in job.pieces)) if path}
        stems |= {name_key(safe_stem(piece.named)) for piece in job.pieces}
        beginnings = tuple(stem[:_KNOWN_BY] for stem in stems)
        _, state, *below = folders_of(job, self.target)
        for folder in {self.target, *below} - {state}:
            for name in _names_in(folder):
                path = (folder / name).relative_to(self.target)
                if name_key(name).startswith(beginnings):
                    (ours if self._folder.wrote(path) else others).append(path.as_posix())
        return ours, others

    def _neighbours(self, job: Job) -> Sequence[Path]:
        """What `neighbours.neighbours` looks at for the job's article, as far as names tell."""
        if job.source is None or job.article is None:
            return ()
        folder, name = job.source.parent, job.source.name
        if folder not in self._articles:
            files = {folder / other for other in _names_in(folder)}
            named = [path.name for path in files if is_article(path) and not is_own_page(path, files)]
            self._articles[folder] = sorted((nfc(other), other) for other in named)
        ordered = [other for other in self._articles[folder] if other[1] != name]
        first = max(0, min(bisect_left(ordered, (nfc(name), name)) - MOST // 2, len(ordered) - MOST))
        return [folder / other for _, other in ordered[first : first + MOST]]

    def _below(self, path: Path, folder: Path) -> Path:
        return path.relative_to(folder) if path.is_relative_to(self._work) and path.is_relative_to(folder) else path

    def _renamed(self, error: MediakitError) -> MediakitError:
        # What is wrong with the journal is wrong with the cache, not with the address.
        target = as_pattern(self.target) + rf"(?![\\/]+{re.escape(STATE_FOLDER)})"
        names = {as_pattern(self.root): self.shown[0], target: self.shown[1]}
        return renamed(error, lambda text: with_addresses(text, names))


class RemoteReport(BatchReport):
    """The report of a batch on addresses: paths in it are relative to these."""

    def __init__(self, batch: RemoteBatch) -> None:
        super().__init__(Path(), Path())
        self._batch = batch

    def object(self) -> dict[str, Any]:
        """See :meth:`mediakit.jobs.report.BatchReport.object`."""
        unusable = [{"path": name, "why": why} for name, why in sorted(self._batch.unusable.items())]
        return {
            **super().object(), "folder": self._batch.shown[0], "skipped_files": [*self.skipped_files, *unusable],
        }  # fmt: skip

    def write(self, *, overwrite: int = 0) -> list[Path]:
        """See :meth:`mediakit.jobs.report.BatchReport.write`."""
        report = self.object()
        text = json.dumps(report, ensure_ascii=False, indent=2) + "\n"
        texts = {PurePath("report.json"): text, PurePath("report.html"): render_report(report)}
        written = self._batch.put(texts, overwrite=overwrite)
        self._batch.put_ledger()
        return written


def _store(place: str | Path) -> Store:
    if isinstance(place, str) and is_address(place):
        return Store(place)
    return Store(f"file://{Path(place).resolve().as_posix()}", str(place))


def _key(*addresses: str) -> str:
    return hashlib.sha256("\n".join(addresses).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _bytes(path: Path) -> bytes:
    with in_cache(path):
        return path.read_bytes()


def _places(source: Store, target: Store) -> tuple[PurePosixPath, PurePosixPath]:
    """Where sources and results lie to each other; where they are in different stores, as if beside each other.

    Pages of articles point to their media by this.
    """
    if not source.shares_store_with(target):
        names = [PurePosixPath(store.path).name or "in" for store in (source, target)]
        one, other = names if names[0] != names[1] else ("in", "out")
        return PurePosixPath("files", one), PurePosixPath("files", other)
    one_way, other_way = source.path.split("/"), target.path.split("/")
    shared = sum(1 for _ in takewhile(lambda parts: parts[0] == parts[1], zip(one_way, other_way, strict=False)))
    return PurePosixPath("files", *one_way[shared:]), PurePosixPath("files", *other_way[shared:])


def _names_in(folder: Path) -> list[str]:
    with suppress(OSError):
        return os.listdir(folder)  # noqa: PTH208
    return []
