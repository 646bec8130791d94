"""No two media of a folder share the name of a result."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.outputs.names import output_stem, page_stem


@pytest.mark.parametrize(
    ("medium", "siblings", "stem"),
    [
        ("a.mp3", [], "a"),
        ("a.mp3", ["a.mp3", "b.mp4"], "a"),
        ("a.mp3", ["a.mp3", "a.mp4"], "a.mp3"),
        ("a.mp4", ["a.mp3", "A.MP4"], "a.mp4"),
        ("a.b.mp3", ["a.mp3"], "a.b"),
        ("a.mp3.wav", ["a.mp3"], "a.mp3"),
        ("a.mp3.wav", ["a.mp3", "a.mp4"], "a.mp3.wav"),
        ("Tiếng.mp3", [unicodedata.normalize("NFD", "TIẾNG.mp4")], "Tiếng.mp3"),
        (unicodedata.normalize("NFD", "tiếng.mp3"), ["tiếng.mp3"], "tiếng"),
    ],
)
def test_the_stem(medium: str, siblings: list[str], stem: str) -> None:
    assert output_stem(medium, siblings) == stem


@given(st.lists(st.from_regex(r"[aAá]{1,2}(\.mp3|\.mp4|\.wav){1,3}", fullmatch=True), min_size=1, max_size=6))
def test_no_two_media_share_a_stem(drawn: list[str]) -> None:
    media = list({name.casefold(): name for name in drawn}.values())  # as a file system without case has them
    stems = [output_stem(name, media).casefold() for name in media]
    assert len(set(stems)) == len(media)


def test_a_saved_page_keeps_its_own_name() -> None:
    assert page_stem("bài.html", beside=True) == "bài.vi"
    assert page_stem("bài.html", beside=False) == page_stem("bài.txt", beside=True) == "bài"
