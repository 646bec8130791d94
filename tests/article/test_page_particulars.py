"""What a page shows beside its text: players, particulars of the article, related posts, entries of live reports."""

from __future__ import annotations

import pytest

from mediakit.article.document import Article, Attachment, Photo
from mediakit.article.html import parse_html

LEAD = "Sáng qua, bà con xóm Bến khai trương phiên chợ nổi đầu tiên sau mười năm."
FIRST = "Chợ họp từ năm giờ, có hơn sáu mươi ghe chở rau, cá và hoa. Ghe nào cũng treo một cây sào."
SECOND = "Ban tổ chức cho biết phiên chợ sẽ họp vào mỗi sáng chủ nhật cho đến Tết."


def read(before: str = "", between: str = "", after: str = "", head: str = "") -> Article:
    return parse_html(
        f"<html><head>{head}</head><body><div class='item-page'><h1>Chợ nổi xóm Bến</h1>{before}"
        f"<div><p>{LEAD}</p><p>{FIRST}</p>{between}<p>{SECOND}</p>{after}</div></div></body></html>"
    )


def texts(article: Article) -> list[str]:
    return [paragraph.text for paragraph in article.paragraphs]


CONTROLS = (
    *("Tốc độ 1x 1.5x", "0.5x 1x 2x", "00:00 / 03:15 Tốc độ 1.0x", "1x", "Tốc độ phát: 1,25x", "0:00/3:15 | 1x"),
    *("Giọng đọc: Nam miền Bắc", "Nữ miền Nam", "Âm lượng 80%", "360p 720p 1080p", "Tạm dừng", "Phát Tạm dừng 02:10"),
    *("Nghe podcast 05:20", "▶ 00:00 03:15 🔊", "Đang phát 00:12 / 03:15", "Tải xuống | 1x | 15s", "×1 ×1.5 ×2"),
    *("Tốc độ đọc: Chậm Bình thường Nhanh", "Tốc độ 0.75 1 1.25", "Thời lượng: 03:15", "Đọc bài viết 1x"),
    *("Nghe bài viết 00:00 / 02:11 Tốc độ 1x", "Tự động phát tiếp", "Chuẩn (1x)", "-01:15", "Toàn màn hình"),
)


@pytest.mark.parametrize("line", CONTROLS)
@pytest.mark.parametrize("around", ["<p>{}</p>", "<div><span>{}</span></div>", "<ul><li>{}</li><li>2x</li></ul>"])
def test_what_a_player_shows_is_no_text(line: str, around: str) -> None:
    player = "<audio src='cho.mp3'></audio>" + around.format(line)
    for article in (read(before=player), read(between=player), read(after=player)):
        assert texts(article) == [LEAD, FIRST, SECOND]
        assert article.attachments == (Attachment("audio", "cho.mp3"),)


def test_what_is_in_a_named_player_is_no_text() -> None:
    player = "<div class='audio-player'><div>Bản tin sáng chủ nhật</div><div>Nghe thử</div><audio src='a.mp3'></div>"
    assert texts(read(before=player)) == texts(read(between=player)) == [LEAD, FIRST, SECOND]


@pytest.mark.parametrize(
    "line",
    [
        *(
            "Nam và nữ đều được dự.",
            "Tốc độ 80 km/h",
            "Máy chạy ở tốc độ 2x trong hai giờ.",
            "Giọng nam cao nhất hội thi",
        ),
        *("Nghe: tải về", "Phát", "Tự động", "Đội thắng 3-1", "2x + 3 = 7 là một phương trình."),
    ],
)
def test_text_that_speaks_of_speed_stays(line: str) -> None:
    assert texts(read(between=f"<p>{line}</p>")) == [LEAD, FIRST, line, SECOND]


def test_a_table_of_figures_keeps_them() -> None:
    table = "<table><tr><td>Ống kính gần</td><td>2x</td></tr><tr><td>Màn hình ngoài</td><td>1080p</td></tr></table>"
    assert texts(read(between=table))[2:-1] == ["Ống kính gần", "2x", "Màn hình ngoài", "1080p"]


