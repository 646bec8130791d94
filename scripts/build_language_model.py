"""Make `mediakit/language_model/vietnamese.ngram` from the texts in `../shared/text`; print its size and perplexity.

What is kept is counts: n-grams of two words and more that were seen once are left out, as the texts' README asks, and
of the others those without which the model predicts worst are kept, up to a size (`--megabytes`). The same texts give
the same bytes. It takes some six minutes, and more than 2 GB of memory.

Measured (42.6 million syllables; perplexity on the treebank, on held-out leads): order 4 in 19.5 MB 164, 47; order 3,
nothing pruned but what was seen once, in 19.5 MB 168, 49; order 4 with `law` too 167, 48.

Method: interpolated Kneser-Ney with three discounts an order (Chen & Goodman 1998, 4.1), from all n-grams; then
weighted differences (Seymore & Rosenfeld 1996): an n-gram is worth its count times the difference that it makes to its
log probability; then back-off weights anew, so that what is left sums to 1.

    python -m scripts.build_language_model [--order 4] [--megabytes 20] [--out FILE]
"""

from __future__ import annotations

import argparse
import lzma
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mediakit.language_model.ngram import BEGIN, NOTHING, SHIPPED, UNKNOWN, NGram
from mediakit.language_model.spelling import Spelling
from mediakit.language_model.trie import BACKOFF_STEP, Ids, Level, Trie
from mediakit.vietnamese.abbreviations import ABBREVIATIONS, SUFFIX_UNITS
from mediakit.vietnamese.loanwords import LOANWORDS
from mediakit.vietnamese.normal import fold
from mediakit.vietnamese.spoken import sayings, spoken
from mediakit.vietnamese.syllables import parse

Keys = NDArray[np.uint64]
Floats = NDArray[np.float64]

TEXTS = Path(__file__).resolve().parents[2] / "shared" / "text"
LEADS = "news-leads-2025-2026.txt.xz"
TRAINED_ON = (LEADS, "news-articles-2024.txt.xz", "news-sentences-2016-2019.txt.xz", "encyclopaedia.txt.xz")
#: Lines of the leads, from 0, that are never trained on: the newest (August 2026) of its two sources, each in order.
HELD_OUT = (range(287_500, 305_500), range(351_500, 400_000))
#: Of these, how many lines are measured.
MEASURED = 6_000
#: A word seen less often is no word of the vocabulary, nor one after the most frequent (ids are 16 bits).
LEAST_SEEN, MOST_WORDS = 12, 40_000
#: An n-gram of two words and more must have been seen this often.
LEAST_COUNT = 2
#: Bits of one word in a packed n-gram.
BITS = np.uint64(16)
LAST_WORD = np.uint64(0xFFFF)

_LINES = 200_000
_BREAK = "\n"
_MARKS = "()[]{}\"'“”‘’«»…:;,.!?*•"
_ENDS = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
_DASHES = frozenset("-–—")
#: Words of letters only that are said in other words than they are written; syllables are not, unless in capitals.
_OTHERWISE = {fold(word) for word in (*ABBREVIATIONS, *LOANWORDS) if parse(word) is None}
#: Spam in the articles, and the treebank's names of brackets.
_SPAM = re.compile("[【】⭐]")
_BRACKET_NAMES = re.compile(r"\b[LR]BKT\b")


def lines_of(name: str) -> Iterator[str]:
    """The lines of one text."""
    with lzma.open(TEXTS / name, "rt", encoding="utf-8") as lines:
        for line in lines:
            if not _SPAM.search(line):
                yield _BRACKET_NAMES.sub(" ", line.rstrip("\n"))


def leads(held_out: bool) -> Iterator[str]:
    """The leads that are held out, or the others."""
    for i, line in enumerate(lines_of(LEADS)):
        if any(i in lines for lines in HELD_OUT) == held_out:
            yield line


@dataclass(frozen=True)
class _Kind:
    """One printed word: the numbers of the syllables in which it is said, and what its neighbours make of it.

    `unit` is the kind that it is behind a figure (`5 kg`, `độ C`), where it is said in another way there, else 0.
    """

    said: tuple[int, ...]
    ends: bool = False
    capital: bool = False
    dash: bool = False
    figure: bool = False
    unit: int = 0


