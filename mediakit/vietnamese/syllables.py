"""Syllables and how alike they sound.

Vietnamese is written one syllable a word-space, and a syllable is initial, vowel (with glide and off-glide),
final and tone. A recogniser that mishears mostly keeps some of them: `triệu` comes back as `chiệu` or `trịu`,
rarely as `bạn`. Likeness is therefore the weighted likeness of the parts. The parts that sound alike follow the
dialect mergers (Thompson 1965, ch. 3-5; Phạm & McLeod 2016): s/x, tr/ch, d/gi/r, l/n, v/d, final n/ng and t/c.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from mediakit.vietnamese.normal import TONE_MARKS, fold, strip_marks

#: Share of each part in the likeness of two syllables; they sum to 1.
_INITIAL, _VOWEL, _FINAL, _TONE = 0.34, 0.36, 0.15, 0.15

# One letter of many spellings for each sound: c/k/q, g/gh, ng/ngh are the same initials before other vowels.
_INITIALS = (
    ("ngh", "ng"), ("ng", "ng"), ("nh", "nh"), ("ch", "ch"), ("gh", "g"), ("gi", "gi"), ("kh", "kh"), ("ph", "ph"),
    ("qu", "kw"), ("th", "th"), ("tr", "tr"), ("b", "b"), ("c", "k"), ("d", "d"), ("đ", "đ"), ("g", "g"), ("h", "h"),
    ("k", "k"), ("l", "l"), ("m", "m"), ("n", "n"), ("p", "p"), ("r", "r"), ("s", "s"), ("t", "t"), ("v", "v"),
    ("x", "x"),
)  # fmt: skip
_FINALS = ("ch", "ng", "nh", "c", "m", "n", "p", "t", "")
_VOWEL_LETTERS = set("aăâeêioôơuưy")
_ALIKE_INITIALS = {
    frozenset(pair): value
    for value, pairs in {
        0.85: ("s x", "tr ch", "d gi", "d r", "gi r", "l n"),
        0.6: ("v d", "v gi", "t th", "s ch", "s tr", "x ch", "t đ", "k g", "kh h", "k kh", "k kw", "ng nh", "n nh",
              "b p", "ph h", "b v", "m b", "n đ", "l đ", "s th", "x th", "gi ch", "r l", "h g", "kh g", "ph v",
              "kw h", "v h", "t ch", "d nh", "d l"),
    }.items()
    for pair in (tuple(p.split()) for p in pairs)
}  # fmt: skip
_ALIKE_FINALS = {
    frozenset(pair.split()): 0.7
    for pair in (
        "n ng",
        "n nh",
        "ng nh",
        "t c",
        "t ch",
        "c ch",
        "m n",
        "m ng",
        "p t",
        "p c",
        "n t",
        "ng c",
        "nh ch",
        "m p",
    )
}
_NGANG, _SAC, _HUYEN, _HOI, _NGA, _NANG = "", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"
_ALIKE_TONES = {
    frozenset((_HOI, _NGA)): 0.7,  # one tone in the South
    frozenset((_NGANG, _HUYEN)): 0.5,
    frozenset((_HUYEN, _NANG)): 0.4,
    frozenset((_NGANG, _SAC)): 0.4,
    frozenset((_HOI, _NANG)): 0.4,
    frozenset((_NGA, _SAC)): 0.4,
}


@dataclass(frozen=True, slots=True)
class Syllable:
    """The parts of a Vietnamese syllable by sound; `tone` is a combining mark or empty (ngang)."""

    initial: str
    vowel: str
    final: str
    tone: str


@lru_cache(maxsize=16384)
def parse(text: str) -> Syllable | None:
    """The parts of one written syllable, or None where it is no Vietnamese syllable (`Internet`, `46`).

    i and y are one: who mishears writes either.

    >>> parse("Nghiêng")
    Syllable(initial='ng', vowel='iê', final='ng', tone='')
    >>> parse("hoà") == parse("hòa"), parse("internet"), parse("tay") == parse("tai")
    (True, None, True)
    """
    found = split(text)
    return replace(found, vowel=found.vowel.replace("y", "i")) if found is not None else None


def split(text: str) -> Syllable | None:
    """As :func:`parse`, with the vowel as it is written: `tay` is not said as `tai` is."""
    decomposed = unicodedata.normalize("NFD", fold(text))
    tones = [c for c in decomposed if c in TONE_MARKS]
    plain = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in TONE_MARKS))
    if len(tones) > 1 or not plain:
        return None
    initial, rhyme = _split_initial(plain)
    final = next(f for f in _FINALS if rhyme.endswith(f))
    vowel = rhyme[: len(rhyme) - len(final)]
    if not vowel or len(vowel) > 3 or not set(vowel) <= _VOWEL_LETTERS:
        return None
    return Syllable(initial, vowel, final, tones[0] if tones else _NGANG)


def _split_initial(plain: str) -> tuple[str, str]:
    for written, sound in _INITIALS:
        if plain.startswith(written):
            rest = plain[len(written) :]
            if written == "gi" and (not rest or rest[0] not in _VOWEL_LETTERS):
                return "gi", "i" + rest  # gì, gìn: the i is both
            return sound, rest
    return "", plain


def bare(word: str) -> str:
    """A printed word as it is compared: folded, without punctuation at its edges; may be empty.

    >>> bare("(TTTT),"), bare("hòa."), bare("–")
    ('tttt', 'hoà', '')
    """
    folded = fold(word)
    if folded.isalnum():
        return folded
    inside = [i for i, c in enumerate(folded) if c.isalnum()]
    return folded[inside[0] : inside[-1] + 1] if inside else ""


def likeness_matrix(rows: Sequence[str], columns: Sequence[str]) -> NDArray[np.float32]:
    """How alike each of `rows` sounds to each of `columns`: shape (len(rows), len(columns)), 0 to 1; 1 is the same.

    Vietnamese syllables are compared by their parts; everything else by edit distance, letters without marks.
    """
    a, b = [parse(r) for r in rows], [parse(c) for c in columns]
    out = np.zeros((len(rows), len(columns)), dtype=np.float32)
    for weight, part, alike in _PARTS:
        out += weight * _part_likeness([_part(s, part) for s in a], [_part(s, part) for s in b], alike)
    foreign_rows = [i for i, s in enumerate(a) if s is None]
    foreign_columns = [j for j, s in enumerate(b) if s is None]
    if foreign_rows:
        out[foreign_rows, :] = _spelt_alike([rows[i] for i in foreign_rows], columns)
    if foreign_columns:
        out[:, foreign_columns] = _spelt_alike(rows, [columns[j] for j in foreign_columns])
    return out


def _part(syllable: Syllable | None, name: str) -> str:
    return getattr(syllable, name) if syllable is not None else "?"


def _part_likeness(a: Sequence[str], b: Sequence[str], alike: object) -> NDArray[np.float32]:
    # There are few distinct parts and many syllables: compare the parts once, then look up.
    assert callable(alike)
    kinds_a, kinds_b = sorted(set(a)), sorted(set(b))
    table = np.array([[alike(x, y) for y in kinds_b] for x in kinds_a], dtype=np.float32).reshape(
        len(kinds_a), len(kinds_b)
    )
    row_of = {kind: i for i, kind in enumerate(kinds_a)}
    column_of = {kind: j for j, kind in enumerate(kinds_b)}
    rows, columns = np.array([row_of[x] for x in a], dtype=np.intp), np.array([column_of[y] for y in b], dtype=np.intp)
    result: NDArray[np.float32] = table[np.ix_(rows, columns)]
    return result


def _vowels_alike(a: str, b: str) -> float:
    if a == b:
        return 1.0
    marked = Levenshtein.normalized_similarity(a, b)
    plain = Levenshtein.normalized_similarity(strip_marks(a), strip_marks(b))
    return 0.9 * (marked + plain) / 2


def _initials_alike(a: str, b: str) -> float:
    return 1.0 if a == b else _ALIKE_INITIALS.get(frozenset((a, b)), 0.0)


def _finals_alike(a: str, b: str) -> float:
    return 1.0 if a == b else _ALIKE_FINALS.get(frozenset((a, b)), 0.0)


def _tones_alike(a: str, b: str) -> float:
    return 1.0 if a == b else _ALIKE_TONES.get(frozenset((a, b)), 0.0)


_PARTS = (
    (_INITIAL, "initial", _initials_alike),
    (_VOWEL, "vowel", _vowels_alike),
    (_FINAL, "final", _finals_alike),
    (_TONE, "tone", _tones_alike),
)


def _spelt_alike(rows: Sequence[str], columns: Sequence[str]) -> NDArray[np.float32]:
    result: NDArray[np.float32] = cdist(
        [strip_marks(fold(r)) for r in rows],
        [strip_marks(fold(c)) for c in columns],
        scorer=Levenshtein.normalized_similarity,
        dtype=np.float32,
    )
    return result
