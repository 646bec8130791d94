"""Keeps what was said and drops what an engine invented: text over silence, music, applause and noise, and loops.

Whisper writes fluent Vietnamese over any sound. What gives it away is cheap, and none of it proves anything; so each is
a doubt, and a doubt asks the sound. The words are cut into stretches, each is doubted or not, and a doubted one stays
if the sound supports it: if its gain (:mod:`mediakit.speech.evidence`) is at least :data:`SUPPORT_NATS` a token and
:data:`LEAST_NATS` in all.

Measured with Whisper base: on 117 clips of speech, and on windows of 1.5 to 20 s of the sounds of
`scripts/make_noises.py` at -20 and -40 dBFS, voice activity left out and the decoder's own rule for silence off, which
made it write something in all 65. Gain of each stretch (:func:`keep_said` cuts them so):

============================  =====  =====  ======  =====  =====
nats a token                  least  5 %    median  95 %   most
============================  =====  =====  ======  =====  =====
137 stretches of speech       0.05   0.87   2.83    3.95   4.70
85 stretches of noise         -0.88  -0.52  -0.02   0.31   0.80
============================  =====  =====  ======  =====  =====

No stretch of noise passed both bounds (over the first, none had more than 1.7 nats in all). Of speech 133 did; of the
others three are loops, of which what was said once stays, and one is four words, all wrong, of a longer sentence. No
clip lost all of its words. Whisper's own signals do not part the two: its no-speech probability was 0.48 to 0.96 on
noise and 0.00 to 0.76 on speech, and a loop over noise has a mean word probability of up to 0.94.
`python -m scripts.measure_invented --support` measures the gains again, on what the engine offers of itself.

An engine that cannot weigh a text leaves the doubt to decide, where it is grave (:func:`_grave`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from mediakit.media.sound import SAMPLES_PER_MS
from mediakit.speech.dropped import Dropped, Reason
from mediakit.speech.engine import Window
from mediakit.speech.evidence import Evidence, Judge
from mediakit.speech.invented_phrases import bare, find_phrases
from mediakit.speech.signals import EngineSignals
from mediakit.timeline import Span, Word

#: Nats that the sound must give to a doubted stretch: for each token, and in all (one token is soon lucky).
SUPPORT_NATS, LEAST_NATS = 0.35, 2.5
#: Nats for each token where the engine itself found the words improbable and took the sound for none of speech, or says
#: nothing. Of 117 clips those that are so doubted had 0.78 (a loop) and more. Of 105 clips with noises between and an
#: hour of noises alone two sentences had 0.58 and 0.67, and what was made of noise up to 0.30, but for three tokens at
#: most; were it not for voice activity, every seventh window of a murmur would have more than 0.35, less than 0.7.
GRAVE_SUPPORT_NATS = 0.5
#: More syllables a second than a mouth speaks for long; read news runs at 4 to 5. A word that is no syllable (`2021`,
#: `Facebook`) has more, so that counting words is lenient.
MOST_SYLLABLES_PER_SECOND = 8.0
#: Fewer words than this have no rate: Whisper's times of single words are too rough.
_RATED_WORDS = 6
#: Two words in a row of no more than this have no time of their own (no syllable is shorter than 80 ms): Whisper gives
#: 20 ms each to what it writes once more at the end of a window. In 13 readings and 240 clips with silence or noise
#: between, heard by Whisper base, were 7 such runs with up to 40 ms a word; none of them was said.
_NO_TIME_MS = 30
#: A pause as long as this parts stretches.
_PAUSE_MS = 500
#: Sound around a stretch that is asked, too: word times are rough.
_AROUND_MS = 200
#: Voice activity is late at soft beginnings and early at ends, and word times are rough.
_NEAR_VOICE_MS = 300
_LEAST_VOICED, _MOSTLY_VOICED = 0.1, 0.5
#: Whisper's own no-speech probability was above this in an eighth of the windows of speech, and in all of noise.
_NO_SPEECH = 0.45
#: The threshold of Whisper's own decoder.
_LOOP_RATIO = 2.4
_UNSURE_SCORE = 0.35
#: Nats a token; the threshold of Whisper's own decoder.
_IMPROBABLE = -1.0
#: So few words are always asked about: `Cảm ơn` is what Whisper writes most over noise, at any probability.
_FEW_WORDS = 3
#: A phrase this often in a row is a loop, unless the sound supports it; so many times it is one without asking.
_LOOP_TIMES, _SURE_LOOP_TIMES = 3, 4
_LONGEST_LOOPED_WORDS = 20
#: Whisper itself takes what is above this, and improbable, for silence.
_GRAVE_NO_SPEECH = 0.6
_GRAVE_PHRASE_SCORE = 0.5

#: What the sound of a span (in the media's time) says for each of some texts.
Weigh = Callable[[Span, Sequence[str]], Sequence[Evidence]]


@dataclass(frozen=True, slots=True)
class Kept:
    """The words that stay, in order, and what was dropped, in order."""

    words: tuple[Word, ...]
    dropped: tuple[Dropped, ...]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Words that are kept or dropped together, in the sound that is asked for them."""

    words: tuple[Word, ...]
    sound: Span
    is_known_phrase: bool = False

    @classmethod
    def of(cls, words: Sequence[Word], *, is_known_phrase: bool) -> _Stretch:
        """Words in the sound from the first to the last."""
        return cls(tuple(words), Span(words[0].start_ms, words[-1].end_ms), is_known_phrase)

    @property
    def span(self) -> Span:
        return Span(self.words[0].start_ms, self.words[-1].end_ms)

    @property
    def text(self) -> str:
        return _text(self.words)

    @property
    def score(self) -> float:
        return sum(word.score for word in self.words) / len(self.words)


