"""Weighs texts with openai-whisper's module: encode a stretch once, score and time all texts on it.

The gain is that of :mod:`mediakit.speech.engines.whisper_judge`, in float32: the same floors, the same faint noise for
no speech, the same room after the sound.
"""

from __future__ import annotations

import warnings
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mediakit.errors import EngineError
from mediakit.media.sound import SAMPLE_RATE, Samples
from mediakit.speech.ctc.frames import Frames
from mediakit.speech.ctc.head import CtcHead
from mediakit.speech.engine import Window
from mediakit.speech.evidence import Evidence, WordEvidence

# Whisper: a feature frame is 10 ms, an encoder (and alignment) frame 20 ms (Radford et al. 2022, section 2.2).
_HOP = 160
_ALIGNMENT_FRAME_MS = 20
#: The encoder is given the stretch and a little silence, not 30 s.
_FRAMES_STEP, _FRAMES_MARGIN, _FRAMES_LEAST, _FRAMES_MOST = 100, 50, 200, 3000
#: Probabilities of tokens are no less than this, with the sound and without.
_FLOOR, _PRIOR_FLOOR = 1e-5, 1e-4
_REMEMBERED = 4096
#: Width of the median filter over attention (`whisper.timing.find_alignment`).
_FILTER_FRAMES = 7


@dataclass(frozen=True, slots=True)
class _Scored:
    """For each token of a text its probability, and where it begins and the last ends, in alignment frames."""

    probabilities: NDArray[np.float64]
    edges: NDArray[np.int64]


