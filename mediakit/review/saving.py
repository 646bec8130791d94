"""Saving an edit: the record and all that was made of it, together, unless somebody else has changed it meanwhile.

What is saved is a person's: the ledger does not know it (`versions.py`), so that no later run replaces it without
`--overwrite` said twice. What was there before is kept.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from mediakit.errors import MediakitError, OutputError
from mediakit.outputs.bundle import FORMATS, FURTHER_FORMATS, endings, render_media
from mediakit.outputs.files import EDITS_TOO, STATE_FOLDER, VERSIONS_FOLDER, OutputFolder
from mediakit.outputs.page_listing import ReaderPage, is_plain_file
from mediakit.outputs.record import Edited, decode_record, render_record
from mediakit.result import Result
from mediakit.review.edits import Edit, apply
from mediakit.review.pages import PageNotMade, is_inside, page_of, page_texts
from mediakit.review.versions import EditsLedger, keep_version

_LOCK = "review.lock"
_PATIENCE_S = 10.0


class RecordChanged(MediakitError):
    """The record is another than the one that was edited; `version` is what it is now."""

    stage = "review"
    code = "record-changed"

    def __init__(self, what: str, *, file: str | Path | None = None, remedy: str = "", version: str = "") -> None:
        super().__init__(what, file=file, remedy=remedy)
        self.version = version


class SavingBusy(MediakitError):
    """Another program is saving in the folder."""

    stage = "review"
    code = "saving-busy"


@dataclass(frozen=True, slots=True)
class Saved:
    """What was saved: the record's new version, the files written, and what could not be made anew, with reasons."""

    version: str
    files: tuple[Path, ...]
    left: tuple[PageNotMade, ...] = ()


def version_of(record: bytes) -> str:
    """The version of a record: the SHA-256 of its bytes."""
    return hashlib.sha256(record).hexdigest()


def save(record: Path, root: Path, version: str, edit: Edit, at: datetime) -> Saved:
    """Put an edit into a record, and write all that was made of it anew.

    Either all files change or none. Files that were not written for the record (`--formats`) are not added.

    Parameters
    ----------
    record
        The record's file, at or below the folder `root` that is reviewed.
    version
        Of the record that was edited (:func:`version_of`).
    at
        The moment of saving, in UTC.

    Raises
    ------
    RecordChanged
        If the record is of another version by now; nothing is written then.
    EditRefused
        If the edit does not make a record.
    SavingBusy
        If another program has been saving in the folder for ten seconds.
    OutputError
        If the record cannot be read or a file cannot be written.
    """
    home = home_of(record, root)
    for kept in (home / STATE_FOLDER, home / STATE_FOLDER / VERSIONS_FOLDER):
        if os.path.lexists(kept) and not is_inside(kept, root):
            raise OutputError("leads outside the folder that is reviewed", file=kept, remedy="Remove the link.")
    folder = OutputFolder(home, ledger=EditsLedger(home / STATE_FOLDER))
    folder.prepare()
    try:
        with FileLock(home / STATE_FOLDER / _LOCK, timeout=_PATIENCE_S):
            return _save(record, root, version, edit, at, folder)
    except Timeout as error:
        raise SavingBusy("another program is saving here", file=home, remedy="Save again in a moment.") from error


def home_of(record: Path, root: Path) -> Path:
    """The output folder of a record: the nearest at or above it, up to `root`, where mediakit keeps its state."""
    for folder in (record.parent, *record.parent.parents):
        if (folder / STATE_FOLDER).is_dir():
            return folder
        if folder == root:
            break
    return record.parent


def _save(record: Path, root: Path, version: str, edit: Edit, at: datetime, folder: OutputFolder) -> Saved:
    data = _read(record)
    current = version_of(data)
    if current != version:
        raise RecordChanged(
            "has been changed since it was loaded", file=record, remedy="Load it again; your edit is kept in the page.",
            version=current,
        )  # fmt: skip
    before = decode_record(data, record)
    after = apply(edit, before)
    page = page_of(record, before, folder.root)
    texts, left = _derived(record, after, page, root)
    texts[record] = render_record(after, Edited(f"{at:%Y-%m-%dT%H:%M:%SZ}"))
    _keep(record, data, before, page, root, texts, folder, at)
    names = {path.relative_to(folder.root).as_posix(): text for path, text in texts.items()}
    folder.write_all(names, overwrite=EDITS_TOO)
    return Saved(version_of(texts[record].encode()), tuple(texts), left)


def _derived(
    record: Path, result: Result, page: ReaderPage | None, root: Path
) -> tuple[dict[Path, str], tuple[PageNotMade, ...]]:
    """The texts of the files that are there besides the record, and why a page is not among them."""
    texts = _media_texts(record, result)
    if page is not None:
        try:
            texts |= page_texts(page, record, result, root)
        except PageNotMade as error:
            return texts, (error,)
    return texts, ()


def _media_texts(record: Path, result: Result) -> dict[Path, str]:
    """The texts of the medium's files that are there besides the record."""
    language = result.engine.language
    stem = record.name.removesuffix(f".{language}.json")
    if stem == record.name:
        return {}  # renamed: nobody knows what the others are called
    formats = [
        name
        for name in (*FORMATS, *FURTHER_FORMATS)
        for ending in endings((name,), language=language, linked=False)
        if name != "json" and is_plain_file(record.with_name(stem + ending))
    ]
    rendered = render_media(result, formats, language=language)
    found = {record.with_name(stem + ending): text for ending, text in rendered.items()}
    return {path: text for path, text in found.items() if is_plain_file(path)}


def _keep(
    record: Path, data: bytes, before: Result, page: ReaderPage | None, root: Path,
    texts: Mapping[Path, str], folder: OutputFolder, at: datetime,
) -> None:  # fmt: skip
    """Keep what is lost otherwise: the record, and each file that is not what the record, as it was, gives again."""
    again, _ = _derived(record, before, page, root)
    for path in texts:
        held = data if path == record else _read(path)
        if path == record or held != again[path].encode("utf-8", errors="replace"):
            keep_version(folder.root, path.relative_to(folder.root), held, at)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise OutputError(f"cannot be read ({error.strerror or error})", file=path) from error
