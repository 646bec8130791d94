"""What an earlier run left of a medium: no failure takes its place."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from mediakit.article.document import Article
from mediakit.captions.caption import Caption
from mediakit.errors import MediaCutOff, MediaDecodeError, OutputError
from mediakit.notices import Notice
from mediakit.outputs.bundle import FORMATS, FURTHER_FORMATS, endings
from mediakit.outputs.page_listing import Listed, ReaderPage, is_plain_file
from mediakit.outputs.record import read_record
from mediakit.result import Result
from mediakit.speech.languages import AUTO
from mediakit.transcript.segments import Segment, untied
from mediakit.vietnamese.normal import nfc

#: Of one and the same file, so much less may be heard for other reasons than that less of it could be decoded.
_SLACK_MS = 1000


@dataclass(frozen=True, slots=True)
class Earlier:
    """A medium's result of an earlier run, and its files as a page names them (POSIX, relative to the page).

    `result` is None where files are there that cannot be read back: captions without a record, a record of another
    medium or another version.
    """

    result: Result | None
    source: str | None = None
    captions: str | None = None
    subrip: str | None = None
    transcript: str | None = None


def find_earlier(folder: Path, stem: str, named: str, language: str, page: ReaderPage | None) -> Earlier | None:
    """What there is of the medium that is `named` so; None if nothing is, or no more than that it failed before.

    Parameters
    ----------
    folder, stem
        Where its files are, and how their names begin.
    language
        The one in their names; for "auto" any.
    page
        The article's page as it is, which may know the files by names that they had then.
    """
    listed = next((m for m in page.media if nfc(m.name) == nfc(named)), None) if page is not None else None
    if page is not None and listed is not None and listed.record is not None and _is_below(listed.record):
        result = _read(page.path.parent / listed.record)
        if result is not None and result.media.sha256 is not None:
            return _listed_earlier(result, listed)
    languages = _languages(folder, stem) if language == AUTO else [language]
    records = {one: folder / f"{stem}.{one}.json" for one in languages}
    there = {one: path for one, path in records.items() if os.path.lexists(path)}
    for one, path in there.items():
        result = _read(path)
        if result is None:
            return Earlier(None)
        if result.media.sha256 is not None:
            is_of_it = result.media.path == nfc(named)
            return _named_earlier(result if is_of_it else None, folder, stem, one, listed)
    # Captions beside a record of a failure are older than it; without any record they may be all that was asked for. So
    # may a page be, which names the source only of a medium that was heard.
    alone = not there and any(_has_captions(folder, stem, one) for one in languages)
    in_page = listed is not None and listed.source is not None
    return Earlier(None) if alone or in_page else None


def is_worse(result: Result, earlier: Result | None) -> bool:
    """Whether a result must not take the place of the earlier one: a failure, or part of what was there whole."""
    if result.media.sha256 is None:
        return True
    if earlier is None or not is_incomplete(result):
        return False
    if earlier.media.sha256 != result.media.sha256:
        return (earlier.media.duration_ms or 0) >= (result.media.duration_ms or 0)
    return not is_incomplete(earlier) and _end_ms(earlier) > _end_ms(result) + _SLACK_MS


def is_incomplete(result: Result) -> bool:
    """Whether only the beginning of the medium could be read."""
    return cut_short(result) is not None


def cut_short(result: Result) -> Notice | None:
    """The warning that says why only the beginning of the medium could be read; None if all of it was."""
    return next((w for w in result.warnings if w.code in (MediaCutOff.code, MediaDecodeError.code)), None)


def tied_to(result: Result, article: Article) -> Result:
    """An earlier result with the ids that its sentences have in the article as it is now; those that are gone are none.

    The record stays as it is: this is for the page.
    """
    if result.article is None or result.article.sentences == article.sentences:
        return result
    ids = {sentence.text: sentence.id for sentence in article.sentences}
    now = {sentence.id: ids[sentence.text] for sentence in result.article.sentences if sentence.text in ids}
    return replace(
        result,
        segments=tuple(_segment_tied(segment, now.get(segment.sentence or "")) for segment in result.segments),
        captions=tuple(_caption_tied(caption, now) for caption in result.captions),
    )


def _segment_tied(segment: Segment, sentence: str | None) -> Segment:
    return replace(segment, sentence=sentence) if sentence is not None else untied(segment)


def _caption_tied(caption: Caption, now: Mapping[str, str]) -> Caption:
    return replace(caption, sentences=tuple(now[sentence] for sentence in caption.sentences if sentence in now))


def _read(path: Path) -> Result | None:
    try:
        return read_record(path) if is_plain_file(path) else None
    except OutputError:
        return None


def _is_below(place: str) -> bool:
    """Whether a relative path stays in its folder: a page may come from anywhere."""
    return ".." not in PurePosixPath(place).parts


def _listed_earlier(result: Result, listed: Listed) -> Earlier:
    return Earlier(result, listed.source, listed.captions, listed.subrip, listed.transcript)


def _named_earlier(result: Result | None, folder: Path, stem: str, language: str, listed: Listed | None) -> Earlier:
    names = (f"{stem}.{language}.{ending}" for ending in ("vtt", "srt", "txt"))
    captions, subrip, transcript = (name if is_plain_file(folder / name) else None for name in names)
    return Earlier(result, listed.source if listed is not None else None, captions, subrip, transcript)


def _has_captions(folder: Path, stem: str, language: str) -> bool:
    formats: Iterable[str] = (name for name in (*FORMATS, *FURTHER_FORMATS) if name != "json")
    return any(os.path.lexists(folder / (stem + end)) for end in endings(formats, language=language, linked=False))


def _languages(folder: Path, stem: str) -> list[str]:
    """The languages in the names of a medium's records."""
    place = folder / stem
    form = re.compile(re.escape(place.name) + r"\.([a-z]{2,3})\.json")
    try:
        names = os.listdir(place.parent)  # noqa: PTH208
    except OSError:
        return []
    return sorted(match[1] for name in names if (match := form.fullmatch(nfc(name))))


def _end_ms(result: Result) -> int:
    return result.segments[-1].end_ms if result.segments else 0
