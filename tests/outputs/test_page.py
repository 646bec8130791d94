"""The reader page: what it shows, what it lets the script know, and what hostile text cannot do to it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from mediakit.article.document import Article, Attachment, Paragraph, Photo, Sentence
from mediakit.captions.caption import Caption
from mediakit.outputs.linked_data import PageMedia
from mediakit.outputs.page import render_page
from mediakit.result import Result
from tests.outputs.example import ARTICLE, AUDIO, LOOSE, MEDIA, PAGE, VIDEO, grounded, segment

HOSTILE = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "--><!--<script>",
    "\"' onload=alert(1) x='",
    "]]>\u2028\u2029&lt;&amp;",
    "{{ 7 * 7 }}{% raw %}",
    "</style><style>*{display:none}",
    "javascript:alert(1)",
]


def page(article: Article = ARTICLE, media: tuple[PageMedia, ...] = MEDIA) -> LexborHTMLParser:
    """The page as a browser's parser reads it."""
    return LexborHTMLParser(render_page(article, media, PAGE))


def first(tree: LexborHTMLParser, css: str) -> LexborNode:
    """The first element of that kind, which must be there."""
    node = tree.css_first(css)
    assert node is not None, css
    return node


def script_data(tree: LexborHTMLParser) -> Any:
    """What the script is told."""
    return json.loads(first(tree, "script#media-data").text())


def test_the_page_reads_as_the_article_does() -> None:
    tree = page()
    assert first(tree, "html").attributes["lang"] == "vi"
    assert first(tree, "title").text() == ARTICLE.title
    assert first(tree, "h1").text(strip=True) == ARTICLE.title
    assert first(tree, "time").text() == "Thứ Tư, 05/02/2025 18:37"
    assert first(tree, "time").attributes["datetime"] == "2025-02-05T18:37:56+07:00"
    assert first(tree, "p.lead").text(strip=True) == ARTICLE.paragraphs[0].text
    assert "Ảnh: Minh Anh" in first(tree, ".photo").text()
    assert first(tree, ".author").text() == "Lê Thu"
    for sentence in ARTICLE.sentences:
        assert first(tree, f"span#{sentence.id}").text() == sentence.text


def test_sentences_are_parted_by_a_space() -> None:
    text = " ".join(first(page(), "#p2s1").parent.text().split())  # type: ignore[union-attr]
    assert text == ARTICLE.paragraphs[1].text


def test_the_sentences_that_are_said_can_be_reached_by_mouse_and_keyboard() -> None:
    tree = page()
    said = {node.attributes["id"]: node.attributes for node in tree.css("span.said")}
    assert set(said) == {"p1s1", "p2s1"}
    assert (said["p2s1"]["data-medium"], said["p2s1"]["data-start"]) == ("0", "6600")
    assert all(node["tabindex"] == "0" and node["role"] == "button" for node in said.values())
    assert "tabindex" not in first(tree, "#p2s2").attributes


def test_a_sentence_said_twice_plays_where_it_is_said_first() -> None:
    again = replace(AUDIO, segments=(*AUDIO.segments, segment("Sáng 5/2", 20_000, "p1s1")))
    assert first(page(media=(PageMedia(again, "a.mp3"),)), "#p1s1").attributes["data-start"] == "500"


def test_each_player_stands_where_its_attachment_stood() -> None:
    order = [node for node in first(page(), "article").iter() if node.tag in ("p", "section")]
    kinds = [(node.attributes.get("class") or "text") for node in order]
    assert kinds == ["date", "lead", "photo", "media", "text", "notice", "author"]
    player = first(page(), "section.media audio")
    assert player.attributes["src"] == "../trong%20c%C3%A2y%20%231.mp3"
    assert "controls" in player.attributes


def test_a_missing_attachment_has_a_notice_that_names_it() -> None:
    notice = first(page(), ".notice").text()
    assert "Video không có ở đây" in notice
    assert "phát biểu.mp4" in notice
    assert "trong cây #1.mp3" in first(page(media=()), ".notice").text()


def test_media_that_the_article_does_not_name_come_last() -> None:
    tree = page(media=(*MEDIA, PageMedia(LOOSE, "loi.wav")))
    assert [node.attributes["data-medium"] for node in tree.css("section.media")] == ["0", "2"]