class Reader:
    """Texts as numbers of the syllables that are said, 0 where a sentence begins."""

    def __init__(self) -> None:
        self.syllables = {_BREAK: 0}
        self._kinds: dict[str, int] = {_BREAK: 0}
        self._table = [_Kind((0,))]
        self._spoken: dict[str, tuple[int, ...]] = {}
        self._to = self._number("đến")

    def read(self, lines: Iterable[str]) -> NDArray[np.int32]:
        """The numbers of a text; each line, and each sentence in it, begins with 0."""
        rest, parts = iter(lines), []
        while chunk := list(islice(rest, _LINES)):
            parts.append(self._chunk(chunk))
        return np.concatenate([np.zeros(1, dtype=np.int32), *parts])

    def _chunk(self, lines: Sequence[str]) -> NDArray[np.int32]:
        kinds, known = [], self._kinds
        for word in " \n ".join(lines).split(" "):
            if (kind := known.get(word)) is None:
                kind = self._add(word)
            kinds.append(kind)
        of = np.array([*kinds, 0], dtype=np.int64)
        ends, capital, dash, figure, unit = (
            np.array([getattr(kind, name) for kind in self._table])
            for name in ("ends", "capital", "dash", "figure", "unit")
        )
        of[1:] = np.where(figure[of[:-1]] & (unit[of[1:]] > 0), unit[of[1:]], of[1:])
        lengths = np.array([len(kind.said) for kind in self._table])
        starts = np.cumsum(lengths) - lengths
        flat = np.array([number for kind in self._table for number in kind.said], dtype=np.int32)
        counts = lengths[of]
        places = np.repeat(starts[of] - (np.cumsum(counts) - counts), counts) + np.arange(counts.sum())
        said, after = flat[places], np.cumsum(counts)
        sentence = np.flatnonzero(ends[of[:-1]] & capital[of[1:]])
        span = 1 + np.flatnonzero(figure[of[:-2]] & dash[of[1:-1]] & figure[of[2:]])
        where = np.concatenate([after[sentence], after[span]])
        what = np.concatenate([np.zeros(len(sentence)), np.full(len(span), self._to)]).astype(np.int32)
        return np.insert(said, where, what)

    def _number(self, syllable: str) -> int:
        return self.syllables.setdefault(syllable, len(self.syllables))

    def _add(self, word: str) -> int:
        core = word.strip(_MARKS)
        if (said := self._spoken.get(core)) is None:
            plain = core.isalpha() and (core.islower() or core.istitle()) and fold(core) not in _OTHERWISE
            said = self._spoken[core] = self._numbers((fold(core),) if plain else spoken(word))
        kind = _Kind(said, bool(_ENDS.search(word)), core[:1].isupper(), word in _DASHES, _is_figure(core))
        if fold(core) in SUFFIX_UNITS or core == "C":
            behind = self._numbers(sayings(["độ" if core == "C" else "5", word])[1][0])
            if behind != said:
                kind = replace(kind, unit=len(self._table))
                self._table.append(replace(kind, said=behind, unit=0))
        self._kinds[word] = len(self._table)
        self._table.append(kind)
        return self._kinds[word]

    def _numbers(self, syllables: Iterable[str]) -> tuple[int, ...]:
        return tuple(self._number(syllable) for syllable in syllables)


def _is_figure(core: str) -> bool:
    """Whether a unit may come behind a word."""
    return core[:1].isdecimal() or core == "độ"


def distinct(lines: Iterable[str]) -> Iterator[str]:
    """Each line once: what an agency wrote is printed by many."""
    seen: set[int] = set()
    for line in lines:
        if (key := hash(line)) not in seen:
            seen.add(key)
            yield line


def vocabulary_of(text: NDArray[np.int32], syllables: Sequence[str]) -> tuple[list[str], Ids, Counter[str]]:
    """The words, most frequent first; the id of each number in a text; the words that are left out, counted."""
    counts = np.bincount(text, minlength=len(syllables))
    counts[0] = 0
    order = sorted(range(len(syllables)), key=lambda i: (-counts[i], syllables[i]))
    kept = [i for i in order[: MOST_WORDS - 2] if counts[i] >= LEAST_SEEN]
    ids = np.full(len(syllables), UNKNOWN, dtype=np.int64)
    ids[kept] = np.arange(len(kept)) + 2
    ids[0] = BEGIN
    rare = Counter({syllables[i]: int(counts[i]) for i in order[len(kept) :] if counts[i]})
    return ["<unk>", "<s>", *(syllables[i] for i in kept)], ids, rare


