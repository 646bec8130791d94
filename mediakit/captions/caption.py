"""A caption: what stands on the screen at one time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caption:
    """One cue. `id` is stable within a file (`c1`, `c2`, …); `sentences` are the article sentences it shows.

    Raises
    ------
    ValueError
        If it has no lines, an empty line, or no length.
    """

    id: str
    start_ms: int
    end_ms: int
    lines: tuple[str, ...]
    sentences: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.lines or not all(line.strip() for line in self.lines):
            raise ValueError(f"caption {self.id} has no text")
        if not 0 <= self.start_ms < self.end_ms:
            raise ValueError(f"caption {self.id} from {self.start_ms} to {self.end_ms} ms")

    @property
    def text(self) -> str:
        """The lines joined by newlines."""
        return "\n".join(self.lines)
