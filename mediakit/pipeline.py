"""One media file through the stages: probe, decode, listen, ground, caption.

Takes an engine and an article that is read; writes nothing but what is heard, as it is heard, and groundings. Both are
kept, so that a stage whose inputs did not change is not run again.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from mediakit.article.document import Article, MediaKind
from mediakit.captions.caption import Caption
from mediakit.captions.profile import Profile
from mediakit.captions.rules import broken_rules
from mediakit.captions.segment import make_captions
from mediakit.errors import DecoderKilled, MediaError, MediakitError, printable
from mediakit.grounding.ground import Grounding, free_speech, ground
from mediakit.grounding.kept import GroundingKey, GroundingStore
from mediakit.grounding.rightful import Fit, rightful
from mediakit.grounding.verdict import Verdict
from mediakit.media.decode import decode
from mediakit.media.fingerprint import sha256_of
from mediakit.media.probe import AudioStream, Probe, choose_audio, probe
from mediakit.media.replay import Replay
from mediakit.media.sound import SAMPLES_PER_MS, Samples
from mediakit.notices import Notice
from mediakit.result import GroundedArticle, MediaInfo, Result
from mediakit.speech.engine import Engine, EngineInfo, Heard, Window
from mediakit.speech.engines import LazyEngine
from mediakit.speech.evidence import Judge
from mediakit.speech.heard import HeardKey, HeardLog, HeardStore
from mediakit.speech.listen import listen
from mediakit.vietnamese.normal import nfc

#: Told the milliseconds of sound that are done and, where the file says, how many there are.
Progress = Callable[[int, "int | None"], None]
#: Gives the articles that a medium may belong to where its own does not fit; asked only then.
Others = Callable[[], Iterable[Article]]
#: So many captions are named in a warning; `mediakit check` names all.
_LISTED = 20


@dataclass(frozen=True, slots=True)
class Medium:
    """A media file to work on. `named` is how the user or the article calls it; it is what the record says."""

    path: Path
    named: str
    audio_stream: int | None = None


def transcribe_medium(
    medium: Medium,
    article: Article | None,
    engine: Engine,
    *,
    profile: Profile,
    store: HeardStore,
    progress: Progress | None = None,
    others: Others | None = None,
) -> Result:
    """What is said in one media file, tied to `article` where there is one.

    Where nothing of the article is said, `others` are asked for, and the warning names the one that fits. What was
    heard and how it was grounded is looked up in `store` before it is worked out, and kept there.

    Raises
    ------
    MediaError, EngineError, OutputError
        If the file cannot be used at all. A file that ends early gives what it has, and a warning.
    """
    probed = probe(medium.path)
    stream = choose_audio(probed, medium.audio_stream)
    media_sha256 = sha256_of(medium.path)
    with store.open(HeardKey(media_sha256, stream.index, engine.info)) as log:
        warnings = _listen(medium, stream, probed, engine, log, progress)
        heard, duration_ms, heard_sha256 = tuple(log.windows), log.duration_ms or 0, log.sha256
    duration = _duration(probed, duration_ms, warnings)
    media = MediaInfo(medium.named, media_sha256, duration, probed.kind, medium.path)
    ground_with = partial(_ground, medium, stream, engine, heard, duration_ms, not warnings)
    if article is None:
        segments, grounded = free_speech(heard, duration_ms=duration_ms), None
    else:
        key = GroundingKey(heard_sha256, article.sentences, isinstance(engine, Judge))
        grounding = _kept(GroundingStore(store.folder / "grounded"), key, partial(ground_with, article))
        segments, grounded = grounding.segments, _described(article, grounding.verdict, grounding.coverage)
        if segments and grounding.verdict == "unrelated":
            fit = _rightful(heard, others, ground_with) if others is not None else None
            warnings.append(_unrelated(medium.named, article.title, fit))
    if not segments:
        warnings.append(Notice("no-speech", f"{medium.named}: no speech was heard"))
    captions = make_captions(segments, profile, duration_ms=duration)
    warnings += _too_fast(medium.named, captions, profile)
    return Result(media, engine.info, grounded, segments, captions, tuple(warnings))


def failed_medium(
    named: str, kind: MediaKind, article: Article | None, engine: EngineInfo, error: MediakitError
) -> Result:
    """The result of a media file that is missing or cannot be read: no speech, and the reason."""
    grounded = _described(article, "unrelated", 0.0) if article is not None else None
    return Result(MediaInfo(named, None, None, kind), engine, grounded, (), (), (Notice.of(error),))


def _listen(
    medium: Medium, stream: AudioStream, probed: Probe, engine: Engine, log: HeardLog, progress: Progress | None
) -> list[Notice]:
    """Hear the file, if `log` has not all of it; the warnings about what could not be decoded."""

    def tell(done_ms: int) -> None:
        if progress is not None:
            progress(done_ms, probed.duration_ms)

    if not log.done:
        # Opened here, not by the first speech: what is wrong with it is known before an hour is decoded.
        opened = engine.opened if isinstance(engine, LazyEngine) else engine
        # Closed also when interrupted: the decoder must not outlive the work.
        with closing(decode(medium.path, stream)) as decoding:
            blocks = _Blocks(decoding)
            for _ in listen(blocks, opened, log, tell):
                pass
        log.finish(blocks.samples // SAMPLES_PER_MS, blocks.warnings)
    return list(log.warnings)


class _Blocks:
    """The blocks of a decoder up to where it fails; a failure after the first block is a warning."""

    def __init__(self, decoding: Iterator[Samples]) -> None:
        self._decoding = decoding
        self.samples = 0
        self.warnings: tuple[Notice, ...] = ()

    def __iter__(self) -> Iterator[Samples]:
        try:
            for block in self._decoding:
                self.samples += len(block)
                yield block
        except MediaError as error:
            if not self.samples or isinstance(error, DecoderKilled):
                raise  # another time there may be more; what was heard so far is kept
            self.warnings = (Notice.of(error),)


def _duration(probed: Probe, decoded_ms: int, warnings: Sequence[Notice]) -> int:
    """How long the file plays. Headers of sound without an index guess; what was decoded does not."""
    if probed.kind == "audio" or probed.duration_ms is None:
        return decoded_ms
    return max(decoded_ms, probed.duration_ms) if not warnings else probed.duration_ms


def _ground(
    medium: Medium,
    stream: AudioStream,
    engine: Engine,
    heard: Sequence[Heard],
    duration_ms: int,
    is_whole: bool,
    article: Article,
) -> Grounding:
    """Tie what was heard to an article; `is_whole` is whether all of the sound could be decoded to listen to it."""
    failures: list[MediaError] = []

    def again() -> Generator[Samples, None, None]:
        try:
            yield from decode(medium.path, stream)
        except MediaError as error:
            failures.append(error)
            raise

    with closing(Replay(again)) as replay:
        grounding = ground(
            heard,
            article,
            duration_ms=duration_ms,
            judge=engine if isinstance(engine, Judge) else None,
            sound=lambda start_ms, end_ms: Window(start_ms, replay(start_ms, end_ms)),
        )
    if is_whole and failures:
        raise failures[0]  # it was weighed on silence, and may do better another time
    return grounding


def _kept(store: GroundingStore, key: GroundingKey, work_out: Callable[[], Grounding]) -> Grounding:
    """The grounding that is kept; else what is worked out, kept."""
    grounding = store.get(key)
    if grounding is None:
        grounding = work_out()
        store.keep(key, grounding)
    return grounding


def _rightful(heard: Sequence[Heard], others: Others, ground_with: Callable[[Article], Grounding]) -> Fit | None:
    """The other article that fits. It is a hint: what goes wrong on the way to it is no failure of the job."""
    with suppress(MediakitError):
        return rightful(heard, others(), ground_with)
    return None


def _described(article: Article, verdict: Verdict, coverage: float) -> GroundedArticle:
    return GroundedArticle(
        path=article.path.name if article.path else "",
        title=article.title,
        published=article.published.isoformat() if article.published else None,
        sentences=article.sentences,
        verdict=verdict,
        coverage=coverage,
        document=article,
    )


def _too_fast(named: str, captions: Sequence[Caption], profile: Profile) -> list[Notice]:
    """What cannot be read in time although every silence is used: it is spoken so fast, and no word may be cut."""
    fast = [captions[item.cue].id for item in broken_rules(captions, profile) if item.rule == "too-fast"]
    if not fast:
        return []
    listed = ", ".join(fast[:_LISTED]) + (f" and {len(fast) - _LISTED} more" if len(fast) > _LISTED else "")
    what = f"{len(fast)} of {len(captions)} captions are spoken faster than {profile.max_chars_per_second:g} characters"
    return [Notice("captions-too-fast", f"{named}: {what} a second: {listed}")]


def _unrelated(named: str, title: str, fit: Fit | None) -> Notice:
    hint = "it may be the wrong attachment"
    if fit is not None:
        name = printable(nfc(fit.article.path.name)) if fit.article.path else f"“{fit.article.title}”"
        hint = f"it fits {name} (coverage {fit.coverage:.2f})"
    return Notice("attachment-unrelated", f"{named}: nothing of the article “{title}” is said in it; {hint}")