JOOMLA = """<dl class="article-info muted"><dt class="article-info-term">Chi tiết</dt>
<dd class="createdby">Viết bởi {}</dd>
<dd class="category-name">Chuyên mục: <a href="/tin">Tin tức</a></dd><dd class="published">
<time datetime="2021-06-09T18:37:00+07:00">Được đăng: 09 Tháng 6 2021</time></dd>
<dd class="hits">Lượt xem: 120</dd></dl>"""
PARTICULARS = (
    JOOMLA.format("Quản trị"),
    JOOMLA.format("Super User"),
    "<dl><dt>Thông tin</dt><dd>Chuyên mục cha: Xã hội</dd><dd>Ngày tạo: 09/06/2021 18:37</dd></dl>",
    "<dl><dt>Ngày đăng</dt><dd>09/06/2021 18:37</dd><dt>Chuyên mục</dt><dd>Xã hội</dd></dl>",
    "<ul class='post-meta'><li>Tin xã</li><li>Đăng bởi admin</li><li>18:37 09/06/2021</li><li>12 lượt xem</li></ul>",
    "<table><tr><td>Danh mục: Tin xã</td><td>Người đăng: Ban quản trị</td><td>09/06/2021 18:37</td></tr></table>",
    "<p>Chi tiết</p><p>Được đăng: 09/06/2021 18:37</p><p>Chuyên mục: Tin xã</p><p>Viết bởi Quản trị</p>",
    "<div><div>Xã hội</div><div>18:37 09/06/2021</div><div>Lượt xem: 7</div></div>",
)


@pytest.mark.parametrize("block", PARTICULARS)
@pytest.mark.parametrize("place", ["before", "after"])
def test_a_block_of_particulars_is_no_text(block: str, place: str) -> None:
    article = read(**{place: block})
    assert texts(article) == [LEAD, FIRST, SECOND]
    assert article.author == ""
    assert article.published is not None
    assert article.published.isoformat() == "2021-06-09T18:37:00+07:00"


def test_the_author_in_particulars() -> None:
    terms = "<dl><dt>Tác giả</dt><dd>Thu Hà</dd><dt>Ngày đăng</dt><dd>09/06/2021</dd></dl>"
    assert [read(before=block).author for block in (JOOMLA.format("Thu Hà"), terms)] == ["Thu Hà", "Thu Hà"]


@pytest.mark.parametrize(
    ("block", "lines"),
    [
        (
            "<dl><dt>Họ tên</dt><dd>Lê An</dd><dt>Ngày sinh</dt><dd>09/06/1980</dd><dt>Quê</dt><dd>Bến Tre</dd></dl>",
            ["Họ tên", "Lê An", "Ngày sinh", "09/06/1980", "Quê", "Bến Tre"],
        ),
        (
            "<table><tr><td>Mở vé</td><td>09/06/2021</td></tr><tr><td>Ngày hội</td><td>12/06/2021</td></tr></table>",
            ["Mở vé", "09/06/2021", "Ngày hội", "12/06/2021"],
        ),
        (
            "<table><tr><td>5h00</td><td>Mở chợ</td></tr><tr><td>9h30</td><td>Đua ghe</td></tr></table>",
            ["5h00", "Mở chợ", "9h30", "Đua ghe"],
        ),
        (
            "<ul><li>Tác giả: Nguyễn Du</li><li>Thể loại: Truyện thơ</li></ul>",
            ["Tác giả: Nguyễn Du", "Thể loại: Truyện thơ"],
        ),
        ("<p>Chuyên mục: cũ mà mới.</p>", ["Chuyên mục: cũ mà mới."]),
        ("<dl><dt>Sào cao</dt><dd>Treo thứ đem bán</dd></dl>", ["Sào cao", "Treo thứ đem bán"]),
    ],
)
def test_lists_and_tables_of_the_text_stay(block: str, lines: list[str]) -> None:
    article = read(between=block)
    assert (texts(article)[2:-1], article.published) == (lines, None)