@dataclass(frozen=True, slots=True)
class _Witnesses:
    """All that is known of a window besides its words."""

    speech: Sequence[Span]
    signals: Sequence[EngineSignals]
    weigh: Weigh | None

    def of_engine(self, span: Span) -> list[EngineSignals]:
        """What the engine says of its segments in a span."""
        return [signal for signal in self.signals if signal.span.overlap_ms(span)]

    def voiced(self, span: Span) -> float:
        """The share of a span in which somebody speaks, or nearly."""
        near = (Span(max(0, s.start_ms - _NEAR_VOICE_MS), s.end_ms + _NEAR_VOICE_MS) for s in self.speech)
        return min(1.0, sum(span.overlap_ms(s) for s in near) / span.duration_ms)

    def words_per_second(self, words: Sequence[Word]) -> float:
        """In the time from the first to the last, or in the speech that they touch where that is more."""
        span = Span(words[0].start_ms, words[-1].end_ms)
        spoken_ms = sum(s.duration_ms for s in self.speech if s.overlap_ms(span))
        return 1000 * len(words) / max(spoken_ms, span.duration_ms)


def keep_said(
    words: Sequence[Word],
    speech: Sequence[Span],
    *,
    signals: Sequence[EngineSignals] = (),
    weigh: Weigh | None = None,
) -> Kept:
    """Part what was said in a window from what was invented.

    `words` are those of one window in order; `speech` is where in it voice activity hears somebody; `signals` are what
    the engine says of its segments, where it says something; `weigh` asks the sound, where the engine can. Each word
    is in exactly one part of what is returned.

    Raises
    ------
    EngineError
        What `weigh` raises.
    """
    witnesses = _Witnesses(speech, signals, weigh)
    kept: list[Word] = []
    dropped: list[Dropped] = []
    for stretch in _stretches(words, signals):
        for part, reason in _judged(stretch, witnesses):
            if reason is None:
                kept += part
            else:
                dropped.append(Dropped(Span(part[0].start_ms, part[-1].end_ms), _text(part), reason))
    return Kept(tuple(kept), tuple(dropped))


