"""Where another begins to speak within a cue, and that mending keeps each speaker's words together."""

from __future__ import annotations

import pytest

from mediakit.captions.mend import Written, mend
from mediakit.captions.profile import PROFILES
from mediakit.captions.turns import begins_turn, turns_inside
from mediakit.subtitles import track
from mediakit.subtitles.track import plain


def pieces(line: str) -> tuple[tuple[str, str], ...]:
    return tuple((piece, plain(piece, "vtt")) for piece in track.pieces(line, "vtt"))


@pytest.mark.parametrize(
    ("line", "before", "expected"),
    [
        ("- Năm sào", ("- Mấy sào?",), True),
        ("– năm sào", ("- mấy sào", "ở đó"), True),
        ("-Năm sào", ("Mấy sào?",), True),
        ("- xã hội", ("phát triển kinh tế",), False),
        ("- Xã hội", ("phát triển kinh tế",), True),
        ("&gt;&gt; Vâng", ("Mời chị.",), True),
        ("LAN: Vâng", ("NAM: Mời chị.",), True),
        ("BÀ TƯ: vâng", ("Mời bà.",), True),
        ("Lưu ý: mai nghỉ", ("Xin chào.",), False),
        ("HÀ NỘI: mưa", ("Thời tiết ở",), False),
        ("mời chị", ("Vâng.",), False),
        ("<v Lan>Vâng", ("Mời chị",), True),
        ("<i><v.x Lan>Vâng", ("Mời chị",), True),
        ("", ("Vâng.",), False),
    ],
)
def test_turns(line: str, before: tuple[str, ...], expected: bool) -> None:
    assert begins_turn(pieces(line), before) is expected


@pytest.mark.parametrize(
    ("line", "turns"),
    [
        ("- Mấy sào? - Năm sào.", ["- Mấy sào?", "- Năm sào."]),
        ("Mấy sào? -Năm sào. - Vâng.", ["Mấy sào?", "-Năm sào.", "- Vâng."]),
        ("Phát triển kinh tế - xã hội", ["Phát triển kinh tế - xã hội"]),
        ("- Mấy sào? - 7 sào.", ["- Mấy sào?", "- 7 sào."]),
        ("Giai đoạn 2021 - 2025", ["Giai đoạn 2021 - 2025"]),
        ("Hết. -", ["Hết. -"]),
        ("<v Lan>Mấy sào?</v> <v Tú>năm", ["<v Lan>Mấy sào?</v>", "<v Tú>năm"]),
    ],
)
def test_turns_inside_a_line(line: str, turns: list[str]) -> None:
    assert [" ".join(written for written, _ in part) for part in turns_inside(pieces(line))] == turns


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ("Bà con trồng lúa được mấy sào ở ngoài cánh đồng kia?", "- Năm sào."),
            [("Bà con trồng lúa được mấy sào", "ở ngoài cánh đồng kia?"), ("- Năm sào.",)],
        ),
        (
            ("- Bà con trồng lúa được mấy sào ngoài kia? - Năm sào.",),
            [("- Bà con trồng lúa được mấy sào ngoài kia?", "- Năm sào.")],
        ),
        (
            ("LAN: Bà con trồng lúa được mấy sào ở ngoài kia?", "BÀ TƯ: Năm sào."),
            [("LAN: Bà con trồng lúa", "được mấy sào ở ngoài kia?"), ("BÀ TƯ: Năm sào.",)],
        ),
    ],
)
def test_each_speaker_keeps_what_is_said(lines: tuple[str, ...], expected: list[tuple[str, ...]]) -> None:
    given = Written(0, 6900, tuple(map(pieces, lines)))
    mended = mend([given], PROFILES["netflix-vi"])
    assert [one.written.shown() for one in mended] == expected


def test_the_dash_of_a_turn_is_not_parted_from_it() -> None:
    line = "- Chiều nay nhiều tuyến đường ở trung tâm thành phố bị ngập sâu."
    (mended,) = mend([Written(0, 6900, (pieces(line),))], PROFILES["netflix-vi"])
    assert all(shown not in ("-", "") and not shown.endswith(" -") for shown in mended.written.shown())
