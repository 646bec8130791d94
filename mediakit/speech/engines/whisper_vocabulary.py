"""A Whisper model with the tokens that Vietnamese is written with, and without those that it never needs.

Whisper's 50,257 text tokens are for a hundred languages. A decoder's last product, by far its largest in a small model,
gives each of them a value at every step, and every value is then compared. Vietnamese needs a quarter of them. The
rows of the others are left out when the model is opened ("vocabulary trimming": Abdaoui et al. 2020; Ushio et al.
2023); the weights that remain are the model's own.

With Whisper base that takes a sixth of the processor time of listening away. As many words come out wrong: 49.2 % of
the readings of `../shared/speech` with either, 49.5 and 48.9 % of its clips. Texts that were said gain 4 % less of the
sound (they are less of a surprise without it), others as little as before.

Whatever does not fit in, speech in another language, is given to the whole model, which is opened when that first
happens.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from tokenizers.decoders import ByteLevel

from mediakit.speech.engines.ct2_weights import rewritten
from mediakit.vietnamese.normal import strip_marks

#: The only language whose tokens are known here.
TRIMMED_LANGUAGE = "vi"
#: In larger models the last product is a small part of the decoder, and a second whole model much memory.
_MOST_WEIGHTS_BYTES = 600_000_000
#: Models that know English only have no more tokens (`whisper.tokenizer`).
_ENGLISH_ONLY_TOKENS = 51_864
#: So many of the tokens of ASCII letters that Whisper's tokenizer has first, which are its most frequent, are kept
#: whatever they are: foreign names and loan words are put together from them.
_FREQUENT = 6_000
_INITIALS = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx]"
#: A syllable without its marks (thanh và dấu phụ), or a piece of one: initial, vowels, final.
_SYLLABLE = re.compile(rf"(?:{_INITIALS})?[aeiouy]{{0,3}}(?:ch|ng|nh|[cmnpt])?")
#: `UBND`, `TT-BCA`: what abbreviations are put together from.
_CAPITALS = re.compile(r"[A-Z]{1,3}")
_MARKS = re.compile(r"[\W\d_]*")
_CONTROL, _TIME = re.compile(r"<\|.*\|>"), re.compile(r"<\|\d+\.\d+\|>")
_ROWS = "decoder/embeddings/weight"
_IDS = ("suppress_ids", "suppress_ids_begin", "lang_ids")
_VOCABULARIES = ("vocabulary.json", "vocabulary.txt")


def vietnamese_tokens(vocabulary: Sequence[str]) -> list[int]:
    """The ids of the tokens that Vietnamese is written with, ascending.

    `vocabulary` has each token as the tokenizer spells it: bytes as letters, a blank as `Ġ`. Kept are control tokens
    but those of times, bytes of characters, marks and digits, pieces of Vietnamese syllables and of abbreviations, and
    the most frequent tokens of ASCII letters.

    >>> vietnamese_tokens(["<|vi|>", "<|0.02|>", "Ġnghi", "áºŃ", "áº", "ĠÐ¸Ð·", ",", "2026"])
    [0, 2, 3, 4, 6, 7]
    """
    kept, frequent = list[int](), 0
    decode = ByteLevel().decode
    for i, token in enumerate(vocabulary):
        text = token.removeprefix("Ġ")
        is_ascii = text.isascii()
        if _CONTROL.fullmatch(text):
            is_kept = not _TIME.fullmatch(text)
        else:
            is_kept = _is_vietnamese(text if is_ascii else decode([token]))
        if not is_kept and is_ascii and text.isalpha():
            is_kept = frequent < _FREQUENT
            frequent += is_kept
        if is_kept:
            kept.append(i)
    return kept


def _is_vietnamese(text: str) -> bool:
    """Whether it is bytes of a character, marks and digits, a piece of a Vietnamese syllable, or of an abbreviation.

    >>> [text for text in ("Trung", "anh", " luật", "1,", "BND", "the", "und", "über") if _is_vietnamese(text)]
    ['Trung', 'anh', ' luật', '1,', 'BND', 'the']
    """
    plain = text.strip() if text.isascii() else strip_marks(text).strip()
    letters = _MARKS.fullmatch(plain) or _CAPITALS.fullmatch(plain) or _SYLLABLE.fullmatch(plain.lower())
    return "\ufffd" in text or letters is not None


def gains_by_trimming(folder: Path, vocabulary: Sequence[str]) -> bool:
    """Whether a model in CTranslate2's form is small, and for other languages than English."""
    is_small = (folder / "model.bin").stat().st_size <= _MOST_WEIGHTS_BYTES
    return is_small and len(vocabulary) > _ENGLISH_ONLY_TOKENS


def vocabulary_of(folder: Path) -> list[str]:
    """Each token of a model in CTranslate2's form as the tokenizer spells it, by id."""
    path = next(folder / name for name in _VOCABULARIES if (folder / name).is_file())
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        found: list[str] = json.loads(text)
        return found
    return text.removesuffix("\n").split("\n")


