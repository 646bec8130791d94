"""Captions of hostile and of any text, for the tests of every format; and what of a line a reader may see."""

from __future__ import annotations

import unicodedata

from hypothesis import strategies as st

from mediakit.captions.caption import Caption

VIETNAMESE = (
    "Sáng 5/2, xã Đông Hòa trồng 1.200 cây.",
    "Ông Nguyễn Thế Quỳnh: “Ưu tiên mỗi hộ” – ỹ, ẵ, ợ.",
    "Thu\u0323y",
)
HOSTILE = (
    "</script><img src=x onerror=alert(1)>",
    "00:00:01,000 -> 00:00:02,000",
    "a --> b ---> c -----> d",
    "một\n\n7\n\nhai\r\n\x0b\x0c\x1c\x85\u2028\u2029x",
    "42",
    "WEBVTT",
    "NOTE x",
    "&amp; &lt;b&gt; ]]> <!-- <![CDATA[",
    "<b>đậm</b> <i>",
    "{\\an8}{\\p1}m 0 0{=0} {",
    "\\N\\n\\h\\",
    "Dialogue: 0,0:00:00.00,9:00:00.00,Default,,0,0,0,,x",
    "[Events]",
    "[00:01.00]x[ti:y] [nhạc] <00:02.00>z [offset:+500]",
    "0:00:01.000,0:00:02.000",
    "a\x00b\x01\x1b[2J\x7f\ufffe\uffff\ufeff",
)
TEXTS = st.one_of(
    st.sampled_from((*VIETNAMESE, *HOSTILE)),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    st.text("{}\\Nnh[]<>:.,0123 \n", min_size=1),
).filter(lambda text: bool(shown(text)))

ALL = tuple(
    Caption(f"c{n}", n * 2000, n * 2000 + 900 + n, (text, other))
    for n, (text, other) in enumerate(zip((*VIETNAMESE, *HOSTILE), (*HOSTILE, *VIETNAMESE), strict=True), start=1)
)


@st.composite
def captions(
    draw: st.DrawFn, texts: st.SearchStrategy[str] = TEXTS, latest_ms: int = 400_000_000
) -> tuple[Caption, ...]:
    """Captions one after the other, before and after silences long and short."""
    found, ms = [], draw(st.integers(0, latest_ms))
    for number in range(1, draw(st.integers(0, 5)) + 1):
        lines = draw(st.lists(texts, min_size=1, max_size=2).map(tuple))
        end_ms = ms + draw(st.integers(1, 8000))
        found.append(Caption(f"c{number}", ms, end_ms, lines))
        ms = end_ms + draw(st.integers(0, 3000))
    return tuple(found)


def shown(line: str) -> str:
    """A line as a file may hold it: composed, single spaces, no characters that XML forbids."""
    kept = (c for c in line if c.isspace() or (ord(c) >= 0x20 and c not in "\ufffe\uffff"))
    return unicodedata.normalize("NFC", " ".join("".join(kept).split()))
