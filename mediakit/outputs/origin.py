"""Whose a file is, told from what it and the files beside it hold.

The ledger in `.mediakit/` knows better, but that folder may be deleted, and results are copied without it. A record
says of itself that it was edited in a review; captions, transcripts and pictures are what their record gives again;
pages and books are sealed (`seal.py`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote

from mediakit.article.document import Article
from mediakit.outputs.bundle import formats_by_ending, render_media, render_pictures
from mediakit.outputs.record import Edited, edited_in, parse_record
from mediakit.outputs.record_fields import load_json
from mediakit.outputs.seal import state_of_archive, state_of_page
from mediakit.result import Result

#: `written`: by mediakit, and as it was then; `edited`: by a person in a review; `changed`: by mediakit, and changed by
#: other means since; `foreign`: nothing says that mediakit wrote it.
Origin = Literal["written", "edited", "changed", "foreign"]

#: Of a medium: NAME, the language, and what the format is known by. Formats by what their files end in.
_FORMATS = formats_by_ending()
_RESULT = re.compile(rf"(?P<stem>.+\.[a-z]{{2,3}})\.(?P<ending>{'|'.join(map(re.escape, _FORMATS))})", re.DOTALL)
#: Formats that hold the captions with all their times, to the millisecond, and those that hold the segments.
_CAPTIONS = ("srt", "vtt", "ttml", "sbv")
_SEGMENTS = ("txt",)
_DATA = re.compile(rb'<script type="application/json" id="mediakit-data">(.*?)</script>', re.DOTALL)
_LINKED = re.compile(rb'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
_AUTHOR = re.compile(r"^\[ar:(.*)\]$", re.MULTILINE)
_REPORT, _REPORT_SCHEMA = "report.json", re.compile(r"mediakit/batch@\d+")
#: Three hours of speech are some 10 MB; what is larger by far is none of ours.
_LARGEST_BYTES = 256 << 20


def origin_of(path: Path) -> Origin:
    """Whose the file at `path` is, which is there; a link is somebody's, whatever it leads to.

    >>> origin_of(Path(__file__))
    'foreign'
    """
    tell = _teller(path)
    if tell is None:
        return "foreign"
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _LARGEST_BYTES:
            return "foreign"
        return tell(path)
    except OSError:
        return "foreign"


def _teller(path: Path) -> Callable[[Path], Origin] | None:
    """What tells whose a file of that name is; None where no file of ours is called so."""
    if path.name == _REPORT:
        return _report
    if path.suffix in _BY_SUFFIX:
        return _BY_SUFFIX[path.suffix]
    found = _RESULT.fullmatch(path.name)
    if found is None:
        return None
    return _record if found["ending"] == "json" else _of_record


@dataclass(frozen=True, slots=True)
class _Record:
    """A record as it lies there: its result, whether a person edited it, and whether its form is the one we write."""

    result: Result
    edited: Edited | None
    is_ours: bool


def _read(path: Path) -> _Record | None:
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _LARGEST_BYTES:
            return None
        data = path.read_bytes()
        loaded = load_json(data)
        return _Record(parse_record(loaded), edited_in(loaded), _in_our_form(loaded, data, indent=1))
    except (OSError, ValueError):
        return None


def _in_our_form(loaded: object, data: bytes, *, indent: int) -> bool:
    """Whether JSON is laid out as we lay it out; other programs, and formatters of editors, do otherwise."""
    text = json.dumps(loaded, ensure_ascii=False, indent=indent) + "\n"
    return text.encode("utf-8", errors="replace") == data


def _record(path: Path) -> Origin:
    record = _read(path)
    if record is None:
        return "foreign"
    if record.edited is not None:
        return "edited"
    return "written" if record.is_ours and _is_borne_out(path, record.result) else "changed"


def _is_borne_out(path: Path, result: Result) -> bool:
    """Whether what was made of the record says the same as it does; where nothing was, whether it agrees with itself.

    One file of captions is enough: another may be the one that was changed.
    """
    stem = path.name.removesuffix(".json")
    beside = {ending: path.with_name(f"{stem}.{ending}") for ending in (*_CAPTIONS, *_SEGMENTS)}
    said = {ending: _is_given(file, ending, result) for ending, file in beside.items() if file.is_file()}
    if not said:
        return _agrees_with_itself(result)
    found = ([said[ending] for ending in kind if ending in said] for kind in (_CAPTIONS, _SEGMENTS))
    return all(any(answers) for answers in found if answers)


def _agrees_with_itself(result: Result) -> bool:
    """Whether words are those of their segments, and captions those of all of them: who edits by hand does it once."""
    texts = [segment.text.split() for segment in result.segments]
    words = [" ".join(word.text for word in segment.words).split() for segment in result.segments]
    shown = [word for caption in result.captions for line in caption.lines for word in line.split()]
    return words == texts and shown == [word for text in texts for word in text]


def _of_record(path: Path) -> Origin:
    """Of a file that is made of a record."""
    found = _RESULT.fullmatch(path.name)
    assert found is not None
    record = _read(path.with_name(f"{found['stem']}.json"))
    if record is None:
        return "foreign"
    if not _is_given(path, found["ending"], record.result):
        return "changed"
    return "edited" if record.edited is not None else "written"


def _is_given(path: Path, ending: str, result: Result) -> bool:
    """Whether the result, as its record has it, gives the file as it is."""
    language = path.name.removesuffix(f".{ending}").rpartition(".")[2]
    held = path.read_bytes()
    form, name = _FORMATS[ending], f".{language}.{ending}"
    given: Mapping[str, str | bytes]
    if ending == "png":
        given = render_pictures(result, (form,), language=language)
    else:
        if ending == "lrc":
            result = _with_author(result, held)
        given = render_media(result, (form,), language=language)
    wanted = given.get(name)
    return wanted is not None and held == (wanted if isinstance(wanted, bytes) else wanted.encode("utf-8", "replace"))


def _with_author(result: Result, held: bytes) -> Result:
    """The result with the article's author, whom lyrics name and records do not."""
    author = _AUTHOR.search(held.decode("utf-8", errors="replace"))
    if result.article is None or author is None:
        return result
    return replace(result, article=replace(result.article, document=Article("", (), author=author[1])))


