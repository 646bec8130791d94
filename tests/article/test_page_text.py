"""Which text of a page is the article's, by kinds of pages that went wrong in other tools."""

from __future__ import annotations

import time

import pytest

from mediakit.article.document import Article, Photo
from mediakit.article.html import parse_html
from mediakit.errors import ArticleError

LEAD = "Chiều qua, hợp tác xã Đồng Tâm khánh thành kho lạnh chứa được hai trăm tấn vải."
FIRST = "Kho do mười hai hộ góp vốn xây trong chín tháng. Vải để trong kho giữ được bốn mươi ngày."
SECOND = "Chủ nhiệm hợp tác xã nói sang năm sẽ xây thêm một kho nữa để trữ nhãn và ổi."
BODY = f"<p>{LEAD}</p><p>{FIRST}</p><p>{SECOND}</p>"
MENU = "<ul class='menu'><li><a href='/'>Trang chủ</a></li><li><a href='/kt'>Kinh tế</a></li></ul>"


def read(markup: str, head: str = "") -> Article:
    return parse_html(f"<!DOCTYPE html><html><head><meta charset='utf-8'>{head}</head><body>{markup}</body></html>")


def texts(article: Article) -> list[str]:
    return [paragraph.text for paragraph in article.paragraphs]


@pytest.mark.parametrize(
    "wrapper",
    [
        "<form method='post' action='x.aspx'>{}</form>",
        "<form><table><tr><td>{}</td></tr></table></form>",
        "<div class='right-sidebar'>{}</div>",
        "<div class='has-share'>{}</div>",
        "<div class='comment-wrapper'>{}</div>",
        "<div id='sidebar'><div class='related'>{}</div></div>",
        "<div class='banner advert'>{}</div>",
        "<aside>{}</aside>",
        "<footer class='social'>{}</footer>",
        "<div aria-hidden='true'>{}</div>",
        "<div style='display:none'>{}</div>",
        "<div class='popup modal'><section class='newsletter'>{}</section></div>",
    ],
)
@pytest.mark.parametrize("with_headline", [True, False])
def test_no_wrapper_drops_what_holds_most_of_the_text(wrapper: str, *, with_headline: bool) -> None:
    inside, outside = ("<h1>Kho lạnh</h1>" + BODY, "") if with_headline else (BODY, "<h1>Kho lạnh</h1>")
    article = read(MENU + outside + wrapper.format(inside))
    assert (article.title, texts(article)) == ("Kho lạnh", [LEAD, FIRST, SECOND])


@pytest.mark.parametrize(
    "page",
    [
        "<h1>Kho lạnh</h1><span>09/06/2021</span>"
        f"<p class='sapo'>{LEAD}</p><article><p>{FIRST}</p><p>{SECOND}</p></article>",
        f"<header><h1>Kho lạnh</h1><h2>{LEAD}</h2></header><main><article><p>{FIRST}</p>"
        f"<p>{SECOND}</p></article></main>",
        f"<div><h1>Kho lạnh</h1></div><div><div>{LEAD}</div></div><div><div><p>{FIRST}</p><p>{SECOND}</p></div></div>",
    ],
)
def test_heading_and_lead_beside_the_article(page: str) -> None:
    article = read(MENU + page)
    assert (article.title, texts(article)) == ("Kho lạnh", [LEAD, FIRST, SECOND])
    assert article.paragraphs[0].lead


