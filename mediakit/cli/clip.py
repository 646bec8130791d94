"""`mediakit clip SOURCE`: the sound of a sentence, a caption, a time or a phrase, as a file of its own."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from mediakit.article.attachments import find_attachment, media_kind
from mediakit.article.document import Attachment
from mediakit.cli.console import Talk
from mediakit.cli.options import add_overwrite, add_talk
from mediakit.errors import AttachmentError, MediaError, MediakitError, MediaMissing, OutputError, UsageError, printable
from mediakit.media.clip import FORMATS, LONGEST_MS, Fades, Medium, cut, fade, join, open_medium, write_clip
from mediakit.media.fingerprint import sha256_of
from mediakit.media.probe import probe
from mediakit.outputs.captions_file import read_track
from mediakit.outputs.files import OutputFolder, settle_around
from mediakit.outputs.passages import (
    Passage,
    at_time,
    of_caption,
    of_phrase,
    of_sentence,
    padded,
    parse_times,
    told_apart,
)
from mediakit.outputs.record import read_record
from mediakit.result import Result
from mediakit.speech.choice import choose
from mediakit.subtitles.track import Track
from mediakit.timeline import Span, timestamp
from mediakit.vietnamese.normal import nfc

_EXAMPLES = """\
examples:
  mediakit clip ban-tin.vi.json --sentence p3s2           ban-tin.p3s2.mp3: the sentence, each time it is said
  mediakit clip ban-tin.vi.srt --caption 4 --fade 0       one caption; the media lie beside the captions
  mediakit clip ban-tin.mp3 --time 0:01-0:02.5 -o mo-dau.wav
  mediakit clip ban-tin.vi.json --search "Đông Hòa" --joined --format m4a

