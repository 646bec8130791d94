"""Texts as the tree of their beginnings, so that what several begin with is looked at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Tokens = Sequence[int]


@dataclass(frozen=True, slots=True)
class Node:
    """A token after those before it: where in the list of nodes the one before is (-1: none)."""

    token: int
    before: int
    depth: int


@dataclass(frozen=True, slots=True)
class Prefixes:
    """Every beginning of some texts once, each after its own beginnings and before what goes on otherwise.

    >>> tree = Prefixes.of([[1, 2, 3], [1, 4], [1, 2, 3]])
    >>> [(node.token, node.before) for node in tree.nodes]
    [(1, -1), (2, 0), (3, 1), (4, 0)]
    >>> tree.paths
    ([0, 1, 2], [0, 3], [0, 1, 2])
    """

    nodes: tuple[Node, ...]
    #: For each text the places of its nodes.
    paths: tuple[list[int], ...]

    @classmethod
    def of(cls, texts: Sequence[Tokens]) -> Prefixes:
        """The tree of some texts."""
        nodes, path = list[Node](), list[int]()
        before: tuple[int, ...] = ()
        paths: dict[tuple[int, ...], list[int]] = {}
        for text in sorted({tuple(text) for text in texts}):
            shared = _alike(before, text)
            path = path[:shared]
            for depth in range(shared, len(text)):
                nodes.append(Node(text[depth], path[-1] if path else -1, depth))
                path = [*path, len(nodes) - 1]
            paths[text], before = path, text
        return cls(tuple(nodes), tuple(paths[tuple(text)] for text in texts))


def _alike(one: Tokens, other: Tokens) -> int:
    """How many tokens two texts have in common at their beginnings."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
