"""A Whisper decoder of one's own: what CTranslate2 has no door for, a step, and texts scored fast.

CTranslate2 encodes; its `align` scores given texts, but looks at the sound anew for each of them, and it has nothing
that takes one step. Here ONNX Runtime runs the decoder by a graph that is made of the same verified weights.

Milliseconds of a processor (one thread, AVX2 only) for a text of 40 tokens that differs from the others in the middle,
Whisper base with the tokens of Vietnamese, a window of 12 s (`scripts/measure_decoder.py`):

| | of 1 | of 8 | of 50 | window, once | step of 5 | memory, MB |
|---|---|---|---|---|---|---|
| CTranslate2's `align`, 8 bits | 70 | 67 | 68 | | | |
| here, floats | 38 | 19.5 | 18 | 62 | 12 | 220 |
| here, 8 bits | 27 | 14 | 12 | 40 | 7.4 | 117 |

In floats a token's score is CTranslate2's in floats to 0.0001 nats. In 8 bits it is 0.13 nats off in the mean (48 texts
of 12 of the clips), as CTranslate2's in 8 bits is off its own in floats (0.12); the difference of two texts is 0.45 and
0.56 nats off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mediakit.errors import EngineError
from mediakit.process_memory import give_back_memory
from mediakit.speech.decoder.decoder_graph import DecoderGraph
from mediakit.speech.decoder.decoder_weights import read_decoder
from mediakit.speech.decoder.onnx_file import OnnxModel
from mediakit.speech.decoder.prefixes import Node, Prefixes

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]
#: So many tokens share a pass: more gain nothing, and of each there is a probability for every token that there is.
_TOGETHER = 64
#: What is added to the attention to a token that is not to be seen.
_UNSEEN = np.float32(-1e30)


class Decoder:
    """The decoder of a model in CTranslate2's form. Threads may share it; it keeps nothing of any sound."""

    def __init__(
        self, embeddings: NDArray[Any], positions: Floats, tokens: Sequence[int], graph: DecoderGraph, threads: int
    ) -> None:
        self._embeddings, self._positions = embeddings, positions
        #: The ids of the tokens that it knows, in the order of its log probabilities.
        self.tokens = tuple(tokens)
        self._columns = {token: i for i, token in enumerate(self.tokens)}
        self._sound, self._layers, self._head = (
            _session(model, threads) for model in (graph.sound(), graph.layers(), graph.head())
        )

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
        known = range(len(weights.embeddings)) if tokens is None else tokens
        try:
            graph = DecoderGraph(weights, in_8_bits=in_8_bits)
            found = cls(weights.embeddings, weights.positions, known, graph, threads)
        except Exception as error:  # ONNX Runtime's own errors are no RuntimeError
            raise EngineError(f"the decoder cannot be opened ({error})", file=path) from error
        del weights, graph
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

    def _embedded(self, tokens: Sequence[int], depths: Sequence[int] | Integers) -> Floats:
        """Tokens at their places in the text, as the layers want them."""
        if len(depths) and max(depths) >= self.most_tokens:
            raise ValueError(f"a text is longer than {self.most_tokens} tokens with its prompt")
        embedded = self._embeddings[self.columns(tokens)].astype(np.float32)
        found: Floats = embedded + self._positions[depths]
        return found

    def _pass(self, sound: Mapping[str, Floats], before: _Kept, tokens: Floats, mask: Floats) -> tuple[Floats, _Kept]:
        """Log probabilities after each of some new tokens, and what is kept of these."""
        given = {"tokens": tokens, "mask": mask, "keys": before.keys, "values": before.values, **sound}
        hidden, keys, values = _run(self._layers, ("hidden", "new_keys", "new_values"), given)
        (found,) = _run(self._head, ("log_probabilities",), {"hidden": hidden})
        return found, _Kept(keys, values)


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
class State:
    """Hypotheses of as many tokens each, on one window. Nothing changes it: a step gives another.

    What several begin with is kept once: `paths` (hypotheses, tokens) says where the keys and values of each are.
    """

    kept: _Kept
    paths: Integers

    def __len__(self) -> int:
        return len(self.paths)

    def select(self, chosen: Sequence[int]) -> State:
        """Some of the hypotheses, in another order, or several times. What none of them needs is let go."""
        paths = self.paths[list(chosen)]
        needed, places = np.unique(paths, return_inverse=True)
        return State(self.kept.of(needed), places.reshape(paths.shape))


