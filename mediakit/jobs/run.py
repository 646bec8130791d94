"""One job, done: each of its media transcribed and written, then the article's page."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path, PurePath

from mediakit.article.attachments import safe_name, safe_stem
from mediakit.article.document import Article
from mediakit.errors import MediaCutOff, MediakitError, printable
from mediakit.jobs.earlier import Earlier, cut_short, find_earlier, is_incomplete, is_worse, tied_to
from mediakit.jobs.neighbours import neighbours
from mediakit.jobs.plan import Job, Piece, own_name, place_of, siblings
from mediakit.jobs.settings import Desk, Settings
from mediakit.notices import Notice
from mediakit.outputs.bundle import endings, render_media, render_pictures
from mediakit.outputs.files import STATE_FOLDER, OutputFolder
from mediakit.outputs.linked_data import PageMedia, render_linked_data
from mediakit.outputs.media_overlays import is_heard, write_epub
from mediakit.outputs.names import LONGEST_STEM_BYTES, name_key, output_stem, page_stem, shortened, stem_of
from mediakit.outputs.names import mark as mark_of_name
from mediakit.outputs.page import render_page
from mediakit.outputs.page_listing import ReaderPage, read_page
from mediakit.outputs.record import SCHEMA, version_at
from mediakit.pipeline import Medium, Progress, failed_medium, settle_language, transcribe_medium
from mediakit.result import Result
from mediakit.speech.heard import HeardStore
from mediakit.speech.languages import AUTO, USUAL
from mediakit.vietnamese.normal import nfc

#: Told of each media file when it is begun; what it returns is told the progress.
OnMedium = Callable[[str], "Progress | None"]
#: Told the language of a medium before it is listened to.
OnLanguage = Callable[[str], None]
#: Failures of one media file; what comes from elsewhere would befall the next file too.
OF_ONE_MEDIUM = ("attachment", "media", "listening")


@dataclass(frozen=True)
class Done:
    """What became of one media file: its result, the files written, and the error where it failed.

    `keeps_earlier` is whether the result of an earlier run stays, for this one is none or less; then no file of the
    medium is written. `replaces` is the schema of the record of an earlier version whose place is taken, if any.
    """

    piece: Piece
    result: Result
    files: tuple[Path, ...]
    error: MediakitError | None = None
    keeps_earlier: bool = False
    replaces: str | None = None


#: Told what became of each media file, when it has.
OnDone = Callable[[Done], None]


@dataclass
class JobReport:
    """What became of a job. `errors` are all of them, those of its media among them.

    `page` is what there is one of an article, written anew; `kept_page` what was left as it was.
    """

    job: Job
    done: list[Done] = field(default_factory=list)
    page: tuple[Path, ...] = ()
    kept_page: tuple[Path, ...] = ()
    errors: list[MediakitError] = field(default_factory=list)

    @property
    def files(self) -> tuple[Path, ...]:
        """All files written."""
        return tuple(path for done in self.done for path in done.files) + self.page


def run_job(
    job: Job,
    desk: Desk,
    output: Path,
    on_medium: OnMedium | None = None,
    *,
    on_done: OnDone | None = None,
    mark: str = "",
    taken: set[str] | None = None,
) -> JobReport:
    """Transcribe every media file of a job and write the results below the folder `output`; on past each failure.

    A failure never takes the place of a result: what an earlier run wrote of the medium stays, in the page too.

    Parameters
    ----------
    mark
        Stands in the names of temporary files (:class:`~mediakit.outputs.files.OutputFolder`).
    taken
        Names that earlier jobs of the same command gave to their results; those of this one are added.

    Raises
    ------
    OutputError
        If results cannot be written; known before anything is listened to.
    ModelError, EngineUnavailable
        If the engine or model that was chosen cannot be had.
    """
    if job.error is not None:
        raise job.error
    if job.article is not None and desk.settings.language == AUTO:
        desk = desk.in_language(USUAL)
    writing = _Writing(job, desk.settings, desk.output_folder(output, mark), set() if taken is None else taken)
    writing.check()
    store = HeardStore(output / STATE_FOLDER / "heard")
    report = JobReport(job)
    for piece, stem in writing.stems:
        result, error = transcribe_piece(job, piece, desk, store, on_medium, writing.in_language)
        done = writing.done(piece, stem, result, error)
        report.done.append(done)
        report.errors += [done.error] if done.error is not None else []
        if on_done is not None:
            on_done(done)
    results = [done.result for done in report.done]
    report.kept_page = writing.kept_page()
    report.page = writing.page(results) if not report.kept_page else ()
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
    warning = cut_short(result)
    if warning is None:
        return None
    file = str(piece.path or piece.named)
    # Of the error there is its text: the file, why, and what to do.
    reason, _, remedy = warning.message.removeprefix(f"{printable(file)}: ").partition(". ")
    return MediaCutOff(f"{reason}; what there is was transcribed", file=file, remedy=remedy)


def write_results(
    results: Sequence[Result], output: Path, formats: Sequence[str], *, overwrite: int = 0
) -> tuple[Path, ...]:
    """Write results that are there already, of one article or of one medium, in the folder `output`.

    As in :func:`run_job`, a failure does not take the place of what is there.

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
    done = [writing.done(piece, stem, r, None) for r, (piece, stem) in zip(results, writing.stems, strict=True)]
    page = writing.page(results) if not writing.kept_page() else ()
    return (*(path for item in done for path in item.files), *page)