class TorchJudge:
    """Implements :class:`mediakit.speech.evidence.Judge` on a `whisper.model.Whisper`.

    Keeps the scores of texts on no speech (they depend on the text alone), and the window that was asked about last.
    """

    def __init__(self, model: Any, language: str) -> None:
        from whisper.tokenizer import get_tokenizer

        self._model = model
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # it leaves its vocabulary's file to be closed by chance
            self._tokenizer = get_tokenizer(
                model.is_multilingual, num_languages=model.num_languages, language=language, task="transcribe"
            )
        noise = np.random.default_rng(0).normal(0, 1e-3, 4 * SAMPLE_RATE).astype(np.float32)
        self._nothing = self._encode(noise)
        self._prior: OrderedDict[str, NDArray[np.float64]] = OrderedDict()
        self._last: tuple[Window, tuple[Any, int]] | None = None

    def weigh(self, window: Window, texts: Sequence[str]) -> tuple[Evidence, ...]:
        """See :meth:`mediakit.speech.evidence.Judge.weigh`."""
        if not texts:
            return ()
        try:
            self._learn_priors(texts)
            results = self._score(self._encoded(window), [self._tokens(text) for text in texts])
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"the model could not weigh a text ({error})") from error
        return tuple(self._evidence(window, text, result) for text, result in zip(texts, results, strict=True))

    def ctc(self, window: Window, head: CtcHead) -> bytes:
        """What a CTC head gives for a window (:meth:`mediakit.speech.ctc.frames.Frames.packed`)."""
        try:
            encoded, frames = self._encoded(window)
            return Frames.of(window.start_ms, head.frames(encoded[0, : max(1, frames // 2)].numpy())).packed()
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"the CTC head failed at {window.start_ms} ms ({error})") from error

    def _tokens(self, text: str) -> list[int]:
        tokens: list[int] = self._tokenizer.encode(" " + " ".join(text.split()))
        return tokens

    def _encoded(self, window: Window) -> tuple[Any, int]:
        """As :meth:`_encode`; what asks once about a window asks again."""
        if self._last is None or not np.array_equal(self._last[0].samples, window.samples):
            self._last = window, self._encode(window.samples)
        return self._last[1]

    def _encode(self, samples: Samples) -> tuple[Any, int]:
        """Encoder output of shape (1, frames / 2, width), and the number of frames with sound.

        The module's own `encoder.forward` takes 30 s only; its layers take any length.
        """
        import torch
        from torch.nn.functional import gelu, pad
        from whisper.audio import log_mel_spectrogram

        frames = min(_FRAMES_MOST, max(1, len(samples) // _HOP))
        room = max(_FRAMES_LEAST, -(-(frames + _FRAMES_MARGIN) // _FRAMES_STEP) * _FRAMES_STEP)
        room = min(room, _FRAMES_MOST)
        encoder = self._model.encoder
        with torch.inference_mode():
            # Padded by 30 s as faster-whisper does, for silence that is as deep as the model is used to.
            mel = log_mel_spectrogram(samples, self._model.dims.n_mels, padding=_FRAMES_MOST * _HOP)[:, :room]
            mel = pad(mel, (0, room - mel.shape[1]), value=float(mel.min()))
            x = gelu(encoder.conv2(gelu(encoder.conv1(mel.unsqueeze(0))))).permute(0, 2, 1)
            x = x + encoder.positional_embedding[: x.shape[1]]
            for block in encoder.blocks:
                x = block(x)
            return encoder.ln_post(x), frames

    def _score(self, encoded: tuple[Any, int], texts: Sequence[Sequence[int]]) -> list[_Scored]:
        """All texts in one pass of the decoder, each fed its own tokens (teacher forcing)."""
        import torch
        from whisper.model import disable_sdpa

        sound, frames = encoded
        start = [*self._tokenizer.sot_sequence, self._tokenizer.no_timestamps]
        longest = max(len(text) for text in texts)
        if len(start) + longest > self._model.dims.n_text_ctx:
            raise ValueError(f"a text of {longest} tokens is too long")
        # The decoder looks back only, so that what fills a shorter text up changes nothing in it.
        rows = [[*start, *text, *[self._tokenizer.eot] * (longest - len(text))] for text in texts]
        with torch.inference_mode(), disable_sdpa(), self._attention() as attention:
            tokens = torch.tensor(rows, device=sound.device)
            logits = self._model.decoder(tokens, sound.expand(len(rows), -1, -1))
            probabilities = logits[:, len(start) - 1 :, :].softmax(dim=-1)
            weights = torch.stack([attention[layer][:, head] for layer, head in self._heads()], dim=1)
            return [
                _Scored(
                    probabilities[row, torch.arange(len(text)), list(text)].double().numpy(),
                    _edges(weights[row, :, len(start) - 1 : len(start) + len(text), : max(1, frames // 2)]),
                )
                for row, text in enumerate(texts)
            ]

    def _heads(self) -> list[tuple[int, int]]:
        """The (layer, head) pairs that follow the sound."""
        return [(layer, head) for layer, head in self._model.alignment_heads.indices().T.tolist()]

    @contextmanager
    def _attention(self) -> Iterator[dict[int, Any]]:
        """Within the block, each layer's attention to the sound before softmax, (texts, heads, tokens, frames)."""
        kept: dict[int, Any] = {}

        def keep(layer: int) -> Any:
            return lambda _module, _inputs, outputs: kept.__setitem__(layer, outputs[-1])

        hooks = [
            block.cross_attn.register_forward_hook(keep(layer))
            for layer, block in enumerate(self._model.decoder.blocks)
        ]
        try:
            yield kept
        finally:
            for hook in hooks:
                hook.remove()

    def _learn_priors(self, texts: Sequence[str]) -> None:
        new = [text for text in dict.fromkeys(texts) if text not in self._prior]
        if new:
            for text, scored in zip(new, self._score(self._nothing, [self._tokens(t) for t in new]), strict=True):
                self._prior[text] = np.log(np.maximum(scored.probabilities, _PRIOR_FLOOR))
        for text in texts:
            self._prior.move_to_end(text)
        while len(self._prior) > max(_REMEMBERED, len(texts)):
            self._prior.popitem(last=False)

    def _evidence(self, window: Window, text: str, scored: _Scored) -> Evidence:
        gains = np.log(np.maximum(scored.probabilities, _FLOOR)) - self._prior[text]
        edges = [window.start_ms + int(edge) * _ALIGNMENT_FRAME_MS for edge in scored.edges]
        words, first = [], 0
        for word in text.split():
            count = len(self._tokenizer.encode(" " + word))
            last = min(first + count, len(gains))
            gain = float(gains[first:last].sum())
            words.append(WordEvidence(edges[first], max(edges[first], edges[last]), gain, last - first))
            first = last
        return Evidence(tuple(words))


def _edges(attention: Any) -> NDArray[np.int64]:
    """Where each token begins and the last ends, from attention of shape (heads, tokens + 1, frames).

    The row of a token is the one that predicts it, so that there is one more, which predicts what follows. As in
    `whisper.timing.find_alignment`: normalised over tokens, filtered, and the cheapest path through it.
    """
    import torch
    from whisper.timing import dtw, median_filter

    weights = attention.softmax(dim=-1)
    spread, mean = torch.std_mean(weights, dim=-2, keepdim=True, unbiased=False)
    weights = median_filter((weights - mean) / spread.clamp_min(1e-8), _FILTER_FRAMES)
    tokens, frames = dtw(-weights.mean(dim=0))
    firsts = np.unique(tokens, return_index=True)[1]
    edges: NDArray[np.int64] = np.maximum.accumulate(frames[firsts].astype(np.int64))
    return edges
