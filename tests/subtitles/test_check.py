"""Checking and mending whole files: what mending may change, and what it may not."""

from __future__ import annotations

import html
import re
import time
import unicodedata
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, event, example, given, settings
from hypothesis import strategies as st

from mediakit.captions.place import Place
from mediakit.captions.profile import PROFILES, Profile
from mediakit.subtitles.check import Checked, check, fix
from mediakit.subtitles.places import place_of
from mediakit.subtitles.read import read_captions
from mediakit.subtitles.spans import inner_times_outside, unbalanced
from mediakit.subtitles.subrip import parse_srt
from mediakit.subtitles.track import Kind, Track
from mediakit.subtitles.webvtt import parse_vtt
from mediakit.timeline import timestamp

NETFLIX = PROFILES["netflix-vi"]
ANY_PROFILE = st.sampled_from(
    [
        *PROFILES.values(),
        Profile("narrow", max_line_chars=12, max_lines=1, min_gap_ms=0, chain_gap_ms=0),
        Profile("wide-gaps", min_gap_ms=700, chain_gap_ms=700, max_chars_per_second=7.3),
    ]
)

#: The marks of SubRip and of WebVTT, written here for the second time and not with mediakit's own.
MARKS = {"srt": r"</?(?:[bius]|font)(?:[ \t][^<>\n]*)?>|\{\\[^{}]*\}", "vtt": r"<[^<>]*>"}
WORDS = {
    "srt": ("&amp;", "{", "}", "<", "<mỗi", "hộ>", "-->", "00:00:01,000", "1:2:3,4", "7:30", "42", "7"),
    "vtt": ("&amp;", "&lt;b&gt;", "&nbsp;", "a&nbsp;&nbsp;b", "&#769;", "NOTE", "STYLE", "00:00:01.000", "42"),
}
OPENING = {
    "srt": ("<i>", "<b>", '<font color="a b">', "{\\an8}", "<I >", "<font\tface=x>", "{\\i1}", "{\\pos(9,9)\\b1}"),
    "vtt": ("<v Lan>", "<i>", "<c.vàng>", "<00:00:01.500>", "<v.x Bà Tư>", "<lang en>", "<00:00:03.000>"),
}
CLOSING = {"srt": ("</i>", "</font>", "{\\i0}"), "vtt": ("</v>", "</i>", "</c>", "</lang>")}
COMMON = ("Sáng", "xã", "Đông", "Hòa", "trồng", "cây.", "Ông", "“Ưu", "tiên”,", "và", "-", "–", "!", "Thu\u0323y")


@st.composite
def lines(draw: st.DrawFn, kind: Kind) -> str:
    """A line of a cue, with a word at least; marks may be anywhere, also alone."""
    long = st.sampled_from(["x" * 43, "ô" * 90, "https://vi.example/" + "a" * 200])
    word = st.one_of(st.sampled_from(COMMON), st.sampled_from(COMMON + WORDS[kind]), long)
    words = ["chữ", *draw(st.one_of(st.lists(word, max_size=4), st.lists(word, max_size=60)))]
    for mark in draw(st.lists(st.sampled_from(OPENING[kind] + CLOSING[kind]), max_size=3)):
        at = draw(st.integers(0, len(words) - 1))
        words[at] = draw(st.sampled_from([f"{mark}{words[at]}", f"{words[at]}{mark}", f"{mark} {words[at]}"]))
    text = draw(st.sampled_from(["", "- ", "–", "— "])) + " ".join(words)
    # A line of times would be one.
    return re.sub(r"^\W*\d[\d:,. ]*-*>", "x", text)


@st.composite
def cues(draw: st.DrawFn, kind: Kind) -> list[tuple[int, int, list[str]]]:
    """Starts, ends and lines, in any order and over one another."""
    count = draw(st.integers(0, 7))
    span = draw(st.sampled_from([5, 1000, 20_000, 90_000]))
    length = st.one_of(st.integers(0, 200), st.integers(0, 2000), st.integers(800, 7000), st.integers(7000, 40_000))
    found = []
    for _ in range(count):
        start_ms = draw(st.integers(0, span))
        cue_lines = draw(st.lists(lines(kind), min_size=1, max_size=4))
        if draw(st.booleans()):
            cue_lines.insert(draw(st.integers(0, len(cue_lines))), draw(st.sampled_from(OPENING[kind])))
        found.append((start_ms, start_ms + draw(length), cue_lines))
    return found