def packed(text: Ids, order: int) -> Keys:
    """The n-grams of a text, packed: the first word in the highest bits; none reaches over a beginning."""
    keys = np.zeros(len(text) - order + 1, dtype=np.uint64)
    whole = np.ones(len(keys), dtype=bool)
    for i in range(order):
        column = text[i : len(text) - order + 1 + i]
        keys = keys << BITS | column.astype(np.uint64)
        if i:
            whole &= column != BEGIN
    if order == 1:
        whole &= text != BEGIN
    return keys[whole]


@dataclass(frozen=True)
class Counts:
    """The n-grams of one order, sorted: how often each was seen, and its count for Kneser-Ney."""

    keys: Keys
    seen: NDArray[np.int64]
    smoothed: NDArray[np.int64]


def counts_of(text: Ids, order: int, size: int) -> list[Counts]:
    """The counts of orders 1 to `order`; of single words, of all below `size` but the beginning.

    The count of an n-gram below the highest order is that of the different words before it, unless it begins a text.
    """
    result: list[Counts] = []
    above: Keys | None = None
    for n in range(order, 0, -1):
        keys, seen = np.unique(packed(text, n), return_counts=True)
        smoothed = seen
        if above is not None:
            ends, before = np.unique(above & ((np.uint64(1) << BITS * np.uint64(n)) - np.uint64(1)), return_counts=True)
            begins = keys >> BITS * np.uint64(n - 1) == BEGIN if n > 1 else np.zeros(len(keys), dtype=bool)
            smoothed = np.where(begins, seen, 0)
            smoothed[np.searchsorted(keys, ends)] += np.where(begins[np.searchsorted(keys, ends)], 0, before)
        result.insert(0, Counts(keys, seen, smoothed))
        above = keys
    words = np.delete(np.arange(size, dtype=np.uint64), BEGIN)
    single = [np.zeros(size, dtype=np.int64) for _ in range(2)]
    for counts, found in zip(single, (result[0].seen, result[0].smoothed), strict=True):
        counts[result[0].keys.astype(np.int64)] = found
    return [Counts(words, *(np.delete(counts, BEGIN) for counts in single)), *result[1:]]


@dataclass(frozen=True)
class Estimate:
    """The n-grams of one order that were seen often enough: log probability (nats), and what each is worth."""

    keys: Keys
    log_prob: Floats
    worth: Floats


def estimates(counts: Sequence[Counts]) -> list[Estimate]:
    """Interpolated Kneser-Ney of each order; all single words share evenly what the others leave."""
    result: list[Estimate] = []
    for n, level in enumerate(counts, start=1):
        discounts = _discounts(level.smoothed)
        context = level.keys >> BITS
        first = np.flatnonzero(np.diff(context, prepend=context[0] + np.uint64(1)) != 0)
        group = np.cumsum(np.isin(np.arange(len(context)), first, assume_unique=True)) - 1
        discount = discounts[np.minimum(level.smoothed, 3)]
        total = np.add.reduceat(level.smoothed, first).astype(np.float64)
        left = np.add.reduceat(discount, first) / total
        kept = np.flatnonzero((level.seen >= LEAST_COUNT) | (n == 1))
        group, keys = group[kept], level.keys[kept]
        if n == 1:
            backed = left[group] / len(keys)
        else:
            lower = keys & ((np.uint64(1) << BITS * np.uint64(n - 1)) - np.uint64(1))
            backed = np.exp(result[-1].log_prob[np.searchsorted(result[-1].keys, lower)]) * left[group]
        prob = (level.smoothed[kept] - discount[kept]) / total[group] + backed
        worth = level.seen[kept] * np.log(prob / backed)
        result.append(Estimate(keys, np.log(prob), worth))
    return result


def _discounts(counts: NDArray[np.int64]) -> Floats:
    """Discounts of counts 0, 1, 2, and 3 and more (Chen & Goodman 1998, equation 26)."""
    n1, n2, n3, n4 = (max(int(np.count_nonzero(counts == i)), 1) for i in (1, 2, 3, 4))
    y = n1 / (n1 + 2 * n2)
    found = np.array([0, 1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3])
    result: Floats = np.clip(found, [0, 0.1, 0.1, 0.1], [0, 0.95, 1.9, 2.9])
    return result