def _page(path: Path) -> Origin:
    state = state_of_page(path)
    if state != "whole":
        return "foreign" if state == "none" else "changed"
    return "edited" if any(_is_edited(record) for record in _records_of(path)) else "written"


def _is_edited(record: Path) -> bool:
    found = _read(record)
    return found is not None and found.edited is not None


def _records_of(page: Path) -> set[Path]:
    """The records that lie beside the files that a page of ours offers."""
    found = _DATA.search(page.read_bytes())
    try:
        media: Any = load_json(found[1])["media"] if found is not None else []
        files = [unquote(url) for medium in media for url in medium["downloads"].values() if url]
    except (ValueError, TypeError, KeyError, AttributeError):
        return set()
    names = {f"{file.rpartition('.')[0]}.json" for file in files if "\0" not in file}
    return {page.parent / name for name in names}


def _linked_data(path: Path) -> Origin:
    """Of the description of an article, which is in its page too."""
    page = path.with_suffix(".html")
    try:
        whose = origin_of(page) if page.is_file() else "foreign"
        if whose not in ("written", "edited"):
            return "foreign"
        found = _LINKED.search(page.read_bytes())
        held = path.read_bytes()
        loaded = load_json(held)
        same = found is not None and load_json(found[1]) == loaded
    except ValueError:
        return "changed"
    return whose if same and _in_our_form(loaded, held, indent=1) else "changed"


def _book(path: Path) -> Origin:
    state = state_of_archive(path)
    return "written" if state == "whole" else "foreign" if state == "none" else "changed"


def _report(path: Path) -> Origin:
    """Of the report of a batch, which nobody has a reason to edit."""
    try:
        data = path.read_bytes()
        loaded = load_json(data)
    except ValueError:
        return "foreign"
    schema = loaded.get("schema") if isinstance(loaded, dict) else None
    if not isinstance(schema, str) or not _REPORT_SCHEMA.fullmatch(schema):
        return "foreign"
    return "written" if _in_our_form(loaded, data, indent=2) else "changed"


_BY_SUFFIX: Mapping[str, Callable[[Path], Origin]] = {".html": _page, ".jsonld": _linked_data, ".epub": _book}