#: Cues that nobody can show, below their numbers if they have one: they are to be kept as they are, too.
BAD = {
    "srt": (
        "00:00:09,000 --> 00:00:08,000\nxấu <i>một</i>\n\nvà nữa",
        "00:00:xx,000 --> 00:00:08,000\nxấu hai",
        "00:61:00,000 -> 00:62:00,000\nxấu ba",
        "không có giờ",
        "--> 00:00:08,000\n42",
    ),
    "vtt": ("c9\n00:09.000 --> 00:08.000 line:10%\nxấu <i>một</i>", "00:xx.000 --> 00:08.000\nxấu hai", "lạc lõng"),
}


@st.composite
def srt_files(draw: st.DrawFn) -> str:
    """SubRip, with positions here and there, and bad cues."""
    text, number = "", 0
    for start_ms, end_ms, cue_lines in draw(cues("srt")):
        for bad in draw(st.one_of(st.just([]), st.lists(st.sampled_from(BAD["srt"]), max_size=2))):
            number += 1
            text += f"{number}\n{bad}\n\n"
        number += 1
        position = draw(st.sampled_from(["", "", "", " X1:10 X2:20 Y1:30 Y2:40", " X1:10 X2:20 Y1:400 Y2:440"]))
        times = f"{timestamp(start_ms, decimal=',')} --> {timestamp(end_ms, decimal=',')}{position}"
        text += f"{number}\n{times}\n" + "\n".join(cue_lines) + "\n\n"
    return text


#: Blocks that are no cues: they are to be kept as they are, where they are.
OTHERS = (
    "NOTE của tòa soạn",
    "NOTE\nhai\ndòng",
    "STYLE\n::cue(b) { color: red }",
    "REGION\nid:trái\nwidth:40%",
    "NOTE",
)


@st.composite
def vtt_files(draw: st.DrawFn) -> str:
    """WebVTT with identities, settings, notes, styles and regions."""
    blocks = [draw(st.sampled_from(["WEBVTT", "WEBVTT - bản tin\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000"]))]
    for number, (start_ms, end_ms, cue_lines) in enumerate(draw(cues("vtt")), start=1):
        blocks += draw(st.one_of(st.just([]), st.lists(st.sampled_from((*OTHERS, *BAD["vtt"])), max_size=2)))
        settings = draw(st.sampled_from(["", "", "", " align:start position:10%", " line:10%", " line:0 region:trái"]))
        times = f"{timestamp(start_ms)} --> {timestamp(end_ms)}{settings}"
        head = draw(st.sampled_from([[], [f"c{number}"], [f"Cảnh {number}"]]))
        blocks.append("\n".join([*head, times, *cue_lines]))
    return "\n\n".join([*blocks, *draw(st.lists(st.sampled_from(OTHERS), max_size=2))]) + "\n"


FILES = st.one_of(st.tuples(st.just("srt"), srt_files()), st.tuples(st.just("vtt"), vtt_files()))


def parse(kind: str, text: str) -> Track:
    return parse_srt(text) if kind == "srt" else parse_vtt(text)


def raw_cues(kind: str, text: str) -> list[tuple[int, int, str, str]]:
    """Starts, ends, what stands behind the times, and texts, by plain regular expressions; by time."""
    found = []
    for block in re.split(r"\n\n+", text.strip("\n")):
        match = re.search(r"^([\d:.,]+) --> ([\d:.,]+)(.*)\n(?s:(.*))", block, re.MULTILINE)
        if match and not (kind == "vtt" and "\n" in block[: match.start()].rstrip("\n")):
            found.append((clock(match[1]), clock(match[2]), match[3].strip(), match[4]))
    return sorted(found, key=lambda cue: cue[:2])


