"""Two sequences of words side by side: the fewest changes, by jiwer, or the most words in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

from rapidfuzz.distance import LCSseq

#: Unrelated sentences have about a third of their words in common, in order; one with words left out or put in, most.
_SAME_TEXT = 0.7

Change = Literal["equal", "substitute", "delete", "insert"]


@dataclass(frozen=True, slots=True)
class Step:
    """Words `said` of the reference that became the words `got`; one of the two is empty where one side has none."""

    change: Change
    said: range
    got: range


def align(said: Sequence[str], got: Sequence[str]) -> tuple[Step, ...]:
    """What must be done to the words `said` to have `got`, in order, all words of both in it.

    >>> [(step.change, list(step.said), list(step.got)) for step in align("a b c d".split(), "a c d e".split())]
    [('equal', [0], [0]), ('delete', [1], []), ('equal', [2, 3], [1, 2]), ('insert', [], [3])]
    """
    if not said or not got:
        step = Step("delete" if said else "insert", range(len(said)), range(len(got)))
        return (step,) if said or got else ()
    # Only who evaluates needs it.
    from jiwer import process_words

    (chunks,) = process_words(" ".join(said), " ".join(got)).alignments
    return tuple(
        Step(cast(Change, c.type), range(c.ref_start_idx, c.ref_end_idx), range(c.hyp_start_idx, c.hyp_end_idx))
        for c in chunks
    )


def same(steps: Sequence[Step]) -> dict[int, int]:
    """For each word of the reference that was got as it is, its place among the words got."""
    return dict(pair for step in steps if step.change == "equal" for pair in zip(step.said, step.got, strict=True))


def places(steps: Sequence[Step]) -> list[tuple[int, int]]:
    """For each word got, the stretch of the reference that it stands for: one word, or none where it was put in."""
    return [
        (step.said.start + offset, step.said.start + offset + 1) if step.said else (step.said.start,) * 2
        for step in steps
        for offset in range(len(step.got))
    ]


def common(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """The most pairs of equal words in order, as places in both.

    >>> common("a b c".split(), "x a c".split())
    [(0, 1), (2, 2)]
    """
    return [
        pair
        for step in LCSseq.opcodes(a, b)
        if step.tag == "equal"
        for pair in zip(range(step.src_start, step.src_end), range(step.dest_start, step.dest_end), strict=True)
    ]


def is_part(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether `part` is of the same sentence as `whole`: most of its words stand there, in order."""
    return bool(part) and LCSseq.similarity(part, whole) >= _SAME_TEXT * len(part)
