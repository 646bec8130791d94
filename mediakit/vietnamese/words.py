"""Which syllables are one word, and what part of speech it is.

Vietnamese puts a space between syllables, not between words. The two taggers (conditional random fields, learnt from
the VLSP 2013 corpus) are those of the package `underthesea`, run on our own tokens: its own functions cut the text in
their way and change it, so that their answer would not fit our words. They are run by its `underthesea_core`, as its
`FastCRFSequenceTagger` does: importing the package itself takes longer than loading both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

from mediakit.vietnamese.normal import nfc

_WORDS = "pipeline/word_tokenize/models/ws_crf_vlsp2013_20230727"
_PARTS = "pipeline/pos_tag/models/pos_crf_vlsp2013_20230303"
#: Words beyond this are tagged in several goes, and longer syllables than this not as themselves: nobody speaks either.
_AT_ONCE, _LONGEST = 100, 30
_MARK = "CH"
#: Sentences that are remembered: mending captions asks for the same again and again.
_KEPT = 1024
#: Two threads that want a tagger at the same time load it once.
_loading = Lock()


@dataclass(frozen=True, slots=True)
class Part:
    """What a syllable, a text between spaces, belongs to.

    `joined` is whether it is one word with the syllable before it. `tag` is the word's part of speech: N, Np (name),
    Nc (classifier), Nu (unit), Ny (abbreviation), V, A, P (pronoun), R (adverb), L (determiner), M (number), E
    (preposition), C (conjunction), I, T (particle), Z (prefix), X, or CH for marks alone.
    """

    joined: bool
    tag: str


def parts_of(syllables: Sequence[str]) -> list[Part]:
    """The words that `syllables`, a sentence or a few, make up.

    >>> [part.tag for part in parts_of("Bí thư Tỉnh ủy nhấn mạnh:".split())]
    ['N', 'N', 'N', 'N', 'V', 'V']
    >>> [part.joined for part in parts_of("Bí thư Tỉnh ủy nhấn mạnh:".split())]
    [False, True, False, True, False, True]
    """
    found: list[Part] = []
    for first in range(0, len(syllables), _AT_ONCE):
        found += _tagged(tuple(syllables[first : first + _AT_ONCE]))
    return found


@lru_cache(maxsize=_KEPT)
def _tagged(syllables: tuple[str, ...]) -> tuple[Part, ...]:
    tokens = [(n, token) for n, syllable in enumerate(syllables) for token in _tokens(syllable)]
    words: list[list[int]] = []
    for place, tag in enumerate(_tagger(_WORDS).tags([token for _, token in tokens])):
        if tag == "I-W" and words:
            words[-1].append(place)
        else:
            words.append([place])
    parts = [Part(joined=False, tag=_MARK)] * len(syllables)
    tags = _tagger(_PARTS).tags([" ".join(tokens[place][1] for place in word) for word in words])
    for word, tag in zip(words, tags, strict=True):
        owners = [tokens[place][0] for place in word]
        for before, place in zip([None, *owners], owners, strict=False):
            # Of a syllable with marks the first token that is none counts: `(xã` is what `xã` is.
            if parts[place].tag == _MARK:
                parts[place] = Part(before is not None and before != place, tag.removeprefix("B-"))
    return tuple(parts)


def _tokens(syllable: str) -> Iterator[str]:
    """A syllable without the marks at its edges, and these, as the corpus has them."""
    text = nfc(syllable).encode("utf-8", "replace").decode()
    start, end = 0, len(text)
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    # A mark may stand apart from its word (`đó ,`), and the tagger panics at a space by itself.
    yield from "".join(text[:start].split())[:1]
    if start < end:
        core = text[start:end]
        yield core if len(core) <= _LONGEST else "X"
    yield from "".join(text[end:].split())[:2]


class _Tagger:
    """A conditional random field in `folder`: its weights, what it looks at, and the words that it knows."""

    def __init__(self, folder: Path) -> None:
        import joblib
        from underthesea_core import CRFFeaturizer, CRFTagger

        self._featurizer = CRFFeaturizer(*(joblib.load(folder / name) for name in ("features.bin", "dictionary.bin")))
        self._field = CRFTagger()
        weights = folder / "models.bin"
        weights.read_bytes()  # from a slow disk while other threads go on: what comes next keeps the interpreter's lock
        self._field.load(str(weights))

    def tags(self, tokens: Sequence[str]) -> list[str]:
        """The tag of each token of a sentence."""
        if not tokens:
            return []
        found: list[str] = self._field.tag(self._featurizer.process([[[token] for token in tokens]])[0])
        return found


def load_taggers() -> None:
    """Have the taggers in memory (100 MB) before they are asked: loading takes a third of a second. From any thread."""
    for model in (_WORDS, _PARTS):
        _tagger(model)


def _tagger(model: str) -> _Tagger:
    with _loading:
        return _loaded(model)


@cache
def _loaded(model: str) -> _Tagger:
    # Only when captions are made. The package's own `pos_tag(model="v2.0")` with these
    # weights fails at its second call (9.5.0), and its first model needs twice the time for worse answers.
    found = find_spec("underthesea")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("the package underthesea is missing", name="underthesea")
    return _Tagger(Path(found.submodule_search_locations[0]) / model)