def clock(text: str) -> int:
    """Milliseconds of `hours:minutes:seconds.milliseconds`; WebVTT may have no hours."""
    *hour, minutes, seconds, ms = map(int, re.split("[:,.]", text))
    hours = sum(hour)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms


def words_of(kind: str, text: str) -> list[str]:
    """What a reader reads, cue by cue in time; SubRip may lose a dash of an arrow that would be taken for times."""
    seen = [re.sub(MARKS[kind], "", cue[3], flags=re.IGNORECASE) for cue in raw_cues(kind, text)]
    joined = "\n".join(html.unescape(one) if kind == "vtt" else one for one in seen)
    return re.sub("-+>", "->", joined).split()


def marked_words(kind: str, text: str) -> list[tuple[str, frozenset[str], Place]]:
    """Each word that a reader reads, with the marks that hold where it begins and the place where it stands."""
    found: list[tuple[str, frozenset[str], Place]] = []
    for cue in parse(kind, text).cues:
        open_marks: dict[str, list[str]] = defaultdict(list)
        order: list[str] = []
        inside = False  # a word
        place = place_of(cue, parse(kind, text).kind)
        for piece in re.split(f"({MARKS[kind]}|\\s+)", "\n".join(cue.lines), flags=re.IGNORECASE):
            mark = re.match(r"<(/?)(v|lang|c|[biu]|font)\b", piece, re.IGNORECASE) or re.match(r"(?=\{)()()", piece)
            for switch, value in re.findall(r"\\([bi])([01])", piece) if piece[:2] == "{\\" else ():
                open_marks["\\" + switch] = [switch] if value == "1" else []
            if not mark:
                shown = html.unescape(piece) if kind == "vtt" else piece
                held = frozenset(" ".join(tag.split()) for tags in open_marks.values() for tag in tags)
                if re.match(MARKS[kind], piece):  # an inner time
                    continue
                words = shown.split()
                if words and inside and not shown[0].isspace():  # a word goes on behind a mark or an inner time
                    begun, marks, _ = found.pop()
                    found.append((begun + words.pop(0), marks, place))
                found += [(word, held, place) for word in words]
                inside = not shown[-1].isspace() if shown else inside
            elif mark[1] and open_marks[mark[2].lower()] and (kind == "srt" or order[-1] == mark[2].lower()):
                open_marks[mark[2].lower()].pop()
                order.reverse()
                order.remove(mark[2].lower())
                order.reverse()
            elif not mark[1] and mark[2]:
                name = mark[2].lower()
                if name == "v" and open_marks["v"]:
                    open_marks["v"].clear()
                    order.remove("v")
                open_marks[name].append(piece)
                order.append(name)
    return found


def others_of(text: str) -> list[str]:
    """The blocks of WebVTT that are no cues."""
    return [block for block in re.split(r"\n\n+", text.strip("\n")) if " --> " not in block]


def kinds(checked: Checked) -> set[str]:
    return {finding.broken.rule for finding in checked.findings}


@pytest.mark.slow
@settings(deadline=None)  # the first time, the taggers are loaded
@given(FILES, ANY_PROFILE)
@example(("vtt", "WEBVTT\n\n00:00:00.000 --> 00:00:00.000\nx<00:00:01.500>chữ\n"), PROFILES["netflix-vi"])
def test_mending_keeps_every_word_its_marks_and_its_place(file: tuple[str, str], profile: Profile) -> None:
    kind, text = file
    checked = check(parse(kind, text), profile)
    assume(not checked.unrolled)  # those have words that are said once and written twice
    mended = fix(checked)
    assert sorted(words_of(kind, mended)) == sorted(words_of(kind, nfc_words(text)))
    for place in {place for _, _, place in marked_words(kind, text)}:
        before, after = ([one for one in marked_words(kind, whole) if one[2] == place] for whole in (text, mended))
        assert [(arrowless(word), marks) for word, marks, _ in after] == [
            (arrowless(word), marks) for word, marks, _ in before
        ]
    if kind == "vtt":
        assert Counter(others_of(mended)) == Counter(others_of(text))
    assert {cue[2] for cue in raw_cues(kind, mended)} == {cue[2] for cue in raw_cues(kind, text)}


