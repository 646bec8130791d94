"""Media that elements of a page name: each file once, in the order of the page, of the right kind."""

from __future__ import annotations

import pytest

from mediakit.article.html import parse_html

BEFORE = "<p>Sáng nay, đội văn nghệ của xã biểu diễn ở sân đình.</p>"
AFTER = "<p>Buổi diễn kéo dài hai giờ và có đông người xem.</p>"


def media_of(markup: str, *, head: str = "") -> list[tuple[str, str]]:
    page = f"<html><head>{head}</head><body><h1>Đội văn nghệ</h1>{BEFORE}{markup}{AFTER}</body></html>"
    article = parse_html(page)
    assert [p.text for p in article.paragraphs] == [BEFORE[3:-4], AFTER[3:-4]]
    return [(a.kind, a.name) for a in article.attachments]


@pytest.mark.parametrize(
    ("markup", "kind", "name"),
    [
        ("<audio src='a.mp3'></audio>", "audio", "a.mp3"),
        ("<audio data-src='a.mp3'></audio>", "audio", "a.mp3"),
        ("<audio><source data-src='a.m4a' type='audio/mp4'></audio>", "audio", "a.m4a"),
        ("<audio><source src='a.mp4'></audio>", "audio", "a.mp4"),
        ("<video><source src='/v/a.mp4?x=1'></video>", "video", "/v/a.mp4?x=1"),
        ("<video src='blob:https://x/1' data-file='a.mp4'></video>", "video", "a.mp4"),
        ("<video><source src='a.m3u8'><source src='a.mp4'></video>", "video", "a.mp4"),
        ("<div data-file='tin/a.wav'></div>", "audio", "tin/a.wav"),
        ("<div data-audio='a b.mp3'></div>", "audio", "a b.mp3"),
        ("<div data-url='https://x.vn/a.mp3?v=2'></div>", "audio", "https://x.vn/a.mp3?v=2"),
        ("<div class='x' data-video-src='a.mp4'></div>", "video", "a.mp4"),
        ('<div data-setup=\'{"sources": [{"src": "a.mp4", "type": "video/mp4"}]}\'></div>', "video", "a.mp4"),
        ("<div data-config='[\"a.ogg\"]'></div>", "audio", "a.ogg"),
        ("<div data-player=\"{file: 'a.mp3', image: 'b.jpg'}\"></div>", "audio", "a.mp3"),
        ("<div onclick=\"nghe('a.mp3')\"></div>", "audio", "a.mp3"),
        ("<button data-src='a.mp3'>Nghe</button>", "audio", "a.mp3"),
        ("<object data='a.wav'></object>", "audio", "a.wav"),
        ("<object data='a.mp4' type='audio/mp4'>Máy không phát được.</object>", "audio", "a.mp4"),
        ("<object><param name='src' value='a.mp3'></object>", "audio", "a.mp3"),
        ("<object><param name='FileName' value='a.wma'></object>", "audio", "a.wma"),
        ("<object><param name='movie' value='p.swf?file=a.flv'></object>", "video", "a.flv"),
        ("<object><param name='flashvars' value='auto=1&amp;file=a.mp3'></object>", "audio", "a.mp3"),
        ("<embed src='a.mp3'>", "audio", "a.mp3"),
        ("<embed src='p.swf' flashvars='mp3=a.mp3'>", "audio", "a.mp3"),
        ("<iframe src='a.mp4'></iframe>", "video", "a.mp4"),
        ("<iframe src='player.html?src=a.mp3'></iframe>", "audio", "a.mp3"),
        ("<iframe data-src='//x.vn/p?u=https%3A%2F%2Fx.vn%2Fa.mp3'></iframe>", "audio", "https://x.vn/a.mp3"),
        ("<p><a href='a.mp3'>Nghe bản tin</a></p>", "audio", "a.mp3"),
        ("<p><a href=\"javascript:play('a.mp3')\">Nghe</a></p>", "audio", "a.mp3"),
        ("<amp-audio src='a.mp3'></amp-audio>", "audio", "a.mp3"),
        ("<audio-player src='a.mp3'></audio-player>", "audio", "a.mp3"),
        ("<noscript><audio src='a.mp3'></audio></noscript>", "audio", "a.mp3"),
        ("<div style='display:none'><audio src='a.mp3'></audio></div>", "audio", "a.mp3"),
        ("<div class='share-audio'><audio src='a.mp3'></audio></div>", "audio", "a.mp3"),
        ("<p>Audio: a.mp3</p>", "audio", "a.mp3"),
        ('<script>jwplayer("p").setup({file:"/media/a.mp4", image:"/b.jpg"});</script>', "video", "/media/a.mp4"),
        ("<script>new Playerjs({id:'p', file:'tin 1.mp3'})</script>", "audio", "tin 1.mp3"),
        ('<script>var audioUrl = "https:\\/\\/x.vn\\/a.mp3?v=1";</script>', "audio", "https://x.vn/a.mp3?v=1"),
        ("<script>so.addVariable('file', 'a.flv'); so.write('p')</script>", "video", "a.flv"),
        ("""<script>document.write("<embed src=\\"a.wma\\">")</script>""", "audio", "a.wma"),
        ("<script>let p = new Audio('a.ogg')</script>", "audio", "a.ogg"),
        ("<script>p.src({playlist: ['a.mp4', 'a.webm']})</script>", "video", "a.mp4"),
        ("<script>p({sources:[{file:'a.mp4'},{file:'a.webm'}]})</script>", "video", "a.mp4"),
        ('<script type="application/json">{"tracks": [{"src": "a.mp3", "title": "b.mp3"}]}</script>', "audio", "a.mp3"),
        ('<object><param name=flashvars value=\'config={"clip":{"url":"a.flv"}}\'></object>', "video", "a.flv"),
        ('<embed src=p.swf flashvars=\'config={"playlist":[{"url":"a.flv"}]}\'>', "video", "a.flv"),
        ("<embed src=p.swf flashvars=\"config={'clip':{'url':'a.flv'}}\">", "video", "a.flv"),
        ('<div data-sources=\'[{"src":"a.webm"},{"src":"a.mp4"}]\'></div>', "video", "a.webm"),
        ("<div data-mp4='a.mp4' data-webm='a.webm'></div>", "video", "a.mp4"),
    ],
)
def test_any_element_that_names_a_media_file(markup: str, kind: str, name: str) -> None:
    assert media_of(markup) == [(kind, name)]


