"""One job, done: each of its media transcribed and written, then the article's page."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePath, PurePosixPath

from mediakit.article.attachments import base_name, safe_stem
from mediakit.errors import MediaCutOff, MediaDecodeError, MediakitError, printable
from mediakit.jobs.neighbours import neighbours
from mediakit.jobs.plan import Job, Piece, siblings
from mediakit.jobs.settings import Desk, Settings
from mediakit.outputs.bundle import endings, render_media, render_pictures
from mediakit.outputs.files import STATE_FOLDER, OutputFolder
from mediakit.outputs.linked_data import PageMedia, render_linked_data
from mediakit.outputs.media_overlays import is_heard, write_epub
from mediakit.outputs.names import output_stem, page_stem
from mediakit.outputs.page import render_page
from mediakit.pipeline import Medium, Progress, failed_medium, settle_language, transcribe_medium
from mediakit.result import Result
from mediakit.speech.heard import HeardStore
from mediakit.speech.languages import AUTO, USUAL

#: Told of each media file when it is begun; what it returns is told the progress.
OnMedium = Callable[[str], "Progress | None"]
#: Told the language of a medium before it is listened to.
OnLanguage = Callable[[str], None]
#: Failures of one media file; what comes from elsewhere would befall the next file too.
OF_ONE_MEDIUM = ("attachment", "media", "listening")


@dataclass(frozen=True)
class Done:
    """What became of one media file: its result, the files written, and the error where it failed."""

    piece: Piece
    result: Result
    files: tuple[Path, ...]
    error: MediakitError | None = None


@dataclass
class JobReport:
    """What became of a job. `errors` are all of them, those of its media among them."""

    job: Job
    done: list[Done] = field(default_factory=list)
    page: tuple[Path, ...] = ()
    errors: list[MediakitError] = field(default_factory=list)

    @property
    def files(self) -> tuple[Path, ...]:
        """All files written."""
        return tuple(path for done in self.done for path in done.files) + self.page


def run_job(job: Job, desk: Desk, output: Path, on_medium: OnMedium | None = None, *, mark: str = "") -> JobReport:
    """Transcribe every media file of a job and write the results below the folder `output`; on past each failure.

    `mark` stands in the names of temporary files (:class:`~mediakit.outputs.files.OutputFolder`).

    Raises
    ------
    OutputError
        If results cannot be written; known before anything is listened to.
    ModelError, EngineError
        If the engine or model that was chosen cannot be had.
    """
    if job.error is not None:
        raise job.error
    if job.article is not None and desk.settings.language == AUTO:
        desk = desk.in_language(USUAL)
    writing = _Writing(job, desk.settings, desk.output_folder(output, mark))
    writing.check()
    store = HeardStore(output / STATE_FOLDER / "heard")
    report = JobReport(job)
    for piece, stem in writing.stems:
        result, error = transcribe_piece(job, piece, desk, store, on_medium, writing.in_language)
        report.done.append(Done(piece, result, writing.result(result, stem), error))
        report.errors += [error] if error is not None else []
    report.page = writing.page([done.result for done in report.done])
    return report


def folders_of(job: Job, output: Path) -> tuple[Path, ...]:
    """The folders that a job writes in, below the folder `output`, with that folder and its state."""
    places = {output / job.folder, *((output / job.folder / stem).parent for _, stem in _stems(job))}
    return (output, output / STATE_FOLDER, *sorted(places - {output}))


def transcribe_piece(
    job: Job,
    piece: Piece,
    desk: Desk,
    store: HeardStore,
    on_medium: OnMedium | None,
    on_language: OnLanguage | None = None,
) -> tuple[Result, MediakitError | None]:
    """The result of one media file, and what was wrong with it, as far as the job can go on."""
    settled: Desk | None = None
    try:
        if piece.path is None:
            raise piece.error or MediakitError("has no file", file=piece.named)
        medium = Medium(piece.path, piece.named, desk.settings.audio_stream)
        progress = on_medium(piece.named) if on_medium else None
        settled = _in_its_language(medium, job, desk, store)
        if on_language is not None:
            on_language(settled.settings.language)
        result = transcribe_medium(
            medium,
            job.article,
            settled.engine,
            profile=desk.profile,
            store=store,
            progress=progress,
            others=partial(neighbours, job.source) if job.source is not None else None,
        )
    except MediakitError as error:
        if error.stage not in OF_ONE_MEDIUM:
            raise
        settled = settled or _without_sound(desk)
        if on_language is not None:
            on_language(settled.settings.language)
        return failed_medium(piece.named, piece.kind, job.article, settled.engine_info, error), error
    return result, _shortcoming(result, piece)


def _in_its_language(medium: Medium, job: Job, desk: Desk, store: HeardStore) -> Desk:
    """The desk for the language of a medium: the one that was chosen, the article's, or the one that is spoken."""
    if desk.settings.language != AUTO:
        return desk
    return desk.in_language(USUAL if job.article is not None else settle_language(medium, desk.engine, store))


