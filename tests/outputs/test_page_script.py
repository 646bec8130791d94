"""What a page has of script: data in which nothing ends the element, and the files of the package without comments."""

from __future__ import annotations

import json
from importlib.resources import files

from hypothesis import given
from hypothesis import strategies as st

from mediakit.article.document import Article
from mediakit.outputs.page import SCRIPTS, STYLES, render_page
from mediakit.outputs.templates import script_json
from tests.browser.hostile import HOSTILE

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("<>&ab\u2028"), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES | st.sampled_from(HOSTILE))
def test_data_for_a_script_is_itself_again_and_ends_nothing(value: object) -> None:
    text = str(script_json(value))
    assert json.loads(text) == value
    assert not set("<>&\u2028\u2029") & set(text)


def test_half_a_character_becomes_a_question_mark() -> None:
    assert json.loads(str(script_json("b\udce1n.mp3"))) == "b?n.mp3"


def test_comments_stay_in_the_package() -> None:
    page = render_page(Article("Tên", ()), (), "x.html")
    sources = [(files("mediakit.outputs") / name).read_text(encoding="utf-8") for name in (*SCRIPTS, *STYLES)]
    assert any("/*" in source for source in sources)
    assert any("\n  //" in source for source in sources)
    lines = page.splitlines()
    assert not [line for line in lines if line.lstrip().startswith(("//", "/*", "*/"))]