def test_media_that_have_nothing_to_do_with_the_article_say_so() -> None:
    other = replace(AUDIO, article=replace(grounded(), verdict="unrelated"))
    assert "không thuộc bài viết" in first(page(media=(PageMedia(other, "a.mp3"),)), "section.media .notice").text()


def test_there_is_a_transcript_panel_and_the_captions_to_take_along() -> None:
    tree = page()
    lines = tree.css("section.media details button[data-start]")
    assert [line.text() for line in lines] == [s.text for s in AUDIO.segments]
    assert [line.attributes["data-start"] for line in lines] == ["500", "3200", "6600"]
    assert first(tree, "details a[download]").attributes["href"] == "trong%20c%C3%A2y%20%231.vi.vtt"
    assert page(media=(PageMedia(AUDIO, "a.mp3"),)).css_first("details a") is None


def test_the_script_knows_captions_and_segments_of_every_medium() -> None:
    data = script_data(page())
    assert len(data) == len(MEDIA)
    assert data[0]["cues"] == [[c.start_ms, c.end_ms, c.text] for c in AUDIO.captions]
    assert data[0]["segments"] == [[s.start_ms, s.end_ms, s.sentence] for s in AUDIO.segments]


def test_the_policy_allows_the_shipped_script_and_style_alone() -> None:
    tree = page()
    policy = first(tree, "meta[http-equiv]").attributes["content"] or ""
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    for css, rule in (("script:not([type])", "script-src"), ("style", "style-src")):
        (element,) = tree.css(css)
        digest = base64.b64encode(hashlib.sha256(element.text().encode("utf-8")).digest()).decode("ascii")
        assert rules[rule] == f"'sha256-{digest}'"
    assert {"'self'", "file:"} <= set(rules["media-src"].split()), "from a server and from a disk"
    assert "unsafe" not in policy


def test_nothing_is_fetched_but_the_media() -> None:
    tree = page()
    assert not tree.css("link, iframe, img, script[src], object, embed, track, base")
    assert not [a for node in tree.css("*") for a in node.attributes if a.startswith("on") or a == "style"]


def hostile_result(text: str, name: str) -> Result:
    """A result that holds `text` wherever text comes from outside."""
    return replace(
        AUDIO,
        media=replace(AUDIO.media, path=name),
        segments=(segment(text, 0, "p1s1", text), segment(text, 20_000)),
        captions=(Caption("c1", 0, 900, (text, text), ("p1s1",)),),
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text(text: str) -> None:
    article = Article(
        title=text,
        blocks=(
            Paragraph(1, (Sentence("p1s1", text), Sentence("p1s2", text)), lead=True),
            Photo(text, text),
            Attachment("audio", text),
            Attachment("video", text + "2"),
        ),
        author=text,
    )
    hostile, plain = (
        page(article, (PageMedia(hostile_result(t, text), t, t), PageMedia(VIDEO, None))) for t in (text, "lành")
    )
    # The same elements as with harmless text in the media, and none that the template has not.
    assert [node.tag for node in hostile.css("*")] == [node.tag for node in plain.css("*")]
    assert {tuple(node.attributes) for node in hostile.css("*")} == {tuple(node.attributes) for node in plain.css("*")}
    assert len(hostile.css("script")) == 3
    assert first(hostile, "#p1s1").text() == text
    assert first(hostile, "title").text() == text
    assert first(hostile, "section.media button").text() == " ".join(segment(text, 0).text.split(" "))
    assert script_data(hostile)[0]["cues"] == [[0, 900, f"{text}\n{text}"]]
    assert json.loads(first(hostile, "script[type='application/ld+json']").text())["headline"] == text
    source = first(hostile, "audio").attributes["src"] or ""
    assert not re.match(r"[a-z]+:|//", source, re.IGNORECASE)


def test_the_same_article_gives_the_same_page() -> None:
    assert render_page(ARTICLE, MEDIA, PAGE) == render_page(ARTICLE, MEDIA, PAGE)


def test_a_bare_article_still_gives_a_page() -> None:
    assert first(page(Article("Tên", ()), ()), "h1").text(strip=True) == "Tên"