def _without_sound(desk: Desk) -> Desk:
    """The desk for a medium that nobody can hear."""
    return desk.in_language(USUAL) if desk.settings.language == AUTO else desk


def _shortcoming(result: Result, piece: Piece) -> MediakitError | None:
    """A file of which only the beginning could be read is transcribed so far, and is a failure all the same."""
    for warning in result.warnings:
        if warning.code in (MediaCutOff.code, MediaDecodeError.code):
            file = str(piece.path or piece.named)
            # Of the error there is its text: the file, why, and what to do.
            reason, _, remedy = warning.message.removeprefix(f"{printable(file)}: ").partition(". ")
            return MediaCutOff(f"{reason}; what there is was transcribed", file=file, remedy=remedy)
    return None


def write_results(
    results: Sequence[Result], output: Path, formats: Sequence[str], *, overwrite: int = 0
) -> tuple[Path, ...]:
    """Write results that are there already, of one article or of one medium, in the folder `output`.

    Raises
    ------
    OutputError
        If a file cannot be written or one of somebody else's is in the way; that is known before any is written.
    """
    article = results[0].article.document if results[0].article is not None else None
    pieces = [Piece(r.media.path, r.media.kind, r.media.file) for r in results]
    job = Job(article, tuple(pieces), source=article.path if article is not None else None)
    language = results[0].engine.language
    settings = Settings(formats=tuple(formats), language=language, overwrite=overwrite)
    writing = _Writing(job, settings, OutputFolder(output))
    writing.check()
    written = [writing.result(result, stem) for result, (_, stem) in zip(results, writing.stems, strict=True)]
    return (*(path for paths in written for path in paths), *writing.page(results))