def pruned(levels: Sequence[Estimate], size: int, room: int) -> list[Estimate]:
    """The n-grams that are worth most, as many as have room (bytes); with each the n-grams that it goes on from."""
    low, high = 0.0, float(max(level.worth.max(initial=0) for level in levels[1:])) + 1
    best = _above(levels, high)
    for _ in range(40):
        middle = (low + high) / 2
        found = _above(levels, middle)
        if _bytes(found, size) <= room:
            high, best = middle, found
        else:
            low = middle
    return best


def _above(levels: Sequence[Estimate], least: float) -> list[Estimate]:
    kept: list[Estimate] = []
    needed: Keys = np.empty(0, dtype=np.uint64)
    for level in reversed(levels[1:]):
        keep = level.worth > least
        keep[np.searchsorted(level.keys, needed)] = True
        kept.insert(0, Estimate(level.keys[keep], level.log_prob[keep], level.worth[keep]))
        needed = np.unique(kept[0].keys >> BITS)
    return [levels[0], *kept]


def _bytes(levels: Sequence[Estimate], size: int) -> int:
    return 20 * size + sum(len(level.keys) * (9 if n < len(levels) else 3) for n, level in enumerate(levels[1:], 2))


def trie_of(levels: Sequence[Estimate], size: int) -> Trie:
    """The trie, order by order: codes of the probabilities, then the weights that make each context sum to 1."""
    single = np.full(size, -np.inf, dtype=np.float32)  # the beginning is never said
    single[levels[0].keys.astype(np.int64)] = levels[0].log_prob
    codes = np.arange(size, dtype=np.uint16)
    done = [Level(np.empty(0, np.uint16), codes, single, np.empty(0, np.int16), np.empty(0, np.uint32))]
    keys: Keys = np.arange(size, dtype=np.uint64)
    for level in levels[1:]:
        if not len(level.keys):
            break
        done = _with_order(done, keys, level)
        keys = level.keys
    return Trie(tuple(done))


def _with_order(done: list[Level], contexts: Keys, level: Estimate) -> list[Level]:
    """The levels with one more; the last of `done`, of which `contexts` are the keys, gets weights and starts."""
    n = len(done) + 1
    parents = np.searchsorted(contexts, level.keys >> BITS)
    starts = np.searchsorted(parents, np.arange(len(contexts) + 1)).astype(np.uint32)
    words = (level.keys & LAST_WORD).astype(np.uint16)
    lower = np.exp(_backed_off(Trie(tuple(done)), level.keys, n).astype(np.float64))
    codes, codebook = _quantised(level.log_prob)
    codes = _bounded(codes, codebook, parents, len(contexts))
    stored = np.bincount(parents, np.exp(codebook[codes].astype(np.float64)), len(contexts))
    missing = np.bincount(parents, lower, len(contexts))
    weights = np.where(stored > 0, np.log((1 - stored) / np.maximum(1 - missing, 1e-9)), 0.0)
    backoffs = np.clip(np.rint(weights / BACKOFF_STEP), -32768, 32767).astype(np.int16)
    last = done[-1]
    return [
        *done[:-1],
        Level(last.words, last.codes, last.codebook, backoffs, starts),
        Level(words, codes, codebook, np.empty(0, np.int16), np.empty(0, np.uint32)),
    ]


