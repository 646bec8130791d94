"""A Whisper decoder of one's own: what CTranslate2 has no door for, a step, and texts aligned fast.

CTranslate2 encodes; its `align` scores and times given texts, but looks at the sound anew for each of them, and it has
nothing that takes one step. Here ONNX Runtime runs the decoder by a graph that is made of the same verified weights.

Milliseconds of a processor (one thread, AVX2 only) for a text of 40 tokens that differs from the others in the middle,
Whisper base with the tokens of Vietnamese, a window of 12 s (`scripts/measure_decoder.py`):

| | of 1 | of 8 | of 50 | window, once | step of 5 | memory, MB |
|---|---|---|---|---|---|---|
| CTranslate2's `align`, 8 bits | 70 | 67 | 68 | | | |
| here, floats | 38 | 19.5 | 18 | 62 | 12 | 220 |
| here, 8 bits | 27 | 14 | 12 | 40 | 7.4 | 117 |

Here the rows are of scores alone; aligning takes 4 ms a text more (NumPy). In floats a token's score is CTranslate2's
in floats to 0.0001 nats, and its frame the same (669 tokens of 24 of the clips). In 8 bits a score is 0.13 nats off in
the mean (48 texts of 12 of the clips), as CTranslate2's in 8 bits is off its own in floats (0.12); the difference of
two texts is 0.45 and 0.56 nats off.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mediakit.errors import EngineError
from mediakit.process_memory import give_back_memory
from mediakit.speech.decoder.alignment import first_frames
from mediakit.speech.decoder.decoder_graph import DecoderGraph
from mediakit.speech.decoder.decoder_weights import DecoderWeights, read_decoder, read_embeddings
from mediakit.speech.decoder.onnx_file import open_session
from mediakit.speech.decoder.prefixes import Node, Prefixes

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]
#: So many tokens share a pass: more gain nothing, and of each there is a probability for every token that there is.
_TOGETHER = 64
#: What is added to the attention to a token that is not to be seen.
_UNSEEN = np.float32(-1e30)
#: What is left of a probability beyond this has lost its digits in 32-bit floats, and is added up itself.
_NEARLY_ALL = 0.9


class Decoder:
    """The decoder of a model in CTranslate2's form. Threads may share it; it keeps nothing of any sound."""

    def __init__(
        self, path: Path, weights: DecoderWeights, tokens: Sequence[int] | None, *, threads: int, in_8_bits: bool
    ) -> None:
        graph = DecoderGraph(weights, in_8_bits=in_8_bits)
        self._path, self._threads, self._in_8_bits = path, threads, in_8_bits
        #: The heads (layer, head) whose attention follows the sound.
        self.alignment_heads = weights.alignment_heads
        self._sound, self._layers = (open_session(model, threads) for model in (graph.sound(), graph.layers()))
        self._positions = weights.positions
        self._know(replace(weights, layers=()), range(len(weights.embeddings)) if tokens is None else tokens)

    def _know(self, weights: DecoderWeights, tokens: Sequence[int]) -> None:
        """Have the tokens of which `weights` have the embeddings; their layers are not looked at."""
        self._rest = weights
        #: The ids of the tokens that it knows, in the order of its log probabilities.
        self.tokens = tuple(tokens)
        self._columns = {token: i for i, token in enumerate(self.tokens)}
        self._head = open_session(DecoderGraph(weights, in_8_bits=self._in_8_bits).head(), self._threads)

    @classmethod
    def open(
        cls, folder: Path, *, tokens: Sequence[int] | None = None, threads: int = 1, in_8_bits: bool = False
    ) -> Decoder:
        """Open the decoder of the model in `folder`; with `tokens`, as a model that has no others.

        Raises
        ------
        EngineError
            If the weights are no whole Whisper model, or ONNX Runtime cannot run it.
        """
        path = folder / "model.bin"
        weights = read_decoder(path, tokens)
        with _opening(path):
            found = cls(path, weights, tokens, threads=threads, in_8_bits=in_8_bits)
        del weights
        give_back_memory()
        return found

    def with_all_tokens(self) -> Decoder:
        """The decoder with all tokens that the model has. The layers are shared; they are most of its opening.

        Raises
        ------
        EngineError
            As :meth:`open`.
        """
        found = copy(self)
        embeddings = read_embeddings(self._path, self._rest.width)
        with _opening(self._path):
            found._know(replace(self._rest, embeddings=embeddings), range(len(embeddings)))
        give_back_memory()
        return found

    @property
    def most_tokens(self) -> int:
        """How many tokens there may be in a prompt and a text together."""
        return len(self._positions)

    def on(self, encoded: Floats, prompt: Sequence[int]) -> WindowDecoder:
        """The decoder on one window: what CTranslate2's encoder gave for it, of shape (frames, width).

        `prompt` comes before every text: start of transcript, language, task, no timestamps.

        Raises
        ------
        EngineError
            If what was encoded is not this model's.
        """
        if not prompt:
            raise ValueError("a prompt has at least one token")
        names = [output.name for output in self._sound.get_outputs()]
        found = _run(self._sound, names, {"encoded": np.ascontiguousarray(encoded, dtype=np.float32)})
        return WindowDecoder(self, dict(zip(names, found, strict=True)), prompt)

    def columns(self, tokens: Sequence[int]) -> list[int]:
        """Where in its log probabilities some tokens are.

        Raises
        ------
        ValueError
            If it does not know one of them.
        """
        try:
            return [self._columns[token] for token in tokens]
        except KeyError as error:
            raise ValueError(f"the decoder has no token {error}") from None

    def _of_text(self, row: Floats, end: int) -> float:
        """The log probability that a token before `end` follows, given that of each token."""
        first = bisect_left(self.tokens, end)
        others = float(np.exp(row[first:], dtype=np.float64).sum())
        if others < _NEARLY_ALL:
            return math.log1p(-others)
        own = row[:first].astype(np.float64)
        highest = own.max()
        return float(highest + np.log(np.exp(own - highest).sum()))

    def _embedded(self, tokens: Sequence[int], depths: Sequence[int] | Integers) -> Floats:
        """Tokens at their places in the text, as the layers want them."""
        if len(depths) and max(depths) >= self.most_tokens:
            raise ValueError(f"a text is longer than {self.most_tokens} tokens with its prompt")
        embedded = self._rest.embeddings[self.columns(tokens)].astype(np.float32)
        found: Floats = embedded + self._positions[depths]
        return found

    def _pass(self, sound: Mapping[str, Floats], before: _Kept, tokens: Floats, mask: Floats) -> _Passed:
        given = {"tokens": tokens, "mask": mask, "keys": before.keys, "values": before.values, **sound}
        names = ("hidden", "new_keys", "new_values", "queries", "looks_at")
        hidden, keys, values, queries, looks_at = _run(self._layers, names, given)
        (found,) = _run(self._head, ("log_probabilities",), {"hidden": hidden})
        return _Passed(found, _Kept(keys, values), queries, looks_at.astype(np.int64))