@dataclass
class _Writing:
    """The media of a job, and the folder that their results go to."""

    job: Job
    settings: Settings
    folder: OutputFolder
    taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        where = str((self.folder.root / self.job.folder).absolute())
        self.stems: Sequence[tuple[Piece, str]] = [
            (piece, _untaken(stem, where, self.taken)) for piece, stem in _stems(self.job)
        ]
        self._page_names = self._named_pages(where)
        #: By stem, what stays of an earlier run.
        self._kept: dict[str, Earlier] = {}

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
        for name in self._page_names:
            self.folder.check(self._place(name), overwrite=settings.overwrite)
        self.folder.prepare()

    def result(self, result: Result, stem: str) -> tuple[Path, ...]:
        """Write the files of one medium; of one that could not be read, its record: it has nothing to show."""
        formats = self.settings.formats if result.media.sha256 is not None else ("json",)
        language = self.settings.language
        contents: dict[str, str | bytes] = {**render_media(result, formats, language=language)}
        contents |= render_pictures(result, formats, language=language)
        return self._write({stem + ending: content for ending, content in contents.items()})

    def done(self, piece: Piece, stem: str, result: Result, error: MediakitError | None) -> Done:
        """Write the files of one medium, unless what an earlier run left of it is more."""
        result = self._said(piece, stem, result)
        earlier = None
        if result.media.sha256 is None or is_incomplete(result):
            earlier = self._earlier(piece, stem)
        if earlier is None or not is_worse(result, earlier.result):
            replaces = self._earlier_version(stem)
            return Done(piece, result, self.result(result, stem), error, replaces=replaces)
        self._kept[stem] = earlier
        return Done(piece, result, (), error and _with_kept(error), keeps_earlier=True)

    def _earlier_version(self, stem: str) -> str | None:
        """The schema of the record that lies there, where it is not today's."""
        found = version_at(self.folder.root / self._place(f"{stem}.{self.settings.language}.json"))
        return found if found != SCHEMA else None

    def _earlier(self, piece: Piece, stem: str) -> Earlier | None:
        """What there is of a medium; of one that is not there it may be in the sub-folder that it is named in."""
        folders = PurePath(*_folders_in(piece.named)) if piece.path is None else PurePath()
        for place in dict.fromkeys((stem, (folders / stem).as_posix())):
            earlier = find_earlier(self._here, place, piece.named, self.settings.language, self._page_before)
            if earlier is not None:
                return earlier
        return None

    def kept_page(self) -> tuple[Path, ...]:
        """The pages that are left as they are: nothing is new, or not all of what was there can be read back."""
        kept = [self._kept.get(stem) for _, stem in self.stems]
        if not all(kept) and not any(earlier is not None and earlier.result is None for earlier in kept):
            return ()
        places = (self.folder.root / self._place(name) for name in self._page_names)
        return tuple(path for path in places if path.is_file())

    def page(self, results: Sequence[Result]) -> tuple[Path, ...]:
        """Write what there is one of an article: its reader page with its linked data, its book."""
        article = self.job.article
        if article is None or not self._page_names:
            return ()
        kept = [self._kept.get(stem) for _, stem in self.stems]
        shown = [
            self._shown(result, piece, stem, earlier, article)
            for result, (piece, stem), earlier in zip(results, self.stems, kept, strict=True)
        ]
        return self._write_page(article, [result for result, _ in shown], [medium for _, medium in shown])

    def _write_page(self, article: Article, results: Sequence[Result], media: Sequence[PageMedia]) -> tuple[Path, ...]:
        names, texts = self._page_names, {}
        for name in names:
            if name.endswith(".html"):
                texts[name] = render_page(article, media, name)
            elif name.endswith(".jsonld"):
                texts[name] = render_linked_data(article, media, names[0])
        written = self._write(texts)
        for name in names:
            if name.endswith(".epub") and is_heard(article, results):
                with self.folder.making(self._place(name), overwrite=self.settings.overwrite) as path:
                    write_epub(path, article, results)
                written = (*written, self.folder.root / self._place(name))
        return written

    def _named_pages(self, where: str) -> tuple[str, ...]:
        """Names of what there is one of an article: the page, if it is asked for, comes first."""
        source, formats = self.job.source, self.settings.formats
        if source is None or self.job.article is None:
            return ()
        beside = source.parent.resolve() == self._here.resolve()
        marked, in_full = self.job.is_marked, self.job.shares_name
        stem = _untaken(page_stem(source.name, beside=beside, in_full=in_full, marked=marked), f"{where}//", self.taken)
        page = (f"{stem}.html", f"{stem}.jsonld") if "html" in formats else ()
        return (*page, f"{stem}.epub") if "epub" in formats else page

    def _said(self, piece: Piece, stem: str, result: Result) -> Result:
        """The result with a warning where its files cannot be called after the medium."""
        name = PurePath(stem).name
        if not _is_shortened(piece, name):
            return result
        what = f"{printable(piece.named)}: its name is too long for the names of results, which begin with {name}"
        return replace(result, warnings=(*result.warnings, Notice("name-shortened", what)))

    @property
    def _here(self) -> Path:
        """The folder of the job's results."""
        return self.folder.root / self.job.folder

    @cached_property
    def _page_before(self) -> ReaderPage | None:
        """The article's page as the last run left it."""
        html = next((name for name in self._page_names if name.endswith(".html")), None)
        return read_page(self._here / html) if html is not None else None

    def _page_media(self, result: Result, stem: str) -> PageMedia:
        if result.media.sha256 is None or result.media.file is None:
            return PageMedia(result, None)
        vtt, srt, txt = (
            f"{stem}.{self.settings.language}.{name}" if name in self.settings.formats else None
            for name in ("vtt", "srt", "txt")
        )
        return PageMedia(result, self._url_path(result.media.file), vtt, subrip=srt, transcript=txt)

    def _shown(
        self, result: Result, piece: Piece, stem: str, earlier: Earlier | None, article: Article
    ) -> tuple[Result, PageMedia]:
        """What the page shows of a medium: its result, or what stays of an earlier run."""
        if earlier is None or earlier.result is None:
            return result, self._page_media(result, stem)
        shown = tied_to(earlier.result, article)
        source = earlier.source
        if piece.path is not None or source is None:
            place = place_of(self.job, piece)
            source = self._url_path(place) if place is not None else None
        names = (earlier.captions, earlier.subrip, earlier.transcript)
        return shown, PageMedia(shown, source, names[0], subrip=names[1], transcript=names[2])

    def _url_path(self, path: Path) -> str:
        """Where the medium is, seen from the page."""
        here = (self.folder.root / self.job.folder).resolve()
        try:
            return PurePath(os.path.relpath(path.resolve(), here)).as_posix()
        except ValueError:  # another drive
            return path.resolve().as_posix()

    def _place(self, name: str) -> PurePath:
        return self.job.folder / name

    def _write(self, contents: Mapping[str, str | bytes]) -> tuple[Path, ...]:
        """Write files that belong together: all of them, or none."""
        placed = {self._place(name).as_posix(): content for name, content in contents.items()}
        return self.folder.write_all(placed, overwrite=self.settings.overwrite)


