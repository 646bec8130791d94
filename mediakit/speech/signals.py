"""What an engine says of its own words, besides each word's probability."""

from __future__ import annotations

from dataclasses import dataclass

from mediakit.timeline import Span


@dataclass(frozen=True, slots=True)
class EngineSignals:
    """Of the words in `span` (media's time), as Whisper has them for a segment (Radford et al. 2022, section 4.5).

    `no_speech` is the probability that nobody speaks, from 0 to 1, of the whole window that the segment is of;
    `mean_log_probability` is in nats a token; `compression_ratio` is how many times smaller zlib makes the text:
    what repeats itself shrinks.

    Raises
    ------
    ValueError
        If the probability is none, or the ratio is not above 0.
    """

    span: Span
    no_speech: float
    mean_log_probability: float
    compression_ratio: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.no_speech <= 1.0:
            raise ValueError(f"no probability of no speech: {self.no_speech}")
        if not self.compression_ratio > 0:
            raise ValueError(f"no compression ratio: {self.compression_ratio}")
