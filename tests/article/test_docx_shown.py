"""What a Word document shows: nothing hidden, deleted or of a field's code."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml

from mediakit.article.load import load_article

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LEAD = "Sáng qua, bà con xóm Bến khai trương phiên chợ nổi đầu tiên."


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


def read(folder: Path, *paragraphs: str, styles: str = "") -> list[str]:
    """The paragraphs of an article whose document holds these after a title and a lead."""
    made = docx.Document()
    made.add_paragraph("Chợ nổi xóm Bến")
    made.add_paragraph(LEAD)
    section = made.element.body[-1]
    for paragraph in paragraphs:
        section.addprevious(parse_xml(f"<w:x xmlns:w='{NAMESPACE}'>{paragraph}</w:x>")[0])
    for style in parse_xml(f"<w:x xmlns:w='{NAMESPACE}'>{styles}</w:x>"):
        made.styles.element.append(style)
    buffer = io.BytesIO()
    made.save(buffer)
    (folder / "a.docx").write_bytes(buffer.getvalue())
    article = load_article(folder / "a.docx")
    assert (article.title, article.paragraphs[0].text) == ("Chợ nổi xóm Bến", LEAD)
    return [paragraph.text for paragraph in article.paragraphs][1:]


def field(code: str, result: str) -> str:
    signs = [f"<w:r><w:fldChar w:fldCharType='{sign}'/></w:r>" for sign in ("begin", "separate", "end")]
    return f"{signs[0]}<w:r><w:instrText> {code} </w:instrText></w:r>{signs[1]}{run(result)}{signs[2]}"


SHOWN = "Chợ họp từ năm giờ."


@pytest.mark.parametrize(
    "inside",
    [
        run("Chợ ") + run("không ", "<w:vanish/>") + run("họp từ năm giờ."),
        run("Chợ ") + run("không ", "<w:vanish w:val='true'/><w:b/>") + run("họp từ năm giờ."),
        run(SHOWN, "<w:vanish w:val='0'/>"),
        run("Chợ ") + run("không ", "<w:rStyle w:val='An'/>") + run("họp từ năm giờ."),
        run("Chợ ") + run("không ", "<w:rStyle w:val='AnNua'/>") + run("họp từ năm giờ."),
        run("Chợ họp ") + run("từ ", "<w:rStyle w:val='An'/><w:vanish w:val='false'/>") + run("năm giờ."),
        run("Chợ ") + f"<w:del w:id='1' w:author='B'>{run('nghỉ ').replace('w:t', 'w:delText')}</w:del>"
        f"<w:ins w:id='2' w:author='B'>{run('họp ')}</w:ins>" + run("từ năm giờ."),
        f"<w:ins w:id='2' w:author='B'>{run(SHOWN)}</w:ins><w:del w:id='1' w:author='B'>{run('Hết.')}</w:del>",
        f"<w:moveFrom w:id='1' w:author='B'>{run('Trước đó. ')}</w:moveFrom>{run(SHOWN)}",
        f"<w:moveTo w:id='1' w:author='B'>{run(SHOWN)}</w:moveTo>",
        run("Chợ họp từ ") + field("DATE \\@ dd", "năm") + run(" giờ."),
        run("Chợ họp từ ") + field(f"IF {run('x')}", "năm") + run(" giờ."),
        run("Chợ họp từ ") + f"<w:fldSimple w:instr='PAGE'>{run('năm')}</w:fldSimple>" + run(" giờ."),
        f"<w:commentRangeStart w:id='1'/>{run(SHOWN)}<w:commentRangeEnd w:id='1'/>"
        "<w:r><w:commentReference w:id='1'/></w:r>",
        f"<w:sdt><w:sdtPr><w:alias w:val='x'/></w:sdtPr><w:sdtContent>{run(SHOWN)}</w:sdtContent></w:sdt>",
        f"{run(SHOWN)}<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr>"
        f"<w:sdtContent>{run('Bấm vào đây.')}</w:sdtContent></w:sdt>",
        f"<w:r><w:fldChar w:fldCharType='begin'/></w:r>{run(SHOWN)}",
    ],
)
def test_runs(tmp_path: Path, inside: str) -> None:
    styles = (
        "<w:style w:type='character' w:styleId='An'><w:name w:val='An'/><w:rPr><w:vanish/></w:rPr></w:style>"
        "<w:style w:type='character' w:styleId='AnNua'><w:name w:val='AnNua'/><w:basedOn w:val='An'/></w:style>"
    )
    assert read(tmp_path, f"<w:p>{inside}</w:p>", styles=styles) == [SHOWN]


def test_paragraphs_that_are_hidden_or_deleted(tmp_path: Path) -> None:
    style = (
        "<w:style w:type='paragraph' w:styleId='GhiChu'><w:name w:val='GhiChu'/><w:rPr><w:vanish/></w:rPr></w:style>"
    )
    found = read(
        tmp_path,
        f"<w:p><w:pPr><w:pStyle w:val='GhiChu'/></w:pPr>{run('Nhắc biên tập viên xem lại.')}</w:p>",
        f"<w:p><w:del w:id='1' w:author='B'>{run('Câu này đã bỏ.')}</w:del></w:p>",
        f"<w:p>{run(SHOWN)}</w:p>",
        styles=style,
    )
    assert found == [SHOWN]


def test_a_paragraph_whose_end_is_deleted_goes_on(tmp_path: Path) -> None:
    mark = "<w:pPr><w:rPr><w:del w:id='1' w:author='B'/></w:rPr></w:pPr>"
    assert read(tmp_path, f"<w:p>{mark}{run('Chợ họp từ ')}</w:p>", f"<w:p>{run('năm giờ.')}</w:p>") == [SHOWN]
    added = mark.replace("w:del", "w:ins")
    assert read(tmp_path, f"<w:p>{added}{run(SHOWN)}</w:p>", f"<w:p>{run('Rất vui.')}</w:p>") == [SHOWN, "Rất vui."]


def test_a_deleted_row_and_a_text_box(tmp_path: Path) -> None:
    def row(text: str, properties: str = "") -> str:
        return f"<w:tr>{properties}<w:tc><w:p>{run(text)}</w:p></w:tc></w:tr>"

    deleted = "<w:trPr><w:del w:id='1' w:author='B'/></w:trPr>"
    inside = f"<w:pict><w:txbxContent><w:p>{run('Ghe treo sào.')}</w:p></w:txbxContent></w:pict>"
    box = f"<w:p>{run(SHOWN)}<w:r>{inside}</w:r></w:p>"
    table = f"<w:tbl>{row('Hàng đã bỏ.', deleted)}{row('Hàng còn.')}</w:tbl>"
    assert read(tmp_path, box, table) == [SHOWN, "Ghe treo sào.", "Hàng còn."]