class WindowDecoder:
    """A decoder on one window: the keys and values of its sound, and of the prompt, are there once for all texts."""

    def __init__(self, decoder: Decoder, sound: Mapping[str, Floats], prompt: Sequence[int]) -> None:
        self.decoder, self._sound = decoder, sound
        count = len(prompt)
        tokens = decoder._embedded(prompt, range(count))
        none = np.zeros((len(sound) // 2, 0, tokens.shape[1]), np.float32)
        mask = np.triu(np.full((count, count), _UNSEEN, np.float32), 1)
        found, kept = decoder._pass(sound, _Kept(none, none), tokens, mask)
        #: The one hypothesis of no tokens yet, and the log probabilities (1, tokens) of what comes first.
        self.first: tuple[Floats, State] = (found[-1:], State(kept, np.arange(count)[np.newaxis]))

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
        found, kept = self.decoder._pass(self._sound, state.kept, embedded, mask)
        return found, State(state.kept.and_then(kept), paths)

    def score(
        self, texts: Sequence[Sequence[int]], *, after: tuple[Floats, State] | None = None
    ) -> list[NDArray[np.float64]]:
        """For each text the log probability (nats) of each of its tokens after the prompt and those before it.

        Given `after`, what a step gave for one hypothesis (`first` and `step` give it), they are how that goes on.

        A text that is to be judged as a whole has the token that ends a text last: else leaving out its end is free.

        Raises
        ------
        ValueError
            If the decoder does not know a token, or a text is too long.
        """
        tree = Prefixes.of(texts)
        scores = self._scores(tree.nodes, *(after or self.first))
        return [scores[path] for path in tree.paths]

    def _scores(self, nodes: Sequence[Node], first: Floats, state: State) -> NDArray[np.float64]:
        """The log probability of each node after those before it."""
        if not len(first) == len(state) == 1:
            raise ValueError(f"texts go on after one hypothesis, not {len(state)}")
        state = state.select([0])
        columns = self.decoder.columns([node.token for node in nodes])
        scores = np.empty(len(nodes))
        after: dict[int, list[int]] = {}
        for i, node in enumerate(nodes):
            after.setdefault(node.before, []).append(i)
        for i in after.get(-1, ()):
            scores[i] = first[0, columns[i]]
        # A token that nothing comes after need not be looked at. `line`: whose keys are kept, after the prompt's.
        inner, line, kept = [i for i in range(len(nodes)) if i in after], list[int](), state.kept
        for begin in range(0, len(inner), _TOGETHER):
            part = inner[begin : begin + _TOGETHER]
            kept, line = self._kept_for(nodes, part[0], kept, line)
            found, new = self._pass(nodes, part, kept, line)
            for row, i in enumerate(part):
                scores[after[i]] = found[row, [columns[j] for j in after[i]]]
            kept, line = kept.and_then(new), [*line, *part]
        return scores

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

    def _pass(
        self, nodes: Sequence[Node], part: Sequence[int], kept: _Kept, line: Sequence[int]
    ) -> tuple[Floats, _Kept]:
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


def _run(session: Any, names: Sequence[str], given: Mapping[str, Floats]) -> list[Floats]:
    try:
        found: list[Floats] = session.run(names, given)
    except Exception as error:  # as above
        raise EngineError(f"the decoder failed ({error})") from error
    return found


def _session(model: OnnxModel, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 3
    # What a pass needs is given back after it: kept for the next, it is 60 MB for no time gained.
    options.enable_cpu_mem_arena = False
    # A thread that waits for others lets the processor go: other windows are looked at beside.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(one) for one in model.weights.values()]
    options.add_external_initializers(list(model.weights), values)
    return onnxruntime.InferenceSession(model.written(), options, providers=["CPUExecutionProvider"])