@pytest.mark.parametrize(
    "noise",
    [
        "<p><a href='/a'>Vải thiều vào vụ</a></p>",
        "<p>Đọc thêm: <a href='/a'>Vải thiều vào vụ</a></p>",
        "<p>&gt;&gt; <a href='/a'>Vải thiều vào vụ</a></p>",
        "<div class='box'><b>Tin liên quan</b><ul>"
        "<li><a href='/a'>Vải vào vụ</a></li><li><a href='/b'>Giá nhãn</a></li></ul></div>",
        "<div><h3><a href='/a'>Vải thiều vào vụ</a></h3>"
        "<p>Nông dân Lục Ngạn bắt đầu hái những chùm vải đầu mùa.</p></div>",
        "<table><tr><td><a href='/a'><img src='a.jpg'></a></td>"
        "<td><a href='/a'>Vải thiều vào vụ sớm</a></td></tr></table>",
        "<div class='ads'><p>Mua tủ đông trả góp lãi suất thấp, gọi ngay hôm nay.</p></div>",
        "<p>Quảng cáo</p>",
        "<button>Chia sẻ</button><div>Chia sẻ</div>",
        "<select><option>Chọn chuyên mục cần xem ở đây.</option></select>",
        "<noscript><p>Bạn hãy bật JavaScript để xem đầy đủ trang này.</p></noscript>",
        "<template><p>Mẫu này chưa có nội dung để hiện ra.</p></template>",
        "<div hidden><p>Câu này không ai thấy ở trên trang.</p></div>",
        "<p style='display: none'>Câu này không ai thấy ở trên trang.</p>",
        "<div class='tags'>Từ khóa: <a href='/t'>kho lạnh</a></div>",
    ],
)
@pytest.mark.parametrize("place", ["inside", "after"])
def test_what_stands_between_and_after_paragraphs(noise: str, place: str) -> None:
    between, after = (noise, "") if place == "inside" else ("", noise)
    markup = f"<div><h1>Kho lạnh</h1><p>{LEAD}</p><p>{FIRST}</p>{between}<p>{SECOND}</p>{after}</div>"
    assert texts(read(MENU + markup)) == [LEAD, FIRST, SECOND]


@pytest.mark.parametrize(
    "after",
    [
        "<div id='binh-luan'><h3>Bình luận (2)</h3><p>Hay quá, quê tôi cũng cần một kho như thế này.</p></div>",
        "<section class='comments'><textarea></textarea><div><p>Mong các xã khác cùng làm theo.</p></div></section>",
        "<p>Bình luận</p><p>Mong các xã khác cùng làm theo, bà con đỡ bị ép giá.</p>",
        "<div><div>Cơ quan chủ quản: Hội Nông dân</div><div>Giấy phép số 12/GP-BTTTT ngày 1/2/2020.</div></div>",
        "<p>Tổng biên tập: Lê Văn Tám. Tòa soạn: số 1, phố Hàng Đào, Hà Nội.</p>",
        "<div class='cookie'><p>Trang này dùng cookie để phục vụ bạn tốt hơn.</p></div>",
        "<div><p>Chúng tôi dùng cookie để phục vụ bạn đọc tốt hơn.</p><button>Đồng ý</button></div>",
        "<h3>Tin cùng chuyên mục</h3><ul><li><a href='/a'>Giá nhãn tăng</a></li><li><a href='/b'>Mưa đá</a></li></ul>",
        "<article><h1>Mưa đá ở Mộc Châu</h1><p>Mưa đá làm hỏng ba trăm mái nhà trong đêm qua ở Mộc Châu.</p></article>",
    ],
)
def test_what_follows_the_article(after: str) -> None:
    for markup in (f"<div><h1>Kho lạnh</h1>{BODY}</div>{after}", f"<h1>Kho lạnh</h1><div>{BODY}</div>{after}"):
        assert texts(read(MENU + markup)) == [LEAD, FIRST, SECOND]


def test_a_page_without_paragraphs() -> None:
    page = f"<h1>Kho lạnh</h1><div>{LEAD}<br><br>{FIRST}<br/>{SECOND}</div>"
    assert texts(read(page)) == [LEAD, FIRST, SECOND]
    assert texts(read(page.replace("khánh thành", "<br>khánh\nthành"))) == [LEAD, FIRST, SECOND]


@pytest.mark.parametrize(
    ("line", "moment"),
    [
        ("Thứ 4, 09/06/2021 | 18:37:56 | 4.455 lượt xem", "2021-06-09T18:37:56+07:00"),
        ("Cập nhật lúc 18:37, Thứ Tư, 09/06/2021", "2021-06-09T18:37:00+07:00"),
        ("<b>Chi Mai</b> · 09/06/2021 18:37", "2021-06-09T18:37:00+07:00"),
        ("<span>Kinh tế</span><span>9 tháng 6, 2021</span>", "2021-06-09T00:00:00+07:00"),
        ("<time datetime='2021-06-09T11:37:56Z'>2 giờ trước</time>", "2021-06-09T18:37:56+07:00"),
    ],
)
def test_date_lines_are_no_lead(line: str, moment: str) -> None:
    article = read(f"<h1>Kho lạnh</h1><div>{line}</div>{BODY}")
    assert article.paragraphs[0].text == LEAD
    assert article.published is not None
    assert article.published.isoformat() == moment