@dataclass
class _Writing:
    """The media of a job, and the folder that their results go to."""

    job: Job
    settings: Settings
    folder: OutputFolder

    def __post_init__(self) -> None:
        self.stems: Sequence[tuple[Piece, str]] = list(_stems(self.job))

    def in_language(self, language: str) -> None:
        """Take the language that is in the names of files, where it was not known before, and check those.

        Raises
        ------
        OutputError
            As :meth:`check`.
        """
        if language != self.settings.language:
            self.settings = replace(self.settings, language=language)
            self.check()

    def check(self) -> None:
        """Refuse before hours of work what could not be written after them; of unknown names only the folder."""
        if self.settings.language == AUTO:
            self.folder.prepare()
            return
        settings, linked = self.settings, self.job.article is not None
        for _, stem in self.stems:
            for ending in endings(settings.formats, language=settings.language, linked=linked):
                self.folder.check(self._place(stem + ending), overwrite=settings.overwrite)
        for name in self._page_names():
            self.folder.check(self._place(name), overwrite=settings.overwrite)
        self.folder.prepare()

    def result(self, result: Result, stem: str) -> tuple[Path, ...]:
        """Write the files of one medium; of one that could not be read, its record: it has nothing to show."""
        formats = self.settings.formats if result.media.sha256 is not None else ("json",)
        language = self.settings.language
        texts = render_media(result, formats, language=language)
        pictures = render_pictures(result, formats, language=language)
        return (
            *(self._write(stem + ending, text) for ending, text in texts.items()),
            *(self._write(stem + ending, picture) for ending, picture in pictures.items()),
        )

    def page(self, results: Sequence[Result]) -> tuple[Path, ...]:
        """Write what there is one of an article: its reader page with its linked data, its book."""
        article, names = self.job.article, self._page_names()
        if article is None:
            return ()
        written = []
        media = [self._page_media(result, stem) for result, (_, stem) in zip(results, self.stems, strict=True)]
        for name in names:
            if name.endswith(".html"):
                written.append(self._write(name, render_page(article, media, name)))
            elif name.endswith(".jsonld"):
                written.append(self._write(name, render_linked_data(article, media, names[0])))
            elif is_heard(article, results):
                with self.folder.making(self._place(name), overwrite=self.settings.overwrite) as path:
                    write_epub(path, article, results)
                written.append(self.folder.root / self._place(name))
        return tuple(written)

    def _page_names(self) -> tuple[str, ...]:
        """Names of what there is one of an article: the page, if it is asked for, comes first."""
        source, formats = self.job.source, self.settings.formats
        if source is None or self.job.article is None:
            return ()
        beside = source.parent.resolve() == (self.folder.root / self.job.folder).resolve()
        stem = page_stem(source.name, beside=beside, in_full=self.job.shares_name)
        page = (f"{stem}.html", f"{stem}.jsonld") if "html" in formats else ()
        return (*page, f"{stem}.epub") if "epub" in formats else page

    def _page_media(self, result: Result, stem: str) -> PageMedia:
        if result.media.sha256 is None or result.media.file is None:
            return PageMedia(result, None)
        vtt, srt, txt = (
            f"{stem}.{self.settings.language}.{name}" if name in self.settings.formats else None
            for name in ("vtt", "srt", "txt")
        )
        return PageMedia(result, self._url_path(result.media.file), vtt, subrip=srt, transcript=txt)

    def _url_path(self, path: Path) -> str:
        """Where the medium is, seen from the page."""
        here = (self.folder.root / self.job.folder).resolve()
        try:
            return PurePath(os.path.relpath(path.resolve(), here)).as_posix()
        except ValueError:  # another drive
            return path.resolve().as_posix()

    def _place(self, name: str) -> PurePath:
        return self.job.folder / name

    def _write(self, name: str, content: str | bytes) -> Path:
        return self.folder.write(self._place(name), content, overwrite=self.settings.overwrite)


def _stems(job: Job) -> Iterator[tuple[Piece, str]]:
    """Each medium with the beginning of its result names, below the job's folder; no two the same.

    A medium in a sub-folder of its article's folder keeps the sub-folder.
    """
    taken: set[str] = set()
    for piece in job.pieces:
        stem = _stem(piece, [other for other in job.pieces if other is not piece])
        if piece.is_shared and job.source is not None:
            stem = f"{stem}.{safe_stem(job.source.name if job.shares_name else job.source.stem)}"
        if piece.path is not None and job.source is not None and not job.source_is_media:
            stem = (_below(piece.path.parent, job.source.parent) / stem).as_posix()
        unique, number = stem, 2
        while unique.casefold() in taken:
            unique, number = f"{stem}.{number}", number + 1
        taken.add(unique.casefold())
        yield piece, unique


def _stem(piece: Piece, others: Sequence[Piece]) -> str:
    if piece.path is not None:
        near = [other.path.name for other in others if other.path and other.path.parent == piece.path.parent]
        return output_stem(piece.path.name, [*siblings(piece.path), *near])
    named = base_name(piece.named)
    stem = safe_stem(piece.named)
    shared = output_stem(named, [base_name(other.named) for other in others]) == named
    return stem + PurePosixPath(named).suffix if shared else stem


def _below(folder: Path, root: Path) -> PurePath:
    """The way from `root` down to `folder`; empty where it lies elsewhere."""
    try:
        return folder.resolve().relative_to(root.resolve())
    except ValueError:
        return PurePath()