def arrowless(word: str) -> str:
    return re.sub("-+>", "->", word)


@pytest.mark.slow
@settings(deadline=None)  # the first time, the taggers are loaded
@given(FILES, ANY_PROFILE)
def test_marks_that_are_paired_stay_so_and_times_stay_inside_their_cues(
    file: tuple[str, str], profile: Profile
) -> None:
    kind, text = file
    before = check(parse(kind, text), profile)
    after = parse(kind, fix(before))
    broken = sum(unbalanced(cue.lines, after.kind) for cue in before.track.cues)
    assert sum(unbalanced(cue.lines, after.kind) for cue in after.cues) <= broken * len(after.cues)
    assert [bad.what for bad in after.bad] == [bad.what for bad in before.track.bad if bad.cue is None]
    assert not any(kind == "vtt" and inner_times_outside(cue.lines, cue.start_ms, cue.end_ms) for cue in after.cues)


def nfc_words(text: str) -> str:
    """Composed, as all that mediakit writes."""
    return unicodedata.normalize("NFC", text)


@pytest.mark.slow
@settings(deadline=None)  # the first time, the taggers are loaded
@given(FILES, ANY_PROFILE)
def test_what_was_mended_reads_back_and_breaks_no_new_rule(file: tuple[str, str], profile: Profile) -> None:
    kind, text = file
    before = check(parse(kind, text), profile)
    track = parse(kind, fix(before))
    assert {one.what for one in track.tolerated} <= {"a mark that is opened or closed alone"}  # which stays as it is
    assert all(cue.start_ms < cue.end_ms for cue in track.cues if before.mended)
    after = check(track, profile)
    assert kinds(after) <= kinds(before) | {"too-fast", "too-short"}
    event(f"broken: {len(before.findings) > 0}, left: {len(after.findings) > 0}")


@pytest.mark.slow
@settings(deadline=None)  # the first time, the taggers are loaded
@given(FILES, ANY_PROFILE)
def test_mendable_is_what_mending_gets_rid_of(file: tuple[str, str], profile: Profile) -> None:
    kind, text = file
    before = check(parse(kind, text), profile)
    after = check(parse(kind, fix(before)), profile)
    assume(not before.unrolled)
    origins = [one.origin for one in before.mended] or range(len(after.track.cues))
    places = {cue.number: place for place, cue in enumerate(after.track.cues)}
    left = {(f.broken.rule, origins[places[f.cue.number]]) for f in (*after.findings, *after.advice)}
    for finding in (*before.findings, *before.advice):
        assert finding.mendable == ((finding.broken.rule, finding.broken.cue) not in left)


@pytest.mark.slow
@settings(deadline=None)  # the first time, the taggers are loaded
@given(FILES, ANY_PROFILE)
def test_mending_twice_changes_nothing(file: tuple[str, str], profile: Profile) -> None:
    kind, text = file
    once = fix(check(parse(kind, text), profile))
    assert fix(check(parse(kind, once), profile)) == once