def _backed_off(trie: Trie, keys: Keys, n: int) -> NDArray[np.float32]:
    """What the orders below say of the last word of n-grams, after all but their first."""
    parts: list[NDArray[np.float32]] = [np.empty(0, dtype=np.float32)]
    for some in np.array_split(keys, max(1, len(keys) // 500_000)):
        columns = [(some >> BITS * np.uint64(i) & LAST_WORD).astype(np.int64) for i in range(n - 2, -1, -1)]
        contexts = np.stack([np.full(len(some), NOTHING), *columns[:-1]], axis=1)
        parts.append(trie.log_probs(contexts, columns[-1]))
    return np.concatenate(parts)


def _quantised(log_prob: Floats) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Codes and codebook: means of 256 bins, half of them as wide, half as full as each other."""
    edges = np.quantile(log_prob, np.linspace(0, 1, 129)[1:-1])
    edges = np.sort(np.concatenate([edges, np.linspace(log_prob.min(), log_prob.max(), 130)[1:-1]]))
    bins = np.searchsorted(edges, log_prob)
    full = np.bincount(bins, minlength=len(edges) + 1)
    means = np.bincount(bins, log_prob, len(edges) + 1) / np.maximum(full, 1)
    used = np.flatnonzero(full)
    return np.searchsorted(used, bins).astype(np.uint8), means[used].astype(np.float32)


def _bounded(
    codes: NDArray[np.uint8], codebook: NDArray[np.float32], parents: NDArray[np.intp], contexts: int
) -> NDArray[np.uint8]:
    """Codes of which no context's probabilities sum to more than 0.999: lowered where rounding made them."""
    codes = codes.copy()
    for _ in range(len(codebook)):
        too_much = np.bincount(parents, np.exp(codebook[codes].astype(np.float64)), contexts) > 0.999
        lower = too_much[parents] & (codes > 0)
        if not lower.any():
            break
        codes[lower] -= 1
    return codes


def perplexity(model: NGram, lines: Iterable[str]) -> tuple[float, float, int]:
    """Perplexity a syllable, that of the vocabulary's words alone, and the number of syllables.

    Each sentence begins with nothing before it; its end is not predicted. Unknown words are spelt.
    """
    reader = Reader()
    text = reader.read(lines)
    names = list(reader.syllables)
    text = text[~((text == 0) & (np.roll(text, -1) == 0))]
    ids = model.ids(["<s>", *names[1:]])[text]
    said = ids != BEGIN
    contexts = _contexts_over(ids, model.order)
    found = model.log_probs_after(contexts[said], ids[said])
    known = ids[said] < model.size
    return float(np.exp(-found.mean())), float(np.exp(-found[known].mean())), len(found)


def _contexts_over(ids: Ids, order: int) -> Ids:
    """The words before each of a text of many sentences, none from the sentence before."""
    padded = np.concatenate([np.full(order - 1, NOTHING), ids])
    contexts: Ids = np.lib.stride_tricks.sliding_window_view(padded, order)[:, :-1].copy()
    for i in range(order - 3, -1, -1):
        contexts[(contexts[:, i + 1] == BEGIN) | (contexts[:, i + 1] == NOTHING), i] = NOTHING
    return contexts


def build(texts: Iterable[Iterable[str]], order: int, megabytes: float) -> NGram:
    """The model of some texts."""
    reader, begin = Reader(), time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - begin:6.0f} s  {what}", flush=True)

    text = reader.read(distinct(line for lines in texts for line in lines))
    text = text[~((text == 0) & (np.roll(text, -1) == 0))]
    say(f"{len(text):,} syllables, {len(reader.syllables):,} different")
    words, ids, rare = vocabulary_of(text, list(reader.syllables))
    say(f"{len(words):,} words in the vocabulary; {sum(rare.values()) / len(text):.2%} of the text is none of them")
    counts = counts_of(ids[text], order, len(words))
    say("n-grams: " + ", ".join(f"{len(c.keys):,} ({np.count_nonzero(c.seen > 1):,} twice)" for c in counts))
    found = pruned(estimates(counts), len(words), int(megabytes * 1e6))
    say("kept: " + ", ".join(f"{len(level.keys):,}" for level in found))
    return NGram(words, Spelling.of(rare), trie_of(found, len(words)))


def main(arguments: Sequence[str] | None = None) -> None:
    """Build, write and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--order", type=int, choices=(2, 3, 4), default=4)
    parser.add_argument("--megabytes", type=float, default=19.5, help="size of the file at most")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    options = parser.parse_args(arguments)
    texts = (leads(held_out=False), *(lines_of(name) for name in TRAINED_ON[1:]))
    model = build(texts, options.order, options.megabytes)
    print(f"{options.out}: {model.write(options.out):,} bytes")
    measure(NGram.open(options.out))


def measure(model: NGram) -> None:
    """Print the perplexity on what was not trained on."""
    held = {
        "treebank-sentences": lines_of("treebank-sentences.txt.xz"),
        "held-out leads": islice(leads(True), MEASURED),
    }
    for name, lines in held.items():
        found, known, count = perplexity(model, lines)
        print(f"perplexity on {name}: {found:.1f} a syllable, {known:.1f} of known words ({count:,} syllables)")


if __name__ == "__main__":
    main()
