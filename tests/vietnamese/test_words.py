"""The tagger on text that its corpus has not: no token may bring it down."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.vietnamese.words import parts_of


def test_a_mark_apart_from_its_word() -> None:
    parts = parts_of(["mục", "đích", "đó ,", "vì"])
    assert [part.tag for part in parts][2:] == ["P", "E"]


@pytest.mark.slow
def test_every_character_by_itself_and_with_a_space() -> None:
    characters = [chr(code) for code in range(sys.maxunicode + 1) if code < 0x3100 or 0xFE00 <= code < 0x10100]
    for form in ("{}", " {}", "{} ", "a {} b"):
        syllables = [form.format(c) for c in characters]
        assert len(parts_of(syllables)) == len(syllables)


@given(st.lists(st.text(max_size=40), max_size=12))
def test_any_text(syllables: list[str]) -> None:
    assert len(parts_of(syllables)) == len(syllables)
