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
from mediakit.outputs.record import to_record
from mediakit.result import Result
from tests.browser import hostile as texts
from tests.outputs.example import ARTICLE, AUDIO, GUEST, LOOSE, MEDIA, PAGE, VIDEO, grounded, segment, with_added

HOSTILE = texts.HOSTILE


def page(article: Article = ARTICLE, media: tuple[PageMedia, ...] = MEDIA) -> LexborHTMLParser:
    """The page as a browser's parser reads it."""
    return LexborHTMLParser(render_page(article, media, PAGE))


def first(tree: LexborHTMLParser | LexborNode, css: str) -> LexborNode:
    """The first element of that kind, which must be there."""
    node = tree.css_first(css)
    assert node is not None, css
    return node


def script_data(tree: LexborHTMLParser) -> Any:
    """What the script is told."""
    return json.loads(first(tree, "script#mediakit-data").text())


def test_the_page_reads_as_the_article_does() -> None:
    tree = page()
    assert first(tree, "html").attributes["lang"] == "vi"
    assert first(tree, "title").text() == ARTICLE.title
    assert first(tree, "h1").text(strip=True) == ARTICLE.title
    assert first(tree, "time").text() == "Thứ Tư, 05/02/2025, 18:37"
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
    assert kinds == ["date", "lead", "photo", "media", "text", "notice", "author", "about-page"]
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


def test_there_is_a_transcript_with_the_files_to_take_along() -> None:
    every = replace(MEDIA[0], subrip="a.vi.srt", transcript="a.vi.txt")
    tree = page(media=(every, MEDIA[1]))
    lines = tree.css(".transcript[data-medium='0'] li")
    assert [first(line, "span").text() for line in lines] == [s.text for s in AUDIO.segments]
    assert [first(line, "button").attributes["data-start"] for line in lines] == ["500", "3200", "6600"]
    assert [first(line, "time").text() for line in lines] == ["0:00", "0:03", "0:06"]
    assert [line.attributes["class"] for line in lines] == ["article", "speech", "article"]
    links = {link.text(): link.attributes["href"] for link in tree.css("section.media a[download]")}
    assert links == {"SRT": "a.vi.srt", "VTT": "trong%20c%C3%A2y%20%231.vi.vtt", "TXT": "a.vi.txt"}
    assert page(media=(PageMedia(AUDIO, "a.mp3"),)).css_first("a[download]") is None


def test_media_in_which_nobody_speaks_say_so() -> None:
    silent = replace(AUDIO, segments=(), captions=())
    tree = page(media=(PageMedia(silent, "a.mp3"),))
    assert first(tree, ".transcript").text(strip=True) == "Không nghe thấy lời nào."
    assert not tree.css(".said, .lines")


def test_the_time_line_tells_how_much_is_of_the_article() -> None:
    section = first(page(), "section.media")
    legend = " ".join(first(section, ".legend").text(separator=" ").split())
    assert legend == "Đọc một phần bài Đọc bài 43% Ngoài bài 8% Không có lời 49%"
    bar = first(section, "svg.coverage")
    assert bar.attributes["aria-label"] == "Dòng thời gian: đọc bài 43%, ngoài bài 8%, không có lời 49%"
    # The file is 15.25 s long; sentences of the article are read from 0.5 s to 2.9 s and from 6.6 s to 10.8 s.
    assert first(bar, "path.article").attributes["d"] == "M65 0h315v1h-315zM865 0h551v1h-551z"


def test_the_script_knows_all_that_is_known_of_every_medium() -> None:
    data = script_data(page())
    audio, video = data["media"]
    assert (audio["name"], audio["kind"], audio["duration_ms"]) == ("trong cây #1.mp3", "audio", 15_250)
    assert (audio["verdict"], audio["coverage"]) == ("partly-read", 0.7512)
    assert audio["src"] == "../trong%20c%C3%A2y%20%231.mp3"
    record = to_record(AUDIO)
    assert audio["captions"] == record["captions"]
    as_objects = [
        dict(zip(("start_ms", "end_ms", "text", "score", "article"), w, strict=True))
        for w in audio["segments"][0]["words"]
    ]
    assert [{**s, "words": None} for s in audio["segments"]] == [{**s, "words": None} for s in record["segments"]]
    assert as_objects == record["segments"][0]["words"]
    assert audio["downloads"] == {"srt": None, "vtt": "trong%20c%C3%A2y%20%231.vi.vtt", "txt": None}
    assert (video["src"], video["segments"], video["captions"]) == (None, [], [])
    assert data["article"]["sentences"] == [{"id": s.id, "text": s.text} for s in ARTICLE.sentences]


def test_foreign_speech_says_its_language_to_those_who_read_aloud() -> None:
    tree = page(media=(PageMedia(GUEST, "a.wav"),))
    lines = [first(line, "span") for line in tree.css(".transcript li")]
    assert [line.attributes.get("lang") for line in lines] == [None, "en", None]
    assert [s.get("language") for s in script_data(tree)["media"][0]["segments"]] == [None, "en", None]


def test_script_and_style_are_small() -> None:
    tree = page()
    assert sum(len(first(tree, css).text().encode()) for css in ("script:not([type])", "style")) < 62_000


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
            Paragraph(1, (Sentence("p1s1", f"{text} {text}"), Sentence("p1s2", text)), lead=True),
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
    assert first(hostile, "#p1s1").text() == f"{text} {text}"
    assert first(hostile, "li.article button").attributes["title"] == f"Bài báo: {text} {text}"
    assert first(hostile, "title").text() == text
    assert first(hostile, ".transcript li span").text() == text
    assert script_data(hostile)["media"][0]["captions"][0]["lines"] == [text, text]
    assert json.loads(first(hostile, "script[type='application/ld+json']").text())["headline"] == text
    source = first(hostile, "audio").attributes["src"] or ""
    assert not re.match(r"[a-z]+:|//", source, re.IGNORECASE), "never another host or scheme"


def test_the_same_article_gives_the_same_page() -> None:
    assert render_page(ARTICLE, MEDIA, PAGE) == render_page(ARTICLE, MEDIA, PAGE)


def test_a_bare_article_still_gives_a_page() -> None:
    assert first(page(Article("Tên", ()), ()), "h1").text(strip=True) == "Tên"


@pytest.mark.parametrize(("media", "name"), [(MEDIA, AUDIO.media.path), ((), "Bài viết")])
def test_what_has_no_title_is_called_something(media: tuple[PageMedia, ...], name: str) -> None:
    tree = page(replace(ARTICLE, title=""), media)
    assert first(tree, "title").text() == first(tree, "h1").text(strip=True) == name


def test_a_name_shows_nothing_that_turns_it_round() -> None:
    """Else `a`, a mark of direction, `3pm.exe` would be read `aexe.mp3`."""
    media = replace(AUDIO, media=replace(AUDIO.media, path="a\u202e3pm\u200b.exe"))
    shown = page(replace(ARTICLE, title=""), (PageMedia(media, "a.mp3"), PageMedia(media, None)))
    shown.strip_tags(["script"])  # the record in them names the file as it is
    assert "\u202e" not in (shown.html or "")
    assert "a3pm.exe" in (shown.html or "")


def test_a_line_says_what_the_article_has_where_it_is_said_otherwise() -> None:
    tree = page(media=(PageMedia(with_added(), "a.mp3"),))
    titles = [button.attributes.get("title") for button in tree.css(".lines li button")]
    assert titles == ["Bài báo: Sáng 5/2, xã Đông Hòa trồng 1.200 cây.", None, None]
