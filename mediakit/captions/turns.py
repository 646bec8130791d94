"""Where another begins to speak within a cue: a dash, `>>`, a name in capitals, a voice of WebVTT."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mediakit.captions.syllable import stops

_DASHES = ("-", "–", "—", "―", ">>")
#: `LAN:`, `BÀ TƯ:`, `NGƯỜI DẪN 2:`
_LABEL = re.compile(r"[^\W\d_a-z]{2}[^:]{0,30}:(?:\s|$)")
_VOICE = re.compile(r"(?:<[^/<>][^<>]*>)*<v[.\s>]", re.IGNORECASE)

#: A piece of text between spaces: as it is written, and as a reader sees it.
Piece = tuple[str, str]


def is_dash(seen: str) -> bool:
    """Whether a piece is nothing but the mark of a turn."""
    return seen in _DASHES


def ends_label(seen: str) -> bool:
    """Whether a piece is the end of a speaker's name in capitals: what is said stands beside it."""
    return seen.endswith(":") and seen[:-1].isupper()


def begins_turn(line: Sequence[Piece], before: Sequence[str]) -> bool:
    """Whether another speaks from this line on; `before` are the lines before it that show something.

    A dash after what is no end of a sentence, where none stood before, may be that of `kinh tế - xã hội`.
    """
    seen = " ".join(text for _, text in line if text)
    if not seen:
        return False
    ended = not before or stops(before[-1])
    if _VOICE.match(line[0][0]):
        return True
    if seen.startswith(_DASHES):
        return ended or any(text.startswith(_DASHES) for text in before) or _begins_sentence(seen)
    label = _LABEL.match(seen)
    return label is not None and label[0].upper() == label[0] and ended


def turns_inside(line: Sequence[Piece]) -> list[tuple[Piece, ...]]:
    """The line cut before each voice, and before each dash after the end of a sentence: `- Mấy sào? - Năm sào.`"""
    firsts = [0]
    for n in range(1, len(line)):
        written, seen = line[n]
        dashed = seen.startswith(_DASHES) and not (is_dash(seen) and n + 1 == len(line)) and stops(line[n - 1][1])
        if dashed or _VOICE.match(written):
            firsts.append(n)
    return [tuple(line[a:b]) for a, b in zip(firsts, [*firsts[1:], len(line)], strict=True)]


def _begins_sentence(seen: str) -> bool:
    return seen.lstrip("".join(_DASHES) + " \"'“‘([")[:1].isupper()