@pytest.mark.parametrize(
    "markup",
    [
        "<video src='a.mp4'>Trình duyệt của bạn không hỗ trợ thẻ video.</video>",
        "<audio src='a.mp4'><p>Trình duyệt không hỗ trợ. <a href='a.mp4'>Tải về</a> để nghe.</p></audio>",
        "<object data='a.mp4'><p>Bạn cần cài thêm phần mềm để xem đoạn phim này trên máy.</p></object>",
    ],
)
def test_what_stands_in_for_a_player_is_no_text(markup: str) -> None:
    assert [name for _, name in media_of(markup)] == ["a.mp4"]


def test_each_file_once_in_order() -> None:
    several = "<audio src='m/1.mp3'></audio><video src='2.mp4'></video><p><a href='1.mp3?tai=1'>Tải về</a></p>"
    assert media_of(several + "<div data-src='3.mp3'></div>") == [
        *(("audio", "m/1.mp3"), ("video", "2.mp4"), ("audio", "3.mp3")),
    ]


@pytest.mark.parametrize(
    "markup",
    [
        "<nav><a href='a.mp3'>Nghe đài</a></nav>",
        "<div class='related'><p>Tin liên quan</p><p><a href='/x'>Hội xuân</a></p><audio src='a.mp3'></audio></div>",
        "<div class='quang-cao'><video src='a.mp4'></video></div>",
        "<script>play('a.mp3')</script>",
        "<script>setup({ads: {file: '/x/a.mp4'}, vastUrl: 'b.mp4', file: 'https://ads.vn/c.mp4'})</script>",
        "<script>p({advertising: [{file: 'a.mp4'}], title: 'b.mp4', image: 'c.jpg'})</script>",
        "<script>// file: 'a.mp3'\n/* file: 'b.mp3' */</script>",
        "<script type='text/template'>{file: 'a.mp3'}</script>",
        "<div class='quang-cao'><script>p({file: 'a.mp4'})</script></div>",
        "<template><audio src='a.mp3'></audio></template>",
        "<div data-title='Bản tin.mp3' title='a.mp3'></div>",
        "<p style='display:none'><a href='http://www.sbs.com.au'>SBS</a><a href='http://x.ts'>x</a></p>",
        "<img src='a.jpg' data-src='b.png'>",
    ],
)
def test_what_is_no_media_of_the_article(markup: str) -> None:
    assert media_of(markup) == []


def test_described_media_count_only_where_nothing_else_is_named() -> None:
    head = (
        '<meta property="og:audio" content="https://x.vn/og.mp3"><script type="application/ld+json">'
        '{"@type": "AudioObject", "contentUrl": "https://x.vn/ld.mp3"}</script>'
    )
    assert media_of("<audio src='a.mp3'></audio>", head=head) == [("audio", "a.mp3")]
    assert media_of("", head=head) == [("audio", "https://x.vn/ld.mp3"), ("audio", "https://x.vn/og.mp3")]
    broken = (
        '<script type="application/ld+json">{"@type": </script>' + "<script type='application/ld+json'>" + "[" * 5000
    )
    assert media_of("", head=f"{broken}</script>") == []


def test_media_in_scripts_in_the_order_of_the_page_and_only_in_the_article() -> None:
    script = "<script>play({{file: '{}'}})</script>"
    page = f"<html><head>{script.format('1.mp4')}</head><body>{script.format('2.mp4')}<h1>Đội văn nghệ</h1>{BEFORE}"
    page += f"{script.format('3.mp4')}<p><a href='4.mp3'>Nghe</a></p>{script.format('5.mp4')}{AFTER}</body></html>"
    assert [a.name for a in parse_html(page).attachments] == ["3.mp4", "4.mp3", "5.mp4"]
    without = page.replace("3.mp4", "").replace("4.mp3", "").replace("5.mp4", "")
    assert not parse_html(without).attachments


def test_audio_and_film_of_one_name_are_two() -> None:
    both = "<script>p({audio: 'a.mp3', video: 'a.mp4'})</script>"
    assert media_of(both) == [("audio", "a.mp3"), ("video", "a.mp4")]