def write_model(
    folder: Path, to: Path, vocabulary: Sequence[str], kept: Sequence[int] | None = None, *, in_8_bits: bool
) -> None:
    """Write a model in CTranslate2's form anew, with some of its tokens only, and in 8-bit integers.

    Raises
    ------
    EngineError
        If the weights cannot be read.
    OSError
        If the files cannot be written.
    """
    kept = range(len(vocabulary)) if kept is None else kept
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    new = {old: i for i, old in enumerate(kept)}
    for name in _IDS:
        config[name] = [new[i] for i in config.get(name, ()) if i in new]
    (to / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (to / "vocabulary.json").write_text(json.dumps([vocabulary[i] for i in kept]), encoding="utf-8")
    rows = {} if len(kept) == len(vocabulary) else {_ROWS: kept}
    with (to / "model.bin").open("wb") as file:
        file.writelines(rewritten(folder / "model.bin", rows, in_8_bits=in_8_bits))
    for name in ("tokenizer.json", "preprocessor_config.json"):
        if (folder / name).is_file():
            shutil.copyfile(folder / name, to / name)


@dataclass(frozen=True, slots=True)
class Generated:
    """As `ctranslate2.models.WhisperGenerationResult`, of what is used here."""

    sequences_ids: list[list[int]]
    scores: list[float]
    no_speech_prob: float


class TrimmedWhisper:
    """A `ctranslate2.models.Whisper` whose decoder has some tokens only; who asks sees the ids of the whole model.

    `open_whole` opens the whole model, once, for what the tokens do not do.
    """

    def __init__(self, trimmed: Any, kept: Sequence[int], language_id: int, open_whole: Callable[[], Any]) -> None:
        self._trimmed, self._old, self._language_id = trimmed, list(kept), language_id
        self._new = {old: i for i, old in enumerate(kept)}
        self._open_whole, self._opening = open_whole, Lock()
        self._opened: Any = None

    @property
    def is_multilingual(self) -> bool:
        """As of `ctranslate2.models.Whisper`."""
        return bool(self._trimmed.is_multilingual)

    def encode(self, features: Any, to_cpu: bool = False) -> Any:
        """As of `ctranslate2.models.Whisper`."""
        return self._trimmed.encode(features, to_cpu=to_cpu)

    def generate(
        self, encoded: Any, prompts: Sequence[Sequence[int]], *, suppress_tokens: Sequence[int], **options: Any
    ) -> list[Any]:
        """As of `ctranslate2.models.Whisper`, by the whole model for windows in another language."""

        def ask(own: bool, chosen: Sequence[int], outputs: Any) -> list[Any]:
            generate = self._generate if own else self._whole.generate
            found: list[Any] = generate(
                outputs, [prompts[i] for i in chosen], suppress_tokens=suppress_tokens, **options
            )
            return found

        return _parted(encoded, [self._language_id in prompt for prompt in prompts], ask)

    def _generate(
        self, encoded: Any, prompts: Sequence[Sequence[int]], *, suppress_tokens: Sequence[int], **options: Any
    ) -> list[Generated]:
        own = [self._ids(prompt) for prompt in prompts]
        suppressed = [self._new[i] for i in suppress_tokens if i in self._new]
        results = self._trimmed.generate(encoded, own, suppress_tokens=suppressed, **options)
        return [self._named(result) for result in results]

    @property
    def _whole(self) -> Any:
        with self._opening:
            if self._opened is None:
                self._opened = self._open_whole()
            return self._opened

    def _ids(self, old: Sequence[int]) -> list[int]:
        return [self._new[i] for i in old]

    def _named(self, result: Any) -> Generated:
        sequences = [[self._old[i] for i in ids] for ids in result.sequences_ids]
        return Generated(sequences, list(result.scores), float(result.no_speech_prob))


def _parted(
    encoded: Any, is_own: Sequence[bool], ask: Callable[[bool, Sequence[int], Any], Sequence[Any]]
) -> list[Any]:
    """What `ask` gives for a pass, asked for those that are the trimmed model's and for the others apart.

    `ask` is given whose they are, their places, and the encoder's output of them.
    """
    found: list[Any] = [None] * len(is_own)
    for own in {*is_own}:
        chosen = [i for i, one in enumerate(is_own) if one is own]
        for i, result in zip(chosen, ask(own, chosen, _rows(encoded, chosen)), strict=True):
            found[i] = result
    return found


def _rows(encoded: Any, chosen: Sequence[int]) -> Any:
    """The encoder's output of some windows of a pass."""
    if len(chosen) == encoded.shape[0]:
        return encoded
    import ctranslate2

    return ctranslate2.StorageView.from_array(np.ascontiguousarray(np.asarray(encoded)[list(chosen)]))