@st.composite
def perfect_tracks(draw: st.DrawFn) -> tuple[Profile, str]:
    """A profile, and SubRip that keeps its rules and its advice."""
    profile = draw(st.sampled_from(list(PROFILES.values())))
    text, ms = "", draw(st.integers(0, 5000))
    for number in range(1, draw(st.integers(1, 6)) + 1):
        cue_lines = draw(st.lists(st.text("aộ -", min_size=1, max_size=37).filter(str.strip), min_size=1, max_size=2))
        shown = [" ".join(line.split()) for line in cue_lines]
        chars = len(" ".join(shown))
        least_ms = max(833, -(-chars * 1000 // int(profile.max_chars_per_second or 1000)))
        end_ms = ms + draw(st.integers(least_ms, 7000))
        text += f"{number}\n{timestamp(ms, decimal=',')} --> {timestamp(end_ms, decimal=',')}\n"
        text += "\n".join(shown) + "\n\n"
        ms = end_ms + draw(st.sampled_from([profile.min_gap_ms, profile.chain_gap_ms + 1, 5000]))
    return profile, text


@given(perfect_tracks())
def test_a_file_that_keeps_all_rules_and_advice_is_unchanged(given: tuple[Profile, str]) -> None:
    profile, text = given
    checked = check(parse_srt(text), profile)
    assert (checked.findings, checked.advice, fix(checked)) == ((), (), text)


def test_only_its_form_changes_where_players_are_tolerant() -> None:
    text = "0:0:1.5 --> 0:0:4.0\n<i>Xin   chào</i>\n"
    assert fix(check(parse_srt(text), NETFLIX)) == "1\n00:00:01,500 --> 00:00:04,000\n<i>Xin chào</i>\n\n"


def test_a_finding_has_cue_figure_limit_and_whether_it_can_be_mended() -> None:
    text = "7\n00:00:05,000 --> 00:00:09,000\n" + "x" * 43 + "\n\n8\n00:00:01,000 --> 00:00:05,030\nMột\n\n"
    checked = check(parse_srt(text), NETFLIX)
    assert [(f.broken.rule, f.broken.figure, f.broken.limit, f.mendable) for f in checked.findings] == [
        ("overlap", 30, 0, True),
        ("line-too-long", 43, 42, False),
    ]
    overlap = checked.findings[0]
    assert overlap.following is not None
    assert (overlap.cue.number, overlap.following.number, overlap.cue.line) == (2, 1, 6)
    assert checked.counts() == {"overlap": 1, "line-too-long": 1}


def test_notes_styles_settings_and_identities_stay_where_they_were() -> None:
    long = "Sáng 5/2, xã Đông Hòa ra quân trồng 1.200 cây, hơn 120 người đến dự lễ ra quân đầu xuân."
    text = (
        "WEBVTT\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nNOTE một\n\n"
        f"c1\n00:00:00.000 --> 00:00:08.000 align:start\n<v Lan>{long}</v>\n\nNOTE hai\n\n"
        "c2\n00:00:09.000 --> 00:00:11.000\nHết\n\nNOTE ba\n"
    )
    mended = fix(check(parse_vtt(text), NETFLIX))
    heads = [block.split("\n")[0] for block in mended.split("\n\n")]
    assert heads == ["WEBVTT", "STYLE", "NOTE một", "c1", "c1.2", "NOTE hai", "c2", "NOTE ba"]
    assert mended.count(" align:start\n") == 2


def test_a_record_is_not_mended_here() -> None:
    with pytest.raises(ValueError, match="record"):
        fix(check(Track("record", ()), NETFLIX))


#: Line, lines, characters a second, least, longest, gap: as the guides print them (milliseconds).
FIGURES = {"netflix-vi": (42, 2, 17.0, 833, 7000, 80), "bbc": (37, 2, 18.0, 833, 7000, 0)}
OTHERS_WROTE = sorted(p for p in (Path(__file__).parent / "others").glob("*/*") if p.suffix in (".srt", ".vtt"))


def counted(kind: str, text: str, profile: str) -> Counter[tuple[str, int]]:
    """The broken rules of each cue, by its place in time from 1: counted here for the second time."""
    line, most_lines, speed, least_ms, longest_ms, gap_ms = FIGURES[profile]
    found: Counter[tuple[str, int]] = Counter()
    read = raw_cues(kind, text)
    for place, (start_ms, end_ms, _, raw) in enumerate(read, start=1):
        seen = re.sub(MARKS[kind], "", nfc_words(raw), flags=re.IGNORECASE)
        seen = html.unescape(seen) if kind == "vtt" else seen
        shown = [" ".join(one.split()) for one in seen.strip("\n").split("\n")]
        lasts_ms = end_ms - start_ms
        found["line-too-long", place] += any(len(one) > line for one in shown)
        found["too-many-lines", place] += len(shown) > most_lines
        found["too-fast", place] += len(" ".join(shown)) * 1000 > speed * lasts_ms
        found["too-short", place] += lasts_ms < least_ms
        found["too-long", place] += lasts_ms > longest_ms
    for place, ((_, end_ms, *_), (next_ms, *_)) in enumerate(pairwise(read), start=1):
        found["overlap", place] += next_ms < end_ms
        found["gap-too-small", place] += 0 <= next_ms - end_ms < gap_ms
    return +found


@pytest.mark.parametrize("profile", FIGURES)
@pytest.mark.parametrize("path", OTHERS_WROTE, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_others_wrote_breaks_as_many_rules_as_a_second_count_finds(path: Path, profile: str) -> None:
    kind, text = path.suffix[1:], path.read_text(encoding="utf-8")
    ends = [cue[1] for cue in raw_cues(kind, text)]
    assert ends == sorted(ends)  # so that of all before, the last stands longest
    track = read_captions(path)
    places = {cue.number: place for place, cue in enumerate(track.cues, start=1)}
    checked = check(track, PROFILES[profile])
    assert Counter((f.broken.rule, places[f.cue.number]) for f in checked.findings) == counted(kind, text, profile)
    mended = fix(checked)
    assert words_of(kind, mended) == words_of(kind, nfc_words(text))
    left = check(parse(kind, mended), PROFILES[profile])
    assert kinds(left) <= {"too-fast", "too-short"}
    assert Counter(f.broken.rule for f in left.findings) == Counter(
        rule for rule, _ in counted(kind, mended, profile).elements()
    )


def test_there_are_files_of_three_other_programs() -> None:
    assert {path.parent.name for path in OTHERS_WROTE} == {"openai-whisper", "faster-whisper", "ffmpeg"}
    total = sum((counted(p.suffix[1:], p.read_text(encoding="utf-8"), "netflix-vi") for p in OTHERS_WROTE), Counter())
    assert len({rule for rule, _ in total}) >= 4


@pytest.mark.slow
def test_twenty_thousand_cues_take_seconds() -> None:
    long = "Sáng 5/2, xã Đông Hòa ra quân trồng 1.200 cây, hơn 120 người đến dự lễ ra quân đầu xuân."
    text = ""
    for n in range(20_000):
        shown = long if n % 20 == 0 else "Một câu vừa phải,\nhai dòng."
        start_ms = n * 3000
        end_ms = start_ms + (2990, 3100, 2500)[n % 3]
        text += f"{n + 1}\n{timestamp(start_ms, decimal=',')} --> {timestamp(end_ms, decimal=',')}\n{shown}\n\n"
    begun = time.monotonic()
    checked = check(parse_srt(text), NETFLIX)
    assert check(parse_srt(fix(checked)), NETFLIX).counts().keys() <= {"too-fast", "too-short"}
    assert len(checked.findings) > 10_000
    assert time.monotonic() - begun < 30


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("srt", "a " * 2_500_000),
        ("srt", "x" * 5_000_000),
        ("srt", "<i> " * 100_000 + "x"),
        ("srt", "7 " * 500_000),
        ("vtt", "<" * 100_000 + "x"),
        ("vtt", "<i>" * 100_000 + "x"),
        ("vtt", "&nbsp;" * 100_000 + "x"),
        ("vtt", "-\n" * 20_000 + "x"),
        ("srt", "- x\n" * 20_000),
    ],
    ids=range(9),
)
@pytest.mark.parametrize("end", ["00:00:02", "90:00:00"])
def test_hostile_cues_end_soon(kind: Kind, payload: str, end: str) -> None:
    begun = time.monotonic()
    mark = "," if kind == "srt" else "."
    times = f"00:00:01{mark}000 --> {end}{mark}000\n"
    text = f"1\n{times}{payload}\n" if kind == "srt" else f"WEBVTT\n\n{times}{payload}\n"
    parse(kind, fix(check(parse(kind, text), NETFLIX)))
    assert time.monotonic() - begun < 20
