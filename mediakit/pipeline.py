"""One media file through the stages: probe, decode, listen, ground, caption.

Takes an engine and an article that is read; writes nothing but what is heard, as it is heard, and groundings. Both are
kept, so that a stage whose inputs did not change is not run again.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from threadpoolctl import threadpool_limits

from mediakit.article.document import Article, MediaKind
from mediakit.captions.caption import Caption
from mediakit.captions.profile import Profile
from mediakit.captions.rules import broken_rules
from mediakit.captions.segment import make_captions
from mediakit.errors import DecoderKilled, EngineError, MediaError, MediakitError, printable
from mediakit.grounding.ground import Grounding, free_speech, ground
from mediakit.grounding.kept import GroundingKey, GroundingStore
from mediakit.grounding.names import Name, names_of
from mediakit.grounding.rightful import Fit, rightful
from mediakit.grounding.verdict import Verdict
from mediakit.media.decode import Mix, decode
from mediakit.media.fingerprint import sha256_of
from mediakit.media.probe import AudioStream, Probe, probe
from mediakit.media.replay import Replay
from mediakit.media.sound import SAMPLES_PER_MS, Samples
from mediakit.notices import Notice
from mediakit.process_memory import give_back_memory
from mediakit.result import GroundedArticle, MediaInfo, Result
from mediakit.speech.choice import Choice, choose
from mediakit.speech.choice_notices import chosen_notices, silence_notice
from mediakit.speech.dropped import invented_notice
from mediakit.speech.engine import Engine, EngineInfo, Heard, Window
from mediakit.speech.heard import HeardKey, HeardStore
from mediakit.speech.languages import KnowsLanguages
from mediakit.speech.listen import language_spoken, listen
from mediakit.transcript.written_form import Names, with_written_form
from mediakit.vietnamese.normal import nfc
from mediakit.vietnamese.words import load_taggers

#: Told the milliseconds of sound that are done and, where the file says, how many there are.
Progress = Callable[[int, "int | None"], None]
#: Gives the articles that a medium may belong to where its own does not fit; asked only then.
Others = Callable[[], Iterable[Article]]
#: Of longer media a third of a second is little, and grounding needs the memory that the taggers take.
_SHORT_MS = 600_000
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
    # NumPy's products are small here: more threads for one only wait for each other.
    with threadpool_limits(1, user_api="blas"):
        work, choice = _begun(medium, probed, sha256_of(medium.path), engine, store)
        heard = work.listen(probed, progress)
        if not heard.has_words:
            work, heard = work.listen_elsewhere(choice, probed, heard, progress)
        give_back_memory()
        grounding = work.ground(heard, article) if article is not None else None
    warnings = [*(article.notices if article is not None else ()), *heard.warnings]
    duration = _duration(probed, heard.duration_ms, heard.warnings)
    media = MediaInfo(medium.named, work.media_sha256, duration, probed.kind, medium.path)
    known: tuple[Name, ...] = ()
    if article is None or grounding is None:
        segments, grounded = free_speech(heard.windows, duration_ms=heard.duration_ms), None
    else:
        segments, grounded = grounding.segments, _described(article, grounding.verdict, grounding.coverage)
        if grounding.verdict == "unrelated":
            fit = _rightful(heard, others) if others is not None else None
            warnings.append(_unrelated(medium.named, article.title, fit))
        else:
            known = names_of(article.sentences)
    segments = with_written_form(segments, Names(name.words for name in known))
    if segments:
        warnings += chosen_notices(medium.named, probed, choice, work.stream, work.mix)
    else:
        warnings.append(silence_notice(medium.named, probed, choice, is_fixed=medium.audio_stream is not None))
    invented = invented_notice(medium.named, [item for window in heard.windows for item in window.dropped])
    if invented is not None:
        warnings.append(invented)
    captions = make_captions(segments, profile, duration_ms=duration)
    warnings += _too_fast(medium.named, captions, profile)
    return Result(media, engine.info, grounded, segments, captions, tuple(warnings))


def settle_language(medium: Medium, engine: Engine, store: HeardStore) -> str:
    """The language that is spoken in a medium, by its first minute of speech; looked up in `store`, and kept there.

    Raises
    ------
    MediaError, EngineError, OutputError
        If the file cannot be used at all, or the engine cannot tell languages.
    """
    if not isinstance(engine, KnowsLanguages):
        raise EngineError(f"the engine {engine.info.name} cannot tell languages")
    work, _ = _begun(medium, probe(medium.path), sha256_of(medium.path), engine, store)
    key = replace(work.key, listening="language")
    known = store.language(key)
    if known is None:
        with closing(decode(medium.path, work.stream, work.mix)) as decoding:
            known = language_spoken(_Blocks(decoding), engine)
        store.keep_language(key, known)
    return known


def _begun(medium: Medium, probed: Probe, media_sha256: str, engine: Engine, store: HeardStore) -> tuple[_Work, Choice]:
    """The work on a medium, by the choice of what is listened to: as it is kept, or as it is made and kept now."""
    wanted = medium.audio_stream
    key = HeardKey(media_sha256, -1 if wanted is None else wanted, engine.info, "choice")
    choice = store.choice(key)
    if choice is None:
        choice = choose(probed, wanted, engine)
        store.keep_choice(key, choice)
    return _Work(medium, probed.audio[choice.stream], choice.mix, media_sha256, engine, store), choice


def failed_medium(
    named: str, kind: MediaKind, article: Article | None, engine: EngineInfo, error: MediakitError
) -> Result:
    """The result of a media file that is missing or cannot be read: no speech, and the reason."""
    grounded = _described(article, None, 0.0) if article is not None else None
    return Result(MediaInfo(named, None, None, kind), engine, grounded, (), (), (Notice.of(error),))


@dataclass(frozen=True, slots=True)
class _AllHeard:
    """All windows of a medium in order; `sha256` is that of the log of listening."""

    windows: tuple[Heard, ...]
    duration_ms: int
    warnings: tuple[Notice, ...]
    sha256: str

    @property
    def has_words(self) -> bool:
        """Whether anything was heard."""
        return any(window.words for window in self.windows)


@dataclass(frozen=True, slots=True)
class _Work:
    """Listening to one medium and grounding what is heard; both are looked up in `store` and kept there."""

    medium: Medium
    stream: AudioStream
    mix: Mix
    media_sha256: str
    engine: Engine
    store: HeardStore

    @property
    def key(self) -> HeardKey:
        """What decides what is heard."""
        return HeardKey(self.media_sha256, self.stream.index, self.engine.info, mix=str(self.mix))

    def listen(self, probed: Probe, progress: Progress | None) -> _AllHeard:
        """Hear the file, as far as it was not heard before."""

        def tell(done_ms: int) -> None:
            if progress is not None:
                progress(done_ms, probed.duration_ms)

        with self.store.open(self.key) as log:
            if not log.done:
                # Closed also when interrupted: the decoder must not outlive the work.
                with closing(decode(self.medium.path, self.stream, self.mix)) as decoding:
                    blocks = _Blocks(decoding)
                    with closing(listen(blocks, self.engine, log, tell)) as listening:
                        for _ in listening:
                            pass
                log.finish(blocks.samples // SAMPLES_PER_MS, blocks.warnings)
            return _AllHeard(tuple(log.windows), log.duration_ms or 0, log.warnings, log.sha256)

    def listen_elsewhere(
        self, choice: Choice, probed: Probe, nothing: _AllHeard, progress: Progress | None
    ) -> tuple[_Work, _AllHeard]:
        """Hear all of what else is in the file, until there are words; what was heard before, if there are none."""
        for stream, mix in choice.others:
            work = replace(self, stream=probed.audio[stream], mix=mix)
            # Another stream may be damaged; that is nothing against the one that was heard.
            with suppress(MediaError):
                heard = work.listen(probed, progress)
                if heard.has_words:
                    return work, heard
        return self, nothing

    def ground(self, heard: _AllHeard, article: Article) -> Grounding:
        """What was heard, tied to an article: the grounding that is kept; else what is worked out, kept."""
        kept = GroundingStore(self.store.folder / "grounded")
        key = GroundingKey(heard.sha256, article.sentences)
        grounding = kept.get(key)
        if grounding is None:
            with (
                closing(_Sounds(self, is_whole=not heard.warnings)) as sound,
                ThreadPoolExecutor(1) as meanwhile,
            ):
                if heard.duration_ms < _SHORT_MS:
                    meanwhile.submit(load_taggers)  # for the captions; should it fail, it does so again there
                grounding = ground(
                    heard.windows,
                    article,
                    duration_ms=heard.duration_ms,
                    sound=sound,
                )
            kept.keep(key, grounding)
        return grounding


class _Sounds:
    """The sound of a medium by times, decoded anew; `is_whole` is whether all of it could be decoded before."""

    def __init__(self, work: _Work, *, is_whole: bool) -> None:
        self._work, self._is_whole = work, is_whole
        self._replay = Replay(self._decode)
        self._failure: MediaError | None = None

    def __call__(self, start_ms: int, end_ms: int) -> Window:
        """The sound between two times.

        Raises
        ------
        MediaError
            If it cannot be decoded and could be before: another time it may be.
        """
        samples = self._replay(start_ms, end_ms)
        if self._is_whole and self._failure is not None:
            raise self._failure
        return Window(start_ms, samples)

    def close(self) -> None:
        """End the decoder, if one is running."""
        self._replay.close()

    def _decode(self) -> Generator[Samples, None, None]:
        try:
            yield from decode(self._work.medium.path, self._work.stream, self._work.mix)
        except MediaError as error:
            self._failure = error
            raise


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


def _rightful(heard: _AllHeard, others: Others) -> Fit | None:
    """The other article that fits. It is a hint: what goes wrong on the way to it is no failure of the job."""
    # When each word is said does not matter: no sound is asked for.
    ground_with = partial(ground, heard.windows, duration_ms=heard.duration_ms)
    with suppress(MediakitError):
        return rightful(heard.windows, others(), ground_with)
    return None


def _described(article: Article, verdict: Verdict | None, coverage: float) -> GroundedArticle:
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
    are = "is" if len(fast) == 1 else "are"
    of = f"{len(fast)} of {len(captions)} caption{'s' if len(captions) != 1 else ''}"
    what = f"{of} {are} spoken faster than {profile.max_chars_per_second:g} characters"
    return [Notice("captions-too-fast", f"{named}: {what} a second: {listed}")]


def _unrelated(named: str, title: str, fit: Fit | None) -> Notice:
    hint = "it may be the wrong attachment"
    if fit is not None:
        name = printable(nfc(fit.article.path.name)) if fit.article.path else f"“{fit.article.title}”"
        hint = f"it fits {name} (coverage {fit.coverage:.2f})"
    return Notice("attachment-unrelated", f"{named}: nothing of the article “{title}” is said in it; {hint}")
