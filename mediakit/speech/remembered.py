"""A judge that remembers: what it weighed once for a stretch of sound is not weighed again."""

from __future__ import annotations

from collections.abc import Sequence

from mediakit.speech.engine import Window
from mediakit.speech.evidence import Evidence, Judge


class RememberingJudge:
    """Implements :class:`mediakit.speech.evidence.Judge` for the windows of one medium.

    Grounding once more, after some windows were heard thoroughly, asks mostly the same. A few hundred bytes a text.
    """

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._known: dict[tuple[int, int, str | None, str], Evidence] = {}

    def weigh(self, window: Window, texts: Sequence[str]) -> tuple[Evidence, ...]:
        """See :meth:`mediakit.speech.evidence.Judge.weigh`; the same stretch of time is taken for the same sound."""
        keys = [(window.start_ms, len(window.samples), window.language, text) for text in texts]
        new = list(dict.fromkeys(key for key in keys if key not in self._known))
        for key, evidence in zip(new, self._judge.weigh(window, [text for *_, text in new]), strict=True):
            self._known[key] = evidence
        return tuple(self._known[key] for key in keys)
