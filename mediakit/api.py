"""The calls that `import mediakit` offers."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from mediakit.errors import UsageError
from mediakit.jobs.batch import Outcome
from mediakit.jobs.batch import transcribe_folder as _transcribe_folder
from mediakit.jobs.doubts import doubts
from mediakit.jobs.plan import plan
from mediakit.jobs.run import transcribe_piece, write_results
from mediakit.jobs.settings import Desk, Settings
from mediakit.jobs.store import local_or_address
from mediakit.jobs.summary import medium_summary
from mediakit.outputs.bundle import FORMATS, parse_formats
from mediakit.result import Result
from mediakit.speech.heard import HeardStore
from mediakit.speech.models import settle_model

#: Told of each media file when it is begun; what it returns is told the milliseconds done and, if known, of how many.
OnMedium = Callable[[str], "Callable[[int, int | None], None] | None"]


def transcribe(
    source: str | Path,
    article: str | Path | None = None,
    *,
    engine: str = "faster-whisper",
    model: str = "base",
    language: str = "vi",
    profile: str = "netflix-vi",
    audio_stream: int | None = None,
    media_dir: str | Path | None = None,
    strict: bool = False,
    on_medium: OnMedium | None = None,
) -> Result:
    """Transcribe one media file, or the media that an article names.

    Parameters
    ----------
    source
        A media file, an article (`.txt`, `.html`), or a folder with one article and its media.
    article
        The article that the media belong to, where `source` is media.
    model
        A known model's name or a folder with one.
    language
        What is spoken (ISO 639-1), or "auto": that of the article, and of loose media what is heard in their first
        minute of speech. Stretches in another language are marked as such either way, where the engine can tell.
    audio_stream
        Which audio stream, from 0; by default the one that the file marks.
    media_dir
        Where an article's attachments are looked for; by default beside it.
    strict
        Whether a doubt is an error: a medium in which nothing of its article is said, or nothing at all.

    Returns
    -------
    Result
        Of the media file; where an article names several, of the first that could be used, and `also` holds the
        others. An attachment that is missing or cannot be read is a result with a warning and no segments.

    Raises
    ------
    MediakitError
        If the source or the article cannot be used, or `source` is a media file that cannot be read.
    DoubtfulResult
        If `strict` is given and a result is doubtful.
    """
    chosen = Settings(
        engine=engine,
        model=settle_model(model, engine),
        language=language,
        profile=profile,
        audio_stream=audio_stream,
        media_dir=Path(media_dir) if media_dir is not None else None,
    )
    job = plan(Path(source), article=Path(article) if article is not None else None, media_dir=chosen.media_dir)
    desk = Desk(chosen)
    desk.check()
    results: list[Result] = []
    with tempfile.TemporaryDirectory(prefix="mediakit-") as folder:
        for piece in job.pieces:
            result, error = transcribe_piece(job, piece, desk, HeardStore(Path(folder)), on_medium)
            if error is not None and result.media.sha256 is None and job.source_is_media:
                raise error
            results.append(result)
    if strict and (found := doubts(map(medium_summary, results))):
        raise found[0]
    first = next((i for i, result in enumerate(results) if result.media.sha256), 0)
    return replace(results[first], also=tuple(results[:first] + results[first + 1 :]))


def write(
    result: Result,
    output: str | Path,
    *,
    formats: Sequence[str] = FORMATS,
    overwrite: int = 0,
) -> tuple[Path, ...]:
    """Write a result (and those in `also`) as files in the folder `output`; return their paths.

    Each file appears whole or not at all. A file that mediakit did not write is replaced only with `overwrite`, and one
    that a person edited or changed since only where that is 2.

    Raises
    ------
    UsageError
        If a format is not known.
    OutputError
        If a file cannot be written; :class:`~mediakit.errors.OutputExists` if one stands in the way.
    """
    return write_results((result, *result.also), Path(output), parse_formats(",".join(formats)), overwrite=overwrite)


def transcribe_folder(
    folder: str | Path,
    output: str | Path | None = None,
    *,
    engine: str = "faster-whisper",
    model: str = "base",
    language: str = "vi",
    profile: str = "netflix-vi",
    formats: Sequence[str] = FORMATS,
    overwrite: int = 0,
    strict: bool = False,
    on_medium: OnMedium | None = None,
) -> Iterator[Outcome]:
    """Transcribe and write every article with its media and every loose media file under `folder`.

    Yields an :class:`~mediakit.jobs.batch.Outcome` as each ends; what is done already is skipped, a failure is an
    outcome and not an exception. With `strict` a doubtful result is a failure too; its files are written all the same.

    Raises
    ------
    UsageError, ModelError, EngineError
        What no job could get past: no such folder, engine or model.
    """
    chosen = Settings(
        engine=engine,
        model=settle_model(model, engine),
        language=language,
        profile=profile,
        formats=parse_formats(",".join(formats)),
        overwrite=overwrite,
        strict=strict,
    )
    place = local_or_address(folder)
    if isinstance(place, Path) and not place.is_dir():
        raise UsageError("no such folder", file=folder)
    return _transcribe_folder(folder, output, settings=chosen, on_medium=on_medium)