Each selection may be given several times. Around speech a little silence is kept (80 ms before, 120 ms after), never
the speech beside it; a time is cut as it is given, unless --pad is. Tags tell the text, the article and the place.
"""
_PAD_MS = (80, 120)
_BETWEEN_MS = 300
_LANGUAGE = re.compile(r"\.[a-z]{2,3}(-[a-z0-9]+)*", re.IGNORECASE)
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    command.epilog = _EXAMPLES
    command.add_argument("source", type=Path, metavar="SOURCE", help="a record, captions (.srt, .vtt), or media")
    for kind, metavar, summary in (
        ("sentence", "ID", "a sentence of the article, such as p3s2"),
        ("caption", "ID", "a caption by its id or number"),
        ("time", "A-B", "a time, such as 1:02-1:08.5"),
        ("search", "TEXT", "every place where these words are said; without marks (hoa) all of them are found"),
    ):
        # One list for all, so that clips come in the order in which they were asked for.
        command.add_argument(
            f"--{kind}", type=partial(_Selection, kind), action="append", dest="selections", metavar=metavar,
            help=summary,
        )  # fmt: skip
    command.add_argument("--media", type=Path, metavar="FILE", help="the media (default: found beside SOURCE)")
    command.add_argument("--pad", type=_whole, metavar="MS", help="silence to keep at both ends (default: 80 and 120)")
    command.add_argument("--fade", type=_whole, metavar="MS", help="length of both fades (default: 10 in, 20 out)")
    command.add_argument("--format", choices=FORMATS, help="of the clips (default: by the ending of -o, else mp3)")
    command.add_argument("--joined", action="store_true", help="one file of all clips, with 300 ms of silence between")
    command.add_argument("-o", "--output", type=Path, metavar="FILE_OR_DIR", help="where to (default: beside SOURCE)")
    add_overwrite(command)
    add_talk(command)


def run(chosen: argparse.Namespace) -> int:
    """Run the command; 1 if something could not be found or cut."""
    talk = Talk(quiet=chosen.quiet, verbose=chosen.verbose, as_json=chosen.json)
    selections: list[_Selection] = chosen.selections or []
    if not selections:
        raise UsageError("nothing was selected", remedy="Give --sentence, --caption, --time or --search.")
    form, target = _target(chosen)
    settle_around(chosen.source)
    source = _read(chosen.source)
    finders = [source.finder(selection) for selection in selections]
    failures: list[MediakitError] = []

    def failed(error: MediakitError) -> None:
        failures.append(error)
        talk.error(error)

    passages: list[Passage] = []
    for find in finders:
        try:
            passages += find()
        except MediakitError as error:
            failed(type(error)(error.what, file=chosen.source, remedy=error.remedy))
    passages = told_apart(passages)
    if target is not None and len(passages) > 1 and not chosen.joined:
        raise UsageError(
            f"{len(passages)} clips do not go into one file", file=target, remedy="Give a folder, or --joined."
        )
    clips: list[dict[str, object]] = []
    if passages:
        bench = _bench(chosen, source, form, target)
        for warning in bench.warnings:
            talk.warn(warning)
        clips = bench.make(passages, failed)
    for clip in clips:
        talk.say(f"{printable(str(clip['file']))}: {_shown(clip)}")
    talk.result({"clips": clips, "failures": [str(failure) for failure in failures]})
    return 1 if failures else 0


@dataclass(frozen=True, slots=True)
class _Selection:
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class _Source:
    """What SOURCE is: a record (`result` and its captions), captions alone, or media (neither)."""

    path: Path
    track: Track | None = None
    result: Result | None = None

    @property
    def name(self) -> str:
        """How the names of clips begin: `a` for `a.vi.json`, `a.vi.srt`, `a.mp3`."""
        return _stems(self.path)[-1] if self.track is not None else self.path.stem

    def finder(self, selection: _Selection) -> Callable[[], list[Passage]]:
        """What finds the passages. A selection that SOURCE cannot have is wrong usage."""
        kind, text, track, result = selection.kind, selection.text, self.track, self.result
        if kind == "time":
            passage = at_time(parse_times(text))
            return lambda: [passage]
        if kind == "sentence" and result is not None:
            return lambda: of_sentence(result, text)
        if kind == "caption" and track is not None:
            return lambda: [of_caption(track, text, result)]
        if kind == "search" and track is not None:
            return lambda: of_phrase(track, text, result)
        needs = "a record (NAME.vi.json)" if kind == "sentence" else "a record or captions"
        raise UsageError(f"--{kind} needs {needs}", file=self.path, remedy=f"Give {needs}, or --time.")

    def media(self) -> Path:
        """The media file that it is about."""
        if self.track is None:
            return self.path
        return _of_captions(self.path) if self.result is None else _of_record(self.path, self.result)


def _read(path: Path) -> _Source:
    suffix = path.suffix.lower()
    if suffix == ".json":
        return _Source(path, read_track(path), read_record(path))
    if suffix in (".srt", ".vtt"):
        return _Source(path, read_track(path))
    return _Source(path)


def _of_record(record: Path, result: Result) -> Path:
    try:
        return find_attachment(Attachment(result.media.kind, result.media.path), record.parent)
    except AttachmentError as error:
        raise MediaMissing(f"the record's media {error.what}", file=result.media.path, remedy=_GIVE_MEDIA) from None


def _of_captions(captions: Path) -> Path:
    """The one media file beside the captions that has their name."""
    try:
        media = sorted(entry for entry in captions.parent.iterdir() if media_kind(entry) is not None)
    except OSError as error:
        raise MediaMissing(f"its folder cannot be read ({error.strerror})", file=captions, remedy=_GIVE_MEDIA) from None
    for stem in _stems(captions):
        same = [entry for entry in media if _key(stem) in (_key(entry.stem), _key(entry.name)) and entry.is_file()]
        if len(same) > 1:
            names = " and ".join(printable(entry.name) for entry in same)
            raise MediaError(f"its media may be {names}", file=captions, remedy=_GIVE_MEDIA)
        if same:
            return same[0]
    raise MediaMissing("no media of that name lie beside it", file=captions, remedy=_GIVE_MEDIA)


_GIVE_MEDIA = "Give --media FILE."


def _stems(path: Path) -> list[str]:
    """The name without its ending, and without its language: `a.vi.srt` gives `a.vi`, `a`."""
    stem = path.stem
    language = Path(stem).suffix
    return [stem, stem[: -len(language)]] if _LANGUAGE.fullmatch(language) else [stem]


def _key(name: str) -> str:
    return nfc(name.casefold())


def _target(chosen: argparse.Namespace) -> tuple[str, Path | None]:
    """The format, and the one file that everything goes into; None for a folder."""
    output: Path | None = chosen.output
    if output is None or output.is_dir() or media_kind(output) is None:
        return chosen.format or "mp3", None
    ending = output.suffix.lower().removeprefix(".")
    if ending not in FORMATS:
        raise UsageError(f"clips are no {ending}", file=output, remedy=f"They can be {', '.join(FORMATS)}.")
    if chosen.format not in (None, ending):
        raise UsageError(f"--format {chosen.format} does not fit the name", file=output)
    return ending, output


@dataclass(frozen=True, slots=True)
class _Bench:
    """Where clips are cut: the medium, how, and into what."""

    source: _Source
    medium: Medium
    pad: tuple[int, int] | None
    fades: Fades
    form: str
    folder: OutputFolder
    target: str | None
    joined: bool
    overwrite: int
    warnings: tuple[str, ...] = ()

    def make(self, passages: Sequence[Passage], failed: Callable[[MediakitError], None]) -> list[dict[str, object]]:
        """Cut and write the passages; what cannot be made is told to `failed`, and the rest is made."""
        made: list[dict[str, object]] = []
        pieces: list[tuple[Passage, Any]] = []
        # Half an hour of all together is what memory is kept for.
        held_ms = 0
        for passage in passages:
            try:
                piece = self._cut(passage)
                held_ms += len(piece)
                if not self.joined:
                    file = self._write(piece, self.target or f"{self.source.name}.{passage.label}.{self.form}", passage)
                    made.append(_object(file, passage))
                elif held_ms <= LONGEST_MS:
                    pieces.append((passage, piece))
                else:
                    raise MediaError(f"joined clips are longer than {LONGEST_MS // 60_000} minutes")
            except MediakitError as error:
                failed(error)
        if pieces:
            sound = join([piece for _, piece in pieces], _BETWEEN_MS)
            name = self.target or f"{self.source.name}.joined.{self.form}"
            try:
                file = self._write(sound, name, *(passage for passage, _ in pieces))
            except MediakitError as error:
                failed(error)
            else:
                made = [_object(file, passage) for passage, _ in pieces]
        return made

    def _cut(self, passage: Passage) -> Any:
        pad = self.pad or ((0, 0) if passage.exact else _PAD_MS)
        span = passage.span
        # A caption may stand on for a moment after the sound has ended; a time that was asked for is wanted whole.
        needed = span if passage.exact else Span(span.start_ms, span.start_ms + 1)
        return fade(cut(self.medium, padded(passage, *pad), needed), self.fades)

    def _write(self, sound: Any, name: str, *passages: Passage) -> Path:
        file = self.folder.root / name
        with self.folder.making(name, overwrite=self.overwrite) as made:
            try:
                write_clip(sound, made, self.form, self._tags(passages))
            except OutputError as error:
                raise OutputError(error.what, file=error.file or file, remedy=error.remedy) from error
        return file

    def _tags(self, passages: Sequence[Passage]) -> dict[str, str]:
        article = self.source.result.article if self.source.result is not None else None
        date = _DATE.match(article.published or "") if article is not None else None
        places = [
            f"{timestamp(p.span.start_ms)} --> {timestamp(p.span.end_ms)}" + (f" {p.sentence}" if p.sentence else "")
            for p in passages
        ]
        return {
            "title": " … ".join(passage.text for passage in passages if passage.text),
            "album": article.title if article is not None else "",
            "comment": f"{self.medium.path.name}, {'; '.join(places)}",
            "date": date[0] if date else "",
        }


def _audio_stream(path: Path) -> int | None:
    """The stream that was listened to, by the speech in it, where there are several."""
    probed = probe(path)
    return choose(probed).stream if len(probed.audio) > 1 else None


def _bench(chosen: argparse.Namespace, source: _Source, form: str, target: Path | None) -> _Bench:
    path = chosen.media or source.media()
    medium = open_medium(path, _audio_stream(path))
    stated = source.result.media.sha256 if source.result is not None else None
    warnings = (f"{path}: is not the file that the record was made of",) if stated and sha256_of(path) != stated else ()
    root = target.parent if target is not None else chosen.output or source.path.parent
    folder = OutputFolder(root)
    folder.prepare()
    return _Bench(
        source, medium,
        None if chosen.pad is None else (chosen.pad, chosen.pad),
        Fades() if chosen.fade is None else Fades(chosen.fade, chosen.fade),
        form, folder, target.name if target is not None else None, chosen.joined, chosen.overwrite, warnings,
    )  # fmt: skip


def _object(file: Path, passage: Passage) -> dict[str, object]:
    return {
        "file": str(file),
        "start_ms": passage.span.start_ms,
        "end_ms": passage.span.end_ms,
        "sentence": passage.sentence,
        "caption": passage.caption,
        "text": passage.text,
    }


def _shown(clip: dict[str, object]) -> str:
    start_ms, end_ms, text = clip["start_ms"], clip["end_ms"], str(clip["text"])
    assert isinstance(start_ms, int)
    assert isinstance(end_ms, int)
    times = f"{timestamp(start_ms)} --> {timestamp(end_ms)}"
    return f"{times}, {printable(text)}" if text else times


def _whole(text: str) -> int:
    """Milliseconds, not below 0; argparse names the option."""
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number of milliseconds")
    return int(text)
