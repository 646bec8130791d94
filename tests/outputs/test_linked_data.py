"""The article as schema.org sees it."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from urllib.parse import unquote, urlsplit

import pytest

from mediakit.article.document import Article
from mediakit.outputs.linked_data import PageMedia, linked_data, relative_url, render_linked_data
from mediakit.outputs.page import render_page
from mediakit.transcript.segments import untied
from tests.outputs.example import ARTICLE, AUDIO, MEDIA, PAGE, grounded


def test_the_article_and_what_can_be_heard_of_it() -> None:
    found = linked_data(ARTICLE, MEDIA, PAGE)
    assert (found["@type"], found["headline"], found["inLanguage"]) == ("NewsArticle", ARTICLE.title, "vi")
    assert found["datePublished"] == "2025-02-05T18:37:56+07:00"
    assert found["author"] == {"@type": "Person", "name": "Lê Thu"}
    assert ARTICLE.paragraphs[1].text in found["articleBody"]
    assert "video" not in found, "what is missing is not announced"
    (audio,) = found["audio"]
    assert audio["@type"] == "AudioObject"
    assert (audio["duration"], audio["name"], audio["sha256"]) == ("PT15.25S", "trong cây #1.mp3", "ab" * 32)
    assert audio["associatedArticle"]["@id"] == found["@id"]
    assert audio["caption"]["encodingFormat"] == "text/vtt"
    assert [(c["startOffset"], c["endOffset"], c["url"]) for c in audio["hasPart"]] == [
        (0.5, 2.9, "trong-cay.html#p1s1"),
        (6.6, 10.8, "trong-cay.html#p2s1"),
    ]


def test_a_video_is_a_video_object() -> None:
    video = replace(AUDIO, media=replace(AUDIO.media, kind="video", duration_ms=None))
    (found,) = linked_data(ARTICLE, [PageMedia(video, "v.mp4")], PAGE)["video"]
    assert found["@type"] == "VideoObject"
    assert not {"duration", "caption"} & set(found)


def test_what_the_article_does_not_say_is_left_out() -> None:
    found = json.loads(render_linked_data(Article("Tên", ()), [], "x.html"))
    assert not {"datePublished", "author", "audio", "video"} & set(found)


@pytest.mark.parametrize(
    "path",
    [
        "javascript:alert(1).mp3",
        "a#b?c.mp3",
        "100% thật.mp3",
        "../bài/a.mp3",
        "//b.org/a.mp3",
        'a"b<c>.mp3',
        os.fsdecode(b"b\xe1n.mp3"),
    ],
)
def test_a_path_is_a_url_without_scheme_query_or_fragment(path: str) -> None:
    url = urlsplit(relative_url(path))
    assert (url.scheme, url.netloc, url.query, url.fragment) == ("", "", "", "")
    assert unquote(url.path, errors="surrogateescape").removeprefix("/." if path.startswith("//") else "") == path
    assert relative_url(path).isascii()


def test_what_is_unrelated_to_the_article_is_no_transcript_of_it() -> None:
    """Words of another text are captions of the medium, and nothing that a search engine may take for the article."""
    article = replace(grounded(), verdict="unrelated", coverage=0.0)
    segments = tuple(untied(segment) for segment in AUDIO.segments)
    other = PageMedia(replace(AUDIO, article=article, segments=segments), "a.mp3", captions="a.vi.vtt")
    (audio,) = linked_data(ARTICLE, [other], "bai.html")["audio"]
    assert "transcript" not in audio
    assert audio["hasPart"] == []
    assert audio["caption"]["contentUrl"] == "a.vi.vtt"
    page = render_page(ARTICLE, [other], "bai.html")
    assert "Đây không phải bản chép lời của bài viết" in page
    assert "Đây không phải" not in render_page(ARTICLE, [PageMedia(AUDIO, "a.mp3")], "bai.html")