def weigher(judge: Judge, window: Window) -> Weigh:
    """Asks a judge about spans of a window, in the window's language."""

    def weigh(span: Span, texts: Sequence[str]) -> Sequence[Evidence]:
        start = max(window.start_ms, span.start_ms - _AROUND_MS)
        first, last = ((t - window.start_ms) * SAMPLES_PER_MS for t in (start, span.end_ms + _AROUND_MS))
        return judge.weigh(Window(start, window.samples[first:last], window.language), texts)

    return weigh


def find_loop(words: Sequence[str]) -> range | None:
    """The longest run of one phrase said again and again: from, to, and as step the phrase's number of words.

    The last time may break off. None where no phrase stands three times in a row.

    >>> find_loop("Nói nhanh rồi, nhanh rồi, nhanh rồi, nhanh".split())
    range(1, 8, 2)
    """
    spoken = [bare(word) for word in words]
    best = range(0)
    for length in range(1, min(_LONGEST_LOOPED_WORDS, len(spoken) // _LOOP_TIMES) + 1):
        run = 0
        for at in range(length, len(spoken) + 1):
            if at < len(spoken) and spoken[at] == spoken[at - length]:
                run += 1
                continue
            if run >= (_LOOP_TIMES - 1) * length and run + length > best.stop - best.start:
                best = range(at - run - length, at, length)
            run = 0
    return best or None


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def _stretches(words: Sequence[Word], signals: Sequence[EngineSignals]) -> Iterator[_Stretch]:
    """Words between pauses, between the engine's segments, and known phrases by themselves."""
    cuts = {0, len(words)}
    cuts.update(i for i, (a, b) in enumerate(pairwise(words), start=1) if b.start_ms - a.end_ms >= _PAUSE_MS)
    starts = [signal.span.start_ms for signal in signals]
    middles = [word.middle_ms for word in words]
    cuts.update(i for i, (a, b) in enumerate(pairwise(middles), start=1) if any(a < at <= b for at in starts))
    phrases = list(find_phrases([word.text for word in words]))
    for phrase in phrases:
        cuts.difference_update(phrase[1:])
        cuts.update((phrase.start, phrase.stop))
    for first, last in pairwise(sorted(cuts)):
        yield _Stretch.of(words[first:last], is_known_phrase=any(first in phrase for phrase in phrases))


def _has_no_time(word: Word) -> bool:
    return word.end_ms - word.start_ms <= _NO_TIME_MS


def _judged(stretch: _Stretch, witnesses: _Witnesses) -> Iterator[tuple[Sequence[Word], Reason | None]]:
    """The words of a stretch, in parts where it repeats itself, each with why it must go, if it must."""
    loop = find_loop([word.text for word in stretch.words])
    if loop is None:
        yield from _judged_by_time(stretch, witnesses)
        return
    again = loop.start + loop.step
    before, repeats, after = stretch.words[:again], stretch.words[again : loop.stop], stretch.words[loop.stop :]
    once = _Stretch((*before, *after), stretch.sound, stretch.is_known_phrase)
    if _are_said(stretch, once, len(loop), witnesses.weigh):
        yield from _judged_by_time(stretch, witnesses)
    elif (reason := _reason(once, "loop", witnesses)) is not None:
        yield stretch.words, reason
    else:
        yield before, None
        yield repeats, "loop"
        if after:
            yield after, None


def _judged_by_time(stretch: _Stretch, witnesses: _Witnesses) -> Iterator[tuple[Sequence[Word], Reason | None]]:
    """The words of a stretch without a loop, those by themselves that have no time of their own."""
    for part in _parted_by_time(stretch):
        yield part.words, _reason(part, _doubt(part, witnesses), witnesses)


def _parted_by_time(stretch: _Stretch) -> Iterator[_Stretch]:
    """A stretch cut before and after runs of two words or more that have no time; a known phrase stays whole."""
    cuts = {0, len(stretch.words)}
    for short, run in groupby(range(len(stretch.words)), key=lambda i: _has_no_time(stretch.words[i])):
        places = list(run)
        if short and len(places) > 1 and not stretch.is_known_phrase:
            cuts.update((places[0], places[-1] + 1))
    for first, last in pairwise(sorted(cuts)):
        yield _Stretch.of(stretch.words[first:last], is_known_phrase=stretch.is_known_phrase)


def _are_said(stretch: _Stretch, once: _Stretch, times: int, weigh: Weigh | None) -> bool:
    """Whether a phrase was said as often as it was heard: whether the sound gives for its repeats, too."""
    if weigh is None:
        return times < _SURE_LOOP_TIMES
    whole, single = weigh(stretch.sound, [stretch.text, once.text])
    tokens = sum(w.tokens for w in whole.words) - sum(w.tokens for w in single.words)
    return whole.gain - single.gain >= SUPPORT_NATS * max(1, tokens)


def _reason(stretch: _Stretch, doubt: Reason | None, witnesses: _Witnesses) -> Reason | None:
    """Why a doubted stretch must go: what is doubted, where the sound does not support it."""
    if doubt is None:
        return None
    if witnesses.weigh is None:
        return doubt if _is_grave(stretch, doubt, witnesses) else None
    (evidence,) = witnesses.weigh(stretch.sound, [stretch.text])
    enough = evidence.mean_gain >= _support_nats(stretch, witnesses) and evidence.gain >= LEAST_NATS
    return None if enough else doubt


def _support_nats(stretch: _Stretch, witnesses: _Witnesses) -> float:
    """What each token of a doubted stretch must gain."""
    signals = witnesses.of_engine(stretch.span)
    is_grave = any(s.no_speech > _NO_SPEECH and s.mean_log_probability < _IMPROBABLE for s in signals)
    return GRAVE_SUPPORT_NATS if is_grave or not signals else SUPPORT_NATS


def _doubt(stretch: _Stretch, witnesses: _Witnesses) -> Reason | None:
    """The first thing that speaks against a stretch."""
    signals = witnesses.of_engine(stretch.span)
    voiced = witnesses.voiced(stretch.span)
    if stretch.is_known_phrase:
        return "known-phrase"
    if len(stretch.words) > 1 and all(map(_has_no_time, stretch.words)):
        return "too-fast"
    if voiced < _LEAST_VOICED:
        return "no-voice"
    if len(stretch.words) >= _RATED_WORDS and witnesses.words_per_second(stretch.words) > MOST_SYLLABLES_PER_SECOND:
        return "too-fast"
    if any(signal.compression_ratio > _LOOP_RATIO for signal in signals):
        return "loop"
    if any(signal.no_speech > _NO_SPEECH for signal in signals):
        return "no-speech"
    improbable = any(signal.mean_log_probability < _IMPROBABLE for signal in signals)
    if improbable or not signals or len(stretch.words) <= _FEW_WORDS:  # whose engine says nothing is not trusted
        return "unsure"
    return "unsure" if stretch.score < _UNSURE_SCORE and voiced < _MOSTLY_VOICED else None


def _is_grave(stretch: _Stretch, doubt: Reason, witnesses: _Witnesses) -> bool:
    """Whether a doubt decides where nobody can ask the sound."""
    signals = witnesses.of_engine(stretch.span)
    silent = any(s.no_speech > _GRAVE_NO_SPEECH for s in signals)
    if doubt in ("no-voice", "too-fast"):
        return True
    if doubt == "known-phrase":
        few = witnesses.voiced(stretch.span) < _MOSTLY_VOICED
        return silent or few or stretch.score < _GRAVE_PHRASE_SCORE
    improbable = any(s.mean_log_probability < _IMPROBABLE for s in signals)
    loops = doubt == "loop" or any(s.compression_ratio > _LOOP_RATIO for s in signals)
    return silent and (improbable or loops or stretch.score < _UNSURE_SCORE)
