"""Sentences of the reference by whose words they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from mediakit.evaluation.reference import Reference

#: All that is said, what of it is the article's, and free speech.
Group = Literal["all", "article", "speech"]


def groups(reference: Reference) -> Mapping[Group, tuple[int, ...]]:
    """The places of the sentences of each group; only `all` where the reference does not tell them apart."""
    spoken = reference.spoken
    found: dict[Group, tuple[int, ...]] = {"all": tuple(range(len(spoken)))}
    if all(item.in_article is not None for item in spoken):
        found["article"] = tuple(n for n, item in enumerate(spoken) if item.in_article)
        found["speech"] = tuple(n for n, item in enumerate(spoken) if not item.in_article)
    return found
