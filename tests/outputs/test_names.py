"""No two media of a folder share the name of a result."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.outputs.names import LONGEST_STEM_BYTES, folder_name, name_key, output_stem, page_stem


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
        ("tiếng.mp3", ["tiếng.mp3", unicodedata.normalize("NFD", "tiếng.mp3")], "tiếng.mp3"),
        ("a.mp3.wav.ogg", ["a.mp3", "a.mp4", "a.mp3.wav", "a.mp3.wav.ogg"], "a.mp3.wav.ogg"),
        ("ghi-am", ["ghi-am", "ghi-am.mp3"], "ghi-am"),
        ("ghi-am.mp3", ["ghi-am", "ghi-am.mp3"], "ghi-am.mp3"),
        ("Họp 9.6", ["Họp 9.6"], "Họp 9.6"),
        ("a\u200b.mp3", ["a\u200b.mp3"], "a"),
    ],
)
def test_the_stem(medium: str, siblings: list[str], stem: str) -> None:
    assert output_stem(medium, siblings) == stem


@given(st.lists(st.from_regex(r"[aAá]{1,2}(\.mp3|\.mp4|\.wav){1,3}", fullmatch=True), min_size=1, max_size=6))
def test_no_two_media_share_a_stem(drawn: list[str]) -> None:
    media = list({name.casefold(): name for name in drawn}.values())  # as a file system without case has them
    stems = [output_stem(name, media).casefold() for name in media]
    assert len(set(stems)) == len(media)


#: Names that are one to people, or look like the names that tell them apart.
_ALIKE = st.lists(
    st.sampled_from(["a", "A", "\u0301", "á", "Á", "\u200b", "\udcff", ".mp3", ".MP3", ".wav", "x" * 300, "ß", "ss"]),
    min_size=1,
    max_size=4,
).map("".join)


@given(st.sets(_ALIKE, min_size=1, max_size=6), st.data())
def test_no_two_names_on_any_disk_share_a_stem_and_all_fit(drawn: set[str], data: st.DataObject) -> None:
    forged = {f"{output_stem(name, drawn)}.mp3" for name in drawn if "\udcff" not in name}
    media = sorted(drawn | data.draw(st.sets(st.sampled_from(sorted(forged))) if forged else st.just(set())))
    stems = [output_stem(name, media) for name in media]
    assert len({name_key(stem) for stem in stems}) == len(media)
    assert all(len(f"{stem}.vie.links.vtt".encode()) <= 255 for stem in stems)
    assert stems == [output_stem(name, reversed(media)) for name in media]


@pytest.mark.parametrize("letters", ["a" * 249, "ể" * 83, "🙂" * 62, "e\u0302\u0309" * 100])
def test_a_name_that_is_too_long_is_shortened_at_a_letter_and_two_stay_two(letters: str) -> None:
    names = [f"{letters}.mp3", f"{letters[:-1]}b.mp3"]
    stems = [output_stem(name, names) for name in names]
    assert stems[0] != stems[1]
    for stem in stems:
        assert len(stem.encode()) <= LONGEST_STEM_BYTES
        kept, _, digits = stem.rpartition("~")
        assert len(digits) == 8
        assert unicodedata.normalize("NFC", letters).startswith(kept)


def test_sub_folders_whose_names_are_one_are_kept_apart() -> None:
    composed, decomposed = "Họp", unicodedata.normalize("NFD", "Họp")
    names = [composed, decomposed, "hỌP", "b\udcff"]
    given = [folder_name(name, names) for name in names]
    assert given[0] == "Họp" or given[2] == "hỌP"
    assert len({name_key(name) for name in given}) == 4
    assert all(name.isprintable() for name in given)
    assert folder_name(decomposed, [decomposed]) == decomposed


def test_pages_of_articles_whose_names_are_one() -> None:
    composed, decomposed = "tiếng.txt", unicodedata.normalize("NFD", "tiếng.txt")
    assert page_stem(composed, beside=False) == page_stem(decomposed, beside=False) == "tiếng"
    marked = [page_stem(name, beside=False, marked=True) for name in (composed, decomposed)]
    assert marked[0] != marked[1]
    assert len(page_stem("ể" * 83 + ".txt", beside=True).encode()) <= LONGEST_STEM_BYTES


def test_a_saved_page_keeps_its_own_name() -> None:
    assert page_stem("bài.html", beside=True) == "bài.vi"
    assert page_stem("bài.html", beside=False) == page_stem("bài.txt", beside=True) == "bài"