RELATED = (
    """<div id="jp-relatedposts" class="jp-relatedposts"><h3><em>Có liên quan</em></h3><div>
    <div class="jp-relatedposts-post"><h4><a href="/a">Mùa nước nổi</a></h4>
    <time>9 Tháng Sáu, 2021</time>
    <p>Trong "Tin tức"</p></div></div></div>""",
    """<h3>Có liên quan</h3><h4><a href="/a">Mùa nước nổi nay</a></h4><p>9 Tháng Sáu, 2021</p><p>Trong "Tin tức"</p>""",
    "<p><b>Có liên quan:</b></p><ul><li><a href='/a'>Mùa nước nổi năm nay</a> 09/06/2021</li></ul>",
    "<h4>Bài viết tương tự</h4><p><a href='/a'>Mùa nước nổi</a></p><p>2 ngày trước</p><p><a href='/b'>Hội vật</a></p>",
    "<h3>Tin liên quan</h3><div><a href='/a'>Mùa nước nổi</a><span>9/6/2021 10:00</span>"
    "<p>Nước năm nay về sớm hơn mọi năm gần nửa tháng.</p></div>",
    "<div class='related-posts'><p>Đọc cùng chúng tôi</p><p><a href='/a'>Mùa nước nổi</a></p></div>",
)


@pytest.mark.parametrize("block", RELATED)
@pytest.mark.parametrize("place", ["between", "after"])
def test_related_posts_inside_the_text(block: str, place: str) -> None:
    article = read(**{place: block})
    assert (texts(article), article.published) == ([LEAD, FIRST, SECOND], None)
    assert read(after=block + "<p><b>Thu Hà</b></p>").author == "Thu Hà"


def test_a_heading_of_what_is_related_above_text_stays() -> None:
    more = (
        "<h3>Có liên quan</h3><p>Việc mở chợ còn liên quan đến kế hoạch nạo vét con kênh của huyện trong năm tới.</p>"
    )
    assert texts(read(between=more))[2:4] == ["Có liên quan", more.partition("<p>")[2][:-4]]


@pytest.mark.parametrize(
    "clock", ["13 giờ 45 phút", "13h45 phút", "7h05", "12:10 12/10", "Lúc 9 giờ 5", "8h30 ngày 3/4"]
)
def test_the_clock_of_an_entry_is_no_text(clock: str) -> None:
    for around in ("<p>{}</p>", "<div><b>{}</b></div>", "<h4>{}</h4>"):
        article = read(between=around.format(clock))
        assert (texts(article), article.published) == ([LEAD, FIRST, SECOND], None)


@pytest.mark.parametrize("line", ["12/10", "Lúc 13 giờ 45 phút, ghe đầu tiên cập bến.", "13 giờ 45 phút chờ đợi"])
def test_a_line_with_a_clock_in_it_stays(line: str) -> None:
    assert texts(read(between=f"<p>{line}</p>")) == [LEAD, FIRST, line, SECOND]


@pytest.mark.parametrize(
    "credit",
    [
        "<p class='author'>Ảnh: Hồ Giáp</p>",
        "<p style='text-align:right'><b>Ảnh: Hồ Giáp</b></p>",
        "<div class='byline'>Video: Hồ Giáp</div>",
        "<p class='tac-gia'>Thiết kế: Hồ Giáp</p>",
    ],
)
def test_a_credit_of_pictures_is_no_author(credit: str) -> None:
    assert read(before=credit).author == read(after=credit).author == ""
    signed = "<p class='author'>Thu Hà</p>"
    assert read(after=credit + signed).author == "Thu Hà"
    described = "<meta name='author' content='Ảnh: Hồ Giáp'>"
    assert read(head=described).author == ""


def test_who_took_the_photos_and_who_wrote() -> None:
    article = read(after="<p><b>Bài: Thu Hà - Ảnh: Minh Đức</b></p>")
    assert (article.author, texts(article)) == ("Thu Hà", [LEAD, FIRST, SECOND])
    article = read(after="<p><b>Thu Hà</b></p><p>Ảnh: Minh Đức</p>")
    assert (article.author, article.blocks[-1]) == ("Thu Hà", Photo("", "Minh Đức"))