def _with_kept(error: MediakitError) -> MediakitError:
    """The error, which says that nothing was lost by it."""
    what = error.what.partition("; what there is was transcribed")[0]
    return type(error)(what, file=error.file, remedy=f"{error.remedy} Its earlier result is kept.".strip())


def _stems(job: Job) -> Iterator[tuple[Piece, str]]:
    """Each medium with the beginning of its result names, below the job's folder; no two the same.

    A medium in a sub-folder of its article's folder keeps the sub-folder.
    """
    taken: set[str] = set()
    for piece in job.pieces:
        stem = _stem(job, piece)
        if piece.is_shared and job.source is not None:
            named = safe_stem(job.source.name if job.shares_name else job.source.stem)
            stem = shortened(f"{stem}.{named}{mark_of_name(job.source.name) if job.is_marked else ''}")
        if piece.path is not None and job.source is not None and not job.source_is_media:
            stem = (_below(piece.path.parent, job.source.parent) / stem).as_posix()
        yield piece, _untaken(stem, "", taken)


def _untaken(stem: str, where: str, taken: set[str]) -> str:
    """The stem, with a number where it is taken in that place; it is taken then."""
    unique, number = stem, 2
    while name_key(f"{where}/{unique}") in taken:
        unique, number = f"{stem}.{number}", number + 1
    taken.add(name_key(f"{where}/{unique}"))
    return unique


def _stem(job: Job, piece: Piece) -> str:
    """A medium's stem in its folder; that of one that is not there is what it would be."""
    place = place_of(job, piece)
    if place is None:
        return output_stem(safe_name(piece.named), [safe_name(p.named) for p in job.pieces if p is not piece])
    others = (place_of(job, other) for other in job.pieces if other is not piece)
    near = [other.name for other in others if other is not None and other.parent == place.parent]
    there = siblings(place)
    return output_stem(own_name(place, there), [*there, *near])


def _is_shortened(piece: Piece, stem: str) -> bool:
    named = nfc(piece.path.name if piece.path is not None else safe_name(piece.named))
    too_long = len(named.encode("utf-8", "replace")) > LONGEST_STEM_BYTES
    return too_long and not stem.startswith(stem_of(named))


def _folders_in(named: str) -> list[str]:
    """The sub-folders in the name of an attachment; none where it leads elsewhere."""
    *folders, _ = re.split(r"[/\\]", named)
    return [] if any(part in ("", "..") or ":" in part for part in folders) else folders


def _below(folder: Path, root: Path) -> PurePath:
    """The way from `root` down to `folder`; empty where it lies elsewhere."""
    try:
        return folder.resolve().relative_to(root.resolve())
    except ValueError:
        return PurePath()