@pytest.mark.parametrize("stamp", ["2021-06-09T18:37:56+0700", "2021-06-09 18:37:56", "2021-06-09T11:37:56.000Z"])
def test_dates_in_metadata(stamp: str) -> None:
    for head in (
        f'<meta property="article:published_time" content="{stamp}">',
        '<script type="application/ld+json">'
        f'{{"@graph": [{{"@type": "NewsArticle", "datePublished": "{stamp}"}}]}}</script>',
    ):
        published = read(f"<h1>Kho lạnh</h1>{BODY}", head).published
        assert published is not None
        assert published.isoformat() == "2021-06-09T18:37:56+07:00"


@pytest.mark.parametrize(
    "ending",
    [
        "<ul><li>Kho lạnh Đồng Tâm</li><li>Trần Văn Bình</li></ul>",
        "<ol><li>Vải thiều</li><li>Lê Minh Khuê</li></ol>",
        "<table><tr><td>Giám đốc</td><td>Hoài An</td></tr></table>",
        "<h3>Lê Minh Khuê</h3>",
    ],
)
def test_the_end_of_a_list_is_no_author(ending: str) -> None:
    article = read(f"<h1>Kho lạnh</h1>{BODY}{ending}")
    assert article.author == ""
    assert len(article.paragraphs) > 3 or ending.startswith("<h3>")


@pytest.mark.parametrize(
    "signed",
    [
        "<p style='text-align:right'><strong>Lê Minh Khuê</strong></p>",
        "<p align='right'>Tin, ảnh: Lê Minh Khuê</p>",
        "<p><b>Lê Minh Khuê</b></p>",
        "<div class='author'>Lê Minh Khuê</div>",
        "<p class='tac-gia'>Tác giả: Lê Minh Khuê</p>",
        "<p><span itemprop='author'>Lê Minh Khuê</span></p>",
    ],
)
def test_the_author_under_the_article(signed: str) -> None:
    head = "<meta name='author' content='Báo Nông thôn'>"
    for markup in (f"<div>{BODY}{signed}</div>", f"<div>{BODY}</div>{signed}"):
        article = read(f"<h1>Kho lạnh</h1>{markup}", head)
        assert (article.author, texts(article)) == ("Lê Minh Khuê", [LEAD, FIRST, SECOND])


def test_a_sentence_that_speaks_of_photos_is_text() -> None:
    sentence = "Bà kể về bức ảnh: hôm ấy trời mưa to và cả làng ra đồng."
    article = read(f"<h1>Kho lạnh</h1>{BODY}<p>{sentence}</p>")
    assert texts(article)[-1] == sentence


@pytest.mark.parametrize(
    "photo",
    [
        "<figure><img src='a.jpg'><figcaption>Kho lạnh mới xây. Ảnh: Hoài An</figcaption></figure>",
        "<figure><img src='a.jpg'><figcaption><p>Kho lạnh mới xây. <em>Ảnh: Hoài An</em></p></figcaption></figure>",
        "<div class='photo'><img src='a.jpg'><p>Kho lạnh mới xây. Ảnh: Hoài An</p></div>",
        "<table><tr><td><img src='a.jpg'></td></tr><tr><td>Kho lạnh mới xây. Ảnh: Hoài An</td></tr></table>",
        "<p style='text-align:center'><img src='a.jpg'></p>"
        "<p style='text-align:center'><i>Kho lạnh mới xây. (Ảnh: Hoài An)</i></p>",
        "<div class='wp-caption'><img src='a.jpg'><p class='wp-caption-text'>Kho lạnh mới xây. Ảnh: Hoài An</p></div>",
    ],
)
def test_captions_of_photos(photo: str) -> None:
    article = read(f"<div><h1>Kho lạnh</h1><p>{LEAD}</p>{photo}<p>{FIRST}</p><p>{SECOND}</p></div>")
    assert [b for b in article.blocks if isinstance(b, Photo)] == [Photo("Kho lạnh mới xây.", "Hoài An")]
    assert texts(article) == [LEAD, FIRST, SECOND]


