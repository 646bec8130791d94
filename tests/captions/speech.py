"""Makes segments from text: a syllable takes 200 ms, ` | ` is a pause."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from mediakit.timeline import Word
from mediakit.transcript.segments import Segment, Source

SYLLABLE_MS = 200


def words_of(text: str, start_ms: int, *, syllable_ms: int = SYLLABLE_MS, pause_ms: int = 1000) -> list[Word]:
    """The words of `text` one after the other."""
    words = []
    for part in text.split():
        if part == "|":
            start_ms += pause_ms
            continue
        words.append(Word(start_ms, start_ms + syllable_ms, part, 0.9))
        start_ms += syllable_ms
    return words


def segment(words: Sequence[Word], sentence: str | None = None) -> Segment:
    """One segment of `words`."""
    source: Source = "article" if sentence else "speech"
    text = " ".join(word.text for word in words)
    own = tuple(replace(word, article=sentence is not None) for word in words)
    return Segment(words[0].start_ms, words[-1].end_ms, text, text, source, sentence, 0.9, own)


def spoken(
    *texts: str, start_ms: int = 1000, syllable_ms: int = SYLLABLE_MS, between_ms: int = 300, ids: Iterable[str] = ()
) -> tuple[Segment, ...]:
    """A segment for each text, with `between_ms` of silence after each; with `ids` they are the article's."""
    names = list(ids)
    segments = []
    for number, text in enumerate(texts):
        words = words_of(text, start_ms, syllable_ms=syllable_ms)
        segments.append(segment(words, names[number] if names else None))
        start_ms = words[-1].end_ms + between_ms
    return tuple(segments)
