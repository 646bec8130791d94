"""Words of any Whisper engine, made to keep what an engine promises."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mediakit.speech.engine import Window
from mediakit.timeline import Word
from mediakit.vietnamese.normal import nfc

#: Text that zlib makes this much smaller repeats itself: a loop, not speech (the threshold of Whisper's own decoder).
LOOP_RATIO = 2.4
#: Whisper times words in steps of 20 ms.
LEAST_WORD_MS = 20
#: No syllable is as short; what a model makes of a few frames of sound is chance, and other on each processor.
LEAST_HEARD_MS = 60


def whole_words(found: Iterable[tuple[str, float, float, float]]) -> Iterator[tuple[str, float, float, float]]:
    """Words with what goes on with a number as one word: Whisper's own parts are `9` and `.000`, `27` and `%`.

    What goes on has no space before it. Both are as in :func:`clean_words`.

    >>> [text for text, *_ in whole_words([(" 9", 0, 1, 0.8), (".000", 1, 2, 0.6), (" tỷ", 2, 3, 1.0)])]
    [' 9.000', ' tỷ']
    """
    last: tuple[str, float, float, float] | None = None
    for text, start_s, end_s, probability in found:
        if last is not None and last[0][-1:].isdecimal() and text[:1].strip() and not text[0].isalpha():
            last = last[0] + text, last[1], end_s, min(last[3], probability)
            continue
        if last is not None:
            yield last
        last = text, start_s, end_s, probability
    if last is not None:
        yield last


def clean_words(found: Iterable[tuple[str, float, float, float]], window: Window) -> Iterator[Word]:
    """Words in the media's time: in order, apart, inside the window, none without length or text.

    `found` are (text, start and end in seconds from the window's start, probability).
    """
    at = window.start_ms
    for text, start_s, end_s, probability in found:
        text = nfc(text.strip())
        start = max(at, window.start_ms + round(start_s * 1000))
        end = min(window.end_ms, max(window.start_ms + round(end_s * 1000), start + LEAST_WORD_MS))
        if text and start < end:
            yield Word(start, end, text, min(1.0, max(0.0, float(probability))))
            at = end
