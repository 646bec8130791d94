"""Each rule at its limit, one step on either side."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from mediakit.captions.place import Place
from mediakit.captions.profile import PROFILES
from mediakit.captions.rules import RULES, UNITS, Broken, broken_rules

NETFLIX = PROFILES["netflix-vi"]


@dataclass(frozen=True)
class Cue:
    """A cue of a file, as the rules see it."""

    start_ms: int
    end_ms: int
    lines: tuple[str, ...] = ("Xin chào.",)


def names(*cues: Cue) -> list[str]:
    return [broken.rule for broken in broken_rules(cues, NETFLIX)]


@pytest.mark.parametrize(
    ("keeps", "breaks"),
    [
        (Cue(0, 5000, ("ộ" * 42,)), Broken("line-too-long", 0, 43, 42)),
        (Cue(0, 5000, ("a", "b")), Broken("too-many-lines", 0, 3, 2)),
        (Cue(0, 2000, ("a" * 34,)), Broken("too-fast", 0, 17.01, 17.0)),
        (Cue(0, 833), Broken("too-short", 0, 832, 833)),
        (Cue(0, 7000), Broken("too-long", 0, 7001, 7000)),
    ],
)
def test_a_rule_is_kept_up_to_its_limit(keeps: Cue, breaks: Broken) -> None:
    over = {
        "line-too-long": Cue(0, 5000, ("ộ" * 43,)),
        "too-many-lines": Cue(0, 5000, ("a", "b", "c")),
        "too-fast": Cue(0, 1999, ("a" * 34,)),
        "too-short": Cue(0, 832),
        "too-long": Cue(0, 7001),
    }[breaks.rule]
    assert broken_rules([keeps], NETFLIX) == []
    assert broken_rules([over], NETFLIX) == [breaks]


@pytest.mark.parametrize(
    ("start_ms", "expected"),
    [
        (1999, Broken("overlap", 0, 1, 0, 1)),
        (2000, Broken("gap-too-small", 0, 0, 80, 1)),
        (2079, Broken("gap-too-small", 0, 79, 80, 1)),
        (2080, None),
        (2081, Broken("gap-not-closed", 0, 81, 500, 1)),
        (2500, Broken("gap-not-closed", 0, 500, 500, 1)),
        (2501, None),
    ],
)
def test_gaps(start_ms: int, expected: Broken | None) -> None:
    found = broken_rules([Cue(0, 2000), Cue(start_ms, start_ms + 2000)], NETFLIX)
    assert found == ([expected] if expected else [])


def test_letters_with_their_marks_are_one_character_however_they_are_stored() -> None:
    assert names(Cue(0, 5000, ("o\u0302\u0323" * 42,))) == []
    assert names(Cue(0, 5000, ("o\u0302\u0323" * 43,))) == ["line-too-long"]


def test_the_break_between_lines_is_read_as_a_space() -> None:
    assert names(Cue(0, 2000, ("a" * 16, "b" * 17))) == []
    assert names(Cue(0, 2000, ("a" * 17, "b" * 17))) == ["too-fast"]


def test_a_cue_is_held_against_the_one_that_stands_longest() -> None:
    found = broken_rules([Cue(0, 6000), Cue(1000, 2000), Cue(3000, 4000), Cue(6040, 7000)], NETFLIX)
    assert found == [
        Broken("gap-too-small", 0, 40, 80, 3),
        Broken("overlap", 0, 1000, 0, 1),
        Broken("overlap", 0, 1000, 0, 2),
    ]


def test_a_cue_that_stands_no_time_is_too_short_and_too_fast() -> None:
    assert names(Cue(5, 5)) == ["too-fast", "too-short"]
    assert broken_rules([Cue(5, 5)], PROFILES["web"]) == [Broken("too-short", 0, 0, 833)]


def test_one_cue_may_break_many_rules_which_come_in_the_order_of_the_list() -> None:
    cues = [Cue(0, 500, ("a" * 43, "b", "c")), Cue(400, 8000, ("x" * 200,))]
    found = broken_rules(cues, NETFLIX)
    assert [(broken.cue, broken.rule) for broken in found] == [
        (0, "line-too-long"), (0, "too-many-lines"), (0, "too-fast"), (0, "too-short"), (0, "overlap"),
        (1, "line-too-long"), (1, "too-fast"), (1, "too-long"),
    ]  # fmt: skip


def test_no_gap_is_needed_where_the_profile_asks_for_none() -> None:
    bbc = PROFILES["bbc"]
    assert broken_rules([Cue(0, 2000), Cue(2000, 4000)], bbc) == []
    assert [broken.rule for broken in broken_rules([Cue(0, 2000), Cue(2001, 4000)], bbc)] == ["gap-not-closed"]
    never_closed = replace(bbc, chain_gap_ms=0)
    assert broken_rules([Cue(0, 2000), Cue(2001, 4000)], never_closed) == []


def test_no_cues_break_nothing_and_every_rule_has_its_unit() -> None:
    assert broken_rules([], NETFLIX) == []
    assert set(UNITS) == set(RULES)


def test_gaps_and_overlaps_are_those_at_one_place_and_titles_may_stand_long() -> None:
    cues = [Cue(0, 9000), Cue(1000, 4000, ("Lời thoại dài hơn.",)), Cue(4000, 9000), Cue(8000, 9500)]
    places = [Place("top"), Place(), Place(), Place("top")]
    assert broken_rules(cues, NETFLIX, places) == [
        Broken("overlap", 0, 1000, 0, 3),
        Broken("gap-too-small", 1, 0, 80, 2),
    ]
    assert {broken.rule for broken in broken_rules(cues, NETFLIX)} == {"too-long", "overlap"}


def test_the_row_with_most_text_is_that_of_the_dialogue() -> None:
    talk, title = Cue(0, 9000, ("Lời thoại rất dài.",)), Cue(0, 9000, ("Tên",))
    for row in ("", "top"):
        other = "top" if row == "" else ""
        assert [b.cue for b in broken_rules([talk, title], NETFLIX, [Place(row), Place(other)])] == [0]