@dataclass(frozen=True, slots=True)
class _Kept:
    """Keys and values of some tokens, (layers, tokens, width)."""

    keys: Floats
    values: Floats

    def of(self, places: Sequence[int] | Integers) -> _Kept:
        return _Kept(self.keys[:, places], self.values[:, places])

    def and_then(self, other: _Kept) -> _Kept:
        return _Kept(
            np.concatenate((self.keys, other.keys), axis=1), np.concatenate((self.values, other.values), axis=1)
        )


@dataclass(frozen=True, slots=True)
class _Passed:
    """Of some new tokens the log probabilities after each (new, tokens), what is kept, what the heads that follow the
    sound ask of it (new, heads, width of a head), and the frames that they look at (new)."""

    found: Floats
    kept: _Kept
    queries: Floats
    looks_at: Integers


@dataclass(frozen=True, slots=True)
class Aligned:
    """Of each token of a text its log probability (nats), and the encoder's frame (of 20 ms) at which it begins."""

    scores: NDArray[np.float64]
    frames: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class State:
    """Hypotheses of as many tokens each, on one window. Nothing changes it: a step gives another.

    What several begin with is kept once: `paths` (hypotheses, tokens) says where the keys and values of each are.
    `looks_at` has for each hypothesis the encoder's frame (of 20 ms) that it looks at for its next token, the likeliest
    by the heads that follow the sound: where a text says again what it has said they go back, and where it leaves
    something out they leap.
    """

    kept: _Kept
    paths: Integers
    looks_at: Integers

    def __len__(self) -> int:
        return len(self.paths)

    def select(self, chosen: Sequence[int]) -> State:
        """Some of the hypotheses, in another order, or several times. What none of them needs is let go."""
        paths = self.paths[list(chosen)]
        needed, places = np.unique(paths, return_inverse=True)
        return State(self.kept.of(needed), places.reshape(paths.shape), self.looks_at[list(chosen)])