@pytest.mark.parametrize(
    "page",
    [
        "<div id='root'></div><script>render()</script>",
        "<noscript>You need to enable JavaScript to run this app.</noscript><div id='app'></div>",
        "<nav><a href='/'>Trang chủ</a></nav>",
    ],
)
def test_a_page_made_by_scripts_says_so(page: str) -> None:
    with pytest.raises(ArticleError, match="has no text") as raised:
        read(page, "<title>Kho lạnh - Báo Nông thôn</title><meta property='og:title' content='Kho lạnh'>")
    assert raised.value.remedy


@pytest.mark.alone
@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 100_000 + BODY + "</div>" * 100_000,
        "<div><section><b><span>" * 25_000 + BODY,
        "<ul><li>" * 30_000 + BODY,
        "<x-y>" * 30_000 + "<p>a" * 5_000 + BODY,
        "".join(f"<font color={i}><p>Xin chào." for i in range(3_000)) + BODY,
        "<!--" * 100_000,
    ],
    ids=["div", "mixed", "lists", "unknown", "lettering", "comments"],
)
def test_time_grows_with_length_however_deep(page: str) -> None:
    begin = time.perf_counter()
    assert parse_html("<h1>Kho lạnh</h1>" + page).title == "Kho lạnh"
    assert time.perf_counter() - begin < 10


def test_a_name_on_every_paragraph_drops_none() -> None:
    body = "".join(f"<div class='share-item'><p>{text}</p></div>" for text in (LEAD, FIRST, SECOND))
    assert texts(read(f"<h1>Kho lạnh</h1>{body}")) == [LEAD, FIRST, SECOND]


def test_invisible_characters_in_a_page() -> None:
    hidden = LEAD.replace("th", "th&shy;").replace("i", "i\u200b")
    page = (
        f"<h1>Kho l&shy;ạnh</h1><p>Thứ Tư,\u200b 09/06/2021</p><p>{hidden}</p><p>{FIRST}</p><p>Audio:\u2060 a.mp3</p>"
    )
    article = read(page)
    assert (article.title, texts(article)) == ("Kho lạnh", [LEAD, FIRST])
    assert [a.name for a in article.attachments] == ["a.mp3"]
    assert article.published is not None


def test_a_page_in_an_old_encoding_is_read_as_a_page() -> None:
    lines = (
        "Thöù 4, 09/06/2021 | 18:37:56",
        "Xaõ Ñoâng Haûi hoïp ñeå baøn vieäc laøm ñöôøng, coù ñoâng ñuû baø con trong xaõ.",
    )
    article = read("<h1>Hoïp xaõ</h1>" + "".join(f"<p>{line}</p>" for line in lines))
    assert (article.title, article.published is not None) == ("Họp xã", True)
    assert texts(article) == ["Xã Đông Hải họp để bàn việc làm đường, có đông đủ bà con trong xã."]
    assert [notice.code for notice in article.notices] == ["legacy-encoding"]


@pytest.mark.parametrize(
    "ending",
    [
        "<p><b>Thành Tâm</b></p><p><i>Ảnh: Minh Đức</i></p>",
        "<p>Thành Tâm</p><p>(Ảnh: TTXVN)</p><p>Audio: a.mp3</p>",
        "<p>Tin: Thành Tâm</p><p>Ảnh: Minh Đức</p>",
    ],
)
def test_what_stands_under_the_author(ending: str) -> None:
    article = parse_html(f"<article><h1>Tin</h1><p>{LEAD}</p><p>{FIRST}</p><p>{SECOND}</p>{ending}</article>")
    assert (article.author, texts(article)) == ("Thành Tâm", [LEAD, FIRST, SECOND])
