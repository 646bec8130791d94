"""Mending times and breaks: planted cues with known answers (properties: tests/subtitles/test_check.py)."""

from __future__ import annotations

import pytest

from mediakit.captions.mend import Mended, Written, mend
from mediakit.captions.profile import PROFILES, Profile
from mediakit.captions.rules import broken_rules

NETFLIX = PROFILES["netflix-vi"]


def cue(start_ms: int, end_ms: int, *lines: str) -> Written:
    return Written(start_ms, end_ms, tuple(tuple((word, word) for word in line.split()) for line in lines or ("Xin",)))


def times(mended: list[Mended]) -> list[tuple[int, int]]:
    return [(one.written.start_ms, one.written.end_ms) for one in mended]


def shown(mended: list[Mended]) -> list[tuple[str, ...]]:
    return [one.written.shown() for one in mended]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param([(0, 2000), (2080, 4000), (4501, 6000)], None, id="nothing to mend"),
        pytest.param([(1000, 1200)], [(1000, 1833)], id="too short: it stays"),
        pytest.param([(1000, 1200), (1600, 3000)], [(687, 1520), (1600, 3000)], id="and comes earlier where it must"),
        pytest.param([(0, 9000)], [(0, 7000)], id="too long"),
        pytest.param([(0, 2000), (2000, 4000)], [(0, 1920), (2000, 4000)], id="no gap"),
        pytest.param([(0, 2000), (2300, 4000)], [(0, 2220), (2300, 4000)], id="a gap to be closed"),
        pytest.param([(0, 3000), (2000, 4000)], [(0, 1920), (2000, 4000)], id="overlap"),
        pytest.param([(0, 3000), (600, 4000)], [(0, 833), (913, 4000)], id="overlap: the later comes later"),
        pytest.param([(0, 3000), (0, 4000)], [(0, 420), (500, 4000)], id="but by half a second at most"),
        pytest.param([(0, 60_000), (1000, 3000), (5000, 7000)], [(0, 920), (1000, 3000), (5000, 7000)], id="many"),
        pytest.param([(5, 5), (5, 5)], [(0, 6), (86, 919)], id="no length at all"),
    ],
)
def test_times(given: list[tuple[int, int]], expected: list[tuple[int, int]] | None) -> None:
    assert times(mend([cue(*span) for span in given], NETFLIX)) == (expected or given)


def test_a_cue_stays_until_it_is_read() -> None:
    fast = cue(0, 1000, "a" * 34, "b" * 33)
    assert times(mend([fast], NETFLIX)) == [(0, 4000)]
    assert times(mend([fast, cue(3000, 5000)], NETFLIX)) == [(0, 2920), (3000, 5000)]
    assert times(mend([fast], PROFILES["web"])) == [(0, 1000)]


LONG = "Sáng 5/2, xã Đông Hòa ra quân trồng 1.200 cây, hơn 120 người đến dự lễ."


def test_a_long_line_is_broken_in_two() -> None:
    (mended,) = mend([cue(0, 6000, LONG)], NETFLIX)
    assert (mended.origin, len(mended.written.lines)) == (0, 2)
    assert " ".join(mended.written.shown()) == LONG
    assert broken_rules([_Shown(mended)], NETFLIX) == []


def test_what_one_cue_does_not_hold_becomes_several_over_the_same_time() -> None:
    mended = mend([cue(0, 12_000, f"{LONG} {LONG}"), cue(20_000, 22_000)], NETFLIX)
    assert [one.origin for one in mended] == [0, 0, 1]
    assert times(mended)[0][0] == 0
    assert times(mended)[1][1] == 12_000
    assert " ".join(" ".join(lines) for lines in shown(mended)[:2]) == f"{LONG} {LONG}"
    assert broken_rules([_Shown(one) for one in mended], NETFLIX) == []


def test_a_cue_that_keeps_the_rules_keeps_its_lines() -> None:
    given = cue(0, 3000, "Một dòng", "rất ngắn và một dòng dài hơn nhiều")
    assert mend([given], NETFLIX) == [Mended(0, given)]


def test_speakers_get_cues_of_their_own() -> None:
    mended = mend([cue(0, 8000, "- Bà con trồng lúa", "được mấy sào?", "- Năm sào", "– Cảm ơn bà")], NETFLIX)
    assert shown(mended) == [("- Bà con trồng lúa", "được mấy sào?"), ("- Năm sào",), ("– Cảm ơn bà",)]


def test_lines_of_two_speakers_that_fit_stay_together() -> None:
    given = cue(0, 3000, "- Mấy sào?", "- Năm sào")
    assert mend([given], NETFLIX) == [Mended(0, given)]


@pytest.mark.parametrize("lines", [("x" * 43,), ("x" * 43, "y" * 100)])
def test_a_word_longer_than_a_line_has_it_to_itself(lines: tuple[str, ...]) -> None:
    given = cue(0, 6900, *lines)
    assert shown(mend([given], PROFILES["web"])) == [lines]


def test_the_long_word_is_parted_from_others() -> None:
    (mended,) = mend([cue(0, 6900, "xem " + "x" * 43)], NETFLIX)
    assert mended.written.shown() == ("xem", "x" * 43)


def test_marks_alone_are_no_words_and_no_lines() -> None:
    mark = (("<i>", ""),)
    given = Written(0, 3000, (mark, (("Xin", "Xin"),), (("chào", "chào"),), (("</i>", ""),)))
    assert given.shown() == ("Xin", "chào")
    assert mend([given], NETFLIX) == [Mended(0, given)]
    longer = Written(0, 6000, (mark, *cue(0, 1, LONG).lines, (("</i>", ""),)))
    (mended,) = mend([longer], NETFLIX)
    written = [text for line in mended.written.lines for text, _ in line]
    assert " ".join(written) == f"<i> {LONG} </i>"


def test_where_there_is_no_time_for_parts_a_long_line_stays() -> None:
    crowded = [cue(0, 50, f"{LONG} {LONG}"), cue(130, 3000)]
    assert shown(mend(crowded, NETFLIX))[0] == (f"{LONG} {LONG}",)
    assert len(shown(mend([cue(0, 50, LONG), cue(130, 3000)], NETFLIX))[0]) == 2
    alone = mend([cue(0, 50, f"{LONG} {LONG}")], NETFLIX)
    assert len(alone) == 2
    assert broken_rules([_Shown(one) for one in alone], NETFLIX) == []


def test_time_that_is_found_before_a_cue_is_used_for_its_parts_at_once() -> None:
    mended = mend([cue(1000, 1050, f"{LONG} {LONG}"), cue(1130, 3000)], NETFLIX)
    assert [one.origin for one in mended] == [0, 0, 1]
    assert mend([one.written for one in mended], NETFLIX) == [Mended(n, one.written) for n, one in enumerate(mended)]


def test_one_line_profiles() -> None:
    profile = Profile("một dòng", max_line_chars=12, max_lines=1)
    mended = mend([cue(0, 6000, "Một hai ba bốn", "năm sáu")], profile)
    assert all(len(lines) == 1 and len(lines[0]) <= 12 for lines in shown(mended))


def test_no_cues() -> None:
    assert mend([], NETFLIX) == []


class _Shown:
    """A mended cue as the rules see it."""

    def __init__(self, mended: Mended) -> None:
        self.start_ms, self.end_ms = mended.written.start_ms, mended.written.end_ms
        self.lines = mended.written.shown()