class WindowDecoder:
    """A decoder on one window: the keys and values of its sound, and of the prompt, are there once for all texts."""

    def __init__(self, decoder: Decoder, sound: Mapping[str, Floats], prompt: Sequence[int]) -> None:
        self.decoder, self._sound = decoder, sound
        count = len(prompt)
        tokens = decoder._embedded(prompt, range(count))
        none = np.zeros((len(sound) // 2, 0, tokens.shape[1]), np.float32)
        mask = np.triu(np.full((count, count), _UNSEEN, np.float32), 1)
        passed = decoder._pass(sound, _Kept(none, none), tokens, mask)
        self._asked_by_prompt = passed.queries
        self._followed: Floats | None = None
        #: The log probabilities after each token of the prompt (prompt, tokens).
        self.prompted = passed.found
        #: The one hypothesis of no tokens yet, and the log probabilities (1, tokens) of what comes first.
        self.first: tuple[Floats, State] = (
            passed.found[-1:],
            State(passed.kept, np.arange(count)[np.newaxis], passed.looks_at[-1:]),
        )

    def step(self, state: State, tokens: Sequence[int]) -> tuple[Floats, State]:
        """The log probability (nats) of each next token (hypotheses, tokens), one token having come to each hypothesis.

        Raises
        ------
        ValueError
            If there is no token for each hypothesis, if the decoder does not know it, or a text gets too long.
        """
        count, depth = state.paths.shape
        if len(tokens) != count:
            raise ValueError(f"{len(tokens)} tokens for {count} hypotheses")
        before = state.kept.keys.shape[1]
        mask = np.full((count, before + count), _UNSEEN, np.float32)
        paths = np.concatenate((state.paths, before + np.arange(count)[:, np.newaxis]), axis=1)
        mask[np.arange(count)[:, np.newaxis], paths] = 0
        embedded = self.decoder._embedded(tokens, np.full(count, depth))
        passed = self.decoder._pass(self._sound, state.kept, embedded, mask)
        return passed.found, State(state.kept.and_then(passed.kept), paths, passed.looks_at)

    def align(self, texts: Sequence[Sequence[int]], frames: int, *, end: int) -> list[Aligned]:
        """For each text the scores of its tokens and where in the sound each begins, as CTranslate2's `align` has them.

        `frames` are those of the sound that have any; what the encoder was given beyond them is not looked at. `end` is
        the token that ends a text. As there it is the last of each text, and tokens from it on (languages, times) have
        no share in the probabilities: what follows a text that ended already is none the less probable for it. Such
        tokens themselves have the probability 0.

        Raises
        ------
        ValueError
            If the decoder does not know a token, a text is too long or has another end, or there are fewer frames.
        """
        if any(not text or text[-1] != end for text in texts):
            raise ValueError(f"a text that is aligned ends with the token {end}")
        keys = self._keys()
        if not 0 <= frames <= keys.shape[1]:
            raise ValueError(f"{frames} frames of {keys.shape[1]}")
        keys = keys[:, :frames].transpose(0, 2, 1)
        tree = Prefixes.of(texts)
        scores, queries = self._read(tree.nodes, end)
        found, prompt = list[Aligned](), len(self._asked_by_prompt)
        for path in tree.paths:
            asked = np.concatenate((self._asked_by_prompt, queries[path])).transpose(1, 0, 2)
            found.append(Aligned(scores[path], tuple(first_frames(asked @ keys, prompt))))
        return found

    def _keys(self) -> Floats:
        """The sound's keys for the heads that follow it, (heads, frames, width of a head)."""
        if self._followed is None:
            heads = self.decoder.alignment_heads
            self._followed = np.stack([self._sound[f"key_{layer}"][head] for layer, head in heads])
        return self._followed

    def _read(self, nodes: Sequence[Node], end: int) -> tuple[NDArray[np.float64], Floats]:
        """The log probability of each node after those before it, as a share of that of all tokens before `end`, and
        what each asks of the sound."""
        first, state = self.first
        columns = self.decoder.columns([node.token for node in nodes])
        scores = np.empty(len(nodes))
        after: dict[int, list[int]] = {}
        for i, node in enumerate(nodes):
            after.setdefault(node.before, []).append(i)

        def put(row: Floats, following: Sequence[int]) -> None:
            if following:
                scores[following] = row[[columns[j] for j in following]] - self.decoder._of_text(row, end)

        put(first[0], after.get(-1, ()))
        queries = np.empty((len(nodes), *self._asked_by_prompt.shape[1:]), np.float32)
        # `line`: whose keys are kept, after the prompt's.
        line, kept = list[int](), state.kept
        for begin in range(0, len(nodes), _TOGETHER):
            part = range(begin, min(begin + _TOGETHER, len(nodes)))
            kept, line = self._kept_for(nodes, begin, kept, line)
            passed = self._pass(nodes, part, kept, line)
            for row, i in zip(passed.found, part, strict=True):
                put(row, after.get(i, ()))
            queries[part] = passed.queries
            kept, line = kept.and_then(passed.kept), [*line, *part]
        scores[[node.token >= end for node in nodes]] = -np.inf
        return scores, queries

    def _kept_for(self, nodes: Sequence[Node], first: int, kept: _Kept, line: list[int]) -> tuple[_Kept, list[int]]:
        """Of what is kept, the prompt's and that of the tokens before a node.

        The others of its part need no more: each comes after it, or after one of those before it.
        """
        above, i = list[int](), nodes[first].before
        while i >= 0:
            above.append(i)
            i = nodes[i].before
        above.reverse()
        prompt = kept.keys.shape[1] - len(line)
        places = {node: prompt + i for i, node in enumerate(line)}
        return kept.of([*range(prompt), *(places[i] for i in above)]), above

    def _pass(self, nodes: Sequence[Node], part: Sequence[int], kept: _Kept, line: Sequence[int]) -> _Passed:
        before = kept.keys.shape[1]
        prompt = before - len(line)
        rows = {i: row for row, i in enumerate(part)}
        mask = np.full((len(part), before + len(part)), _UNSEEN, np.float32)
        for row, i in enumerate(part):
            above = rows.get(nodes[i].before)
            if above is not None:
                mask[row] = mask[above]
            else:
                mask[row, : prompt + nodes[i].depth] = 0
            mask[row, before + row] = 0
        depths = [prompt + nodes[i].depth for i in part]
        embedded = self.decoder._embedded([nodes[i].token for i in part], depths)
        return self.decoder._pass(self._sound, kept, embedded, mask)


@contextmanager
def _opening(path: Path) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # ONNX Runtime's own errors are no RuntimeError
        raise EngineError(f"the decoder cannot be opened ({error})", file=path) from error


def _run(session: Any, names: Sequence[str], given: Mapping[str, Floats]) -> list[Floats]:
    try:
        found: list[Floats] = session.run(names, given)
    except Exception as error:  # as above
        raise EngineError(f"the decoder failed ({error})") from error
    return found
