"""Reads the items of an article in order: which are paragraphs, which photos, dates, the author, or none of these."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile

from mediakit.article.bylines import has_author_label, is_account
from mediakit.article.document import Attachment, Photo
from mediakit.article.lines import (
    attachments_of,
    author_of,
    byline_of,
    first_published,
    is_byline,
    is_clock_line,
    is_note,
    is_other_credit,
    is_person,
    is_views_line,
    photo_of,
    published_of,
)
from mediakit.article.page.body import MOST_BYLINE_WORDS, Body, is_of_no_article
from mediakit.article.page.head import Head, moment
from mediakit.article.page.items import HEADINGS, Item
from mediakit.article.page.names import is_called_byline, is_called_particulars, is_called_player
from mediakit.article.page.particulars import particulars
from mediakit.article.page.photos import with_captions
from mediakit.article.page.phrases import (
    is_author_term,
    is_category_line,
    is_comments_heading,
    is_control,
    is_label,
    is_pointer,
    is_related_heading,
    is_tags_line,
)
from mediakit.article.page.tree import Element
from mediakit.vietnamese.normal import nfc

Part = str | Photo | Attachment
_LABEL_WORDS = 4
_LEAST_BODY_WORDS = 30
_DIGIT = re.compile(r"\d")
#: A longer line is text and no label.
_LONGEST_LABEL = 300
_BY = re.compile(r"^(?:bởi|by|viết bởi|đăng bởi)\s+", re.IGNORECASE)
_HOLDS_DATE = re.compile(r"\b\d{1,2}[/.\-]\d{1,2}[/.\-]\d{4}\b|\b\d{1,2}\s+tháng\s+\d{1,2}\b", re.IGNORECASE)
_MOST_DATE_WORDS = 14
_TIMETABLE_WORDS = 15
#: Where an article is from, which names its author only where nobody else is named.
_SOURCE = re.compile(r"\(?nguồn", re.IGNORECASE)
_BETWEEN_LABELS = re.compile(r"\s*[·•|]\s*|\s+[–—-]\s+")
_BEFORE_HEADLINE = 40
#: Elements whose last line is text and no signature.
_NEVER_AUTHOR = frozenset(("li", "td", "th", "dt", "dd", "blockquote", "pre", *HEADINGS))


@dataclass(slots=True)
class _Line:
    """A part of the article with the item that it was read from."""

    part: Part
    item: Item


class Reading:
    """What the article of a page says: `title`, `parts` in order, when it was `published` and by which `author`."""

    def __init__(self, body: Body, head: Head) -> None:
        self.body = body
        self._head = head
        self._headline = body.headline_text
        self.title = self._headline or next(iter(head.titles), "")
        self._dates: list[str] = []
        #: Names by how sure it is that they are of the author: labelled, beside the date, where the article is from.
        self._byline = self._beside_date = self._source = ""
        self._marked_byline = body.byline()
        items = with_captions(_without_what_follows(body.items), body.core)
        self._particulars = {id(items[place]) for place in particulars(items, body.core, body.headline)}
        self._term = ""
        lines = self._lines(items)
        if not self.title:
            lines = self._with_first_as_title(lines)
        while lines and isinstance(lines[-1].part, str) and is_of_no_article(lines[-1].item):
            lines.pop()
        signed = self._signature(lines)
        self.parts = [line.part for line in lines]
        self.published = self._published()
        names = (
            self._byline,
            self._beside_date,
            _named(self._marked_byline),
            signed,
            _named(body.marked_author()),
            self._source,
        )
        self.author = next((name for name in (*names, _named(head.author)) if name), "")

    def _lines(self, items: list[Item]) -> list[_Line]:
        """The parts of the article; dates, views and bylines are noted or passed over."""
        lines: list[_Line] = []
        has_begun = False
        for item in items:
            if item.kind == "media" and item.attachment is not None:
                lines.append(_Line(item.attachment, item))
            elif item.kind == "caption":
                if not _is_of_sound(item):
                    _add_photo(lines, item)
            elif item.kind == "text" and not self._is_beside(item, has_begun):
                has_begun = has_begun or item.is_prose
                self._add_text(lines, item)
        return lines

    def _add_text(self, lines: list[_Line], item: Item) -> None:
        attachments = attachments_of(item.text)
        if attachments:
            lines += [_Line(attachment, item) for attachment in attachments]
            return
        photo = photo_of(item.text)
        if photo is None:
            lines.append(_Line(item.text, item))
            return
        last = lines[-1].part if lines else None
        if not photo.caption and isinstance(last, Photo) and not last.credit:
            lines[-1].part = replace(last, credit=photo.credit)
        else:
            lines.append(_Line(photo, item))

    def _is_beside(self, item: Item, has_begun: bool) -> bool:
        """Whether a line is no running text but the date, a count of views, the byline, a button."""
        text = item.text
        if len(text) > _LONGEST_LABEL:
            return False
        has_number = _DIGIT.search(text) is not None
        if has_number and not (has_begun and self._is_of_table(item)) and published_of(text) is not None:
            self._dates.append(text)
            self._beside_date = self._beside_date or byline_of(text)
            return True
        if id(item) in self._particulars:
            self._note_author(text)
            return True
        is_clock = has_number and is_clock_line(text) and not (has_begun and self._is_of_timetable(item))
        if is_clock or (has_number and is_views_line(text)) or self._is_title(text):
            return True
        if (not has_begun or self._is_in_particulars(item)) and self._is_about_date(text):
            return True
        if not has_begun and item.words <= _LABEL_WORDS * 2 and not item.is_prose and is_category_line(text):
            return True
        if self._is_byline(item):
            self._is_named_byline(text)
            return True
        if not has_begun and self._says_byline(item):
            return True
        if not (has_begun and item.element.tag in ("li", "dd")) and (self._is_named_byline(text) or is_byline(text)):
            return True
        if item.plays and item.plays >= 0.8 * item.chars and item.words <= 6 and not text.endswith("."):
            return True
        if _is_label(item) or self._is_of_player(item):
            return True
        return not has_begun and self._is_label(item)

    def _is_of_table(self, item: Item) -> bool:
        """Whether a date by itself is in a cell of a table or list of terms, and not said of the article."""
        if item.element.tag not in ("td", "th", "dd") or id(item) in self._particulars:
            return False
        return not item.text[:1].isalpha()

    def _is_of_timetable(self, item: Item) -> bool:
        """Whether a clock is in a cell of a timetable, and not beside the text of an entry."""
        if not self._is_of_table(item):
            return False
        row = next((element for element in item.element.up() if element.tag in ("tr", "dl")), item.element)
        return len(row.text().split()) <= _TIMETABLE_WORDS

    def _is_in_particulars(self, item: Item) -> bool:
        """Whether a line is in what is named as the particulars of the article."""
        return self._is_within(item, is_called_particulars)

    def _is_of_player(self, item: Item) -> bool:
        """Whether a short line is in what is named as a player: one of its buttons or its heading."""
        if item.words > _LABEL_WORDS + 2 or item.text.endswith((".", "!", "?", "…")):
            return False
        return self._is_within(item, is_called_player)

    def _note_author(self, text: str) -> None:
        """Notes the author whom a line names that says something of the article, by itself or under its term."""
        name = author_of(text)
        if is_byline(text) or is_author_term(self._term):
            self._byline = self._byline or name
        self._term = text

    def _is_title(self, text: str) -> bool:
        return nfc(text) == self.title or text in self._head.titles

    def _is_about_date(self, text: str) -> bool:
        """Whether a line before the text holds a date beside other things: who wrote it, which episode it is."""
        if len(text.split()) > _MOST_DATE_WORDS or text.endswith((".", "…")):
            return False
        parts = _BETWEEN_LABELS.split(text)
        for number in range(len(parts)):
            date = ", ".join(parts[number:])
            if number and published_of(date) is not None:
                self._dates.append(date)
                self._is_named_byline(parts[0])
                return True
        return bool(_HOLDS_DATE.search(text))

    def _is_named_byline(self, text: str) -> bool:
        """Whether a line says whose work the article is (`Tin, ảnh: Thu Hà`)."""
        name = author_of(text) if has_author_label(text) else ""
        if _SOURCE.match(text):
            self._source = self._source or name
        else:
            self._byline = self._byline or name
        return bool(name)

    def _is_label(self, item: Item) -> bool:
        """Whether a line between headline and text is a label: a category, a tab, a button."""
        if item.words > _LABEL_WORDS or item.element.tag in ("p", "li", "td", "th", "dt", "dd", *HEADINGS):
            return False
        if item.text.endswith((".", "!", "?", "…", ":")) or not self._headline:
            return False
        self._byline = self._byline or author_of(item.text)
        return True

    def _is_byline(self, item: Item) -> bool:
        """Whether a line is in what is named as the author's name."""
        if item.words > MOST_BYLINE_WORDS or item.text.endswith(".") or is_other_credit(item.text):
            return False
        return self._is_within(item, is_called_byline)

    def _is_within(self, item: Item, is_called: Callable[[Element], bool]) -> bool:
        """Whether a line is in an element inside the body that is named as something."""
        around = takewhile(lambda element: self.body.core not in element, item.element.up())
        return any(map(is_called, around))

    def _says_byline(self, item: Item) -> bool:
        """Whether a line is what is marked as the author's name and little else (`Bởi Đặng Thu`)."""
        named = self._marked_byline
        return bool(named) and named in item.text and item.words <= len(named.split()) + _LABEL_WORDS

    def _signature(self, lines: list[_Line]) -> str:
        """The author's name, taken from the end of the text where it stands by itself."""
        # Under it may stand who took the photos, and what is attached.
        last = next((line for line in reversed(lines) if isinstance(line.part, str) or _has_caption(line.part)), None)
        texts = [line for line in lines if isinstance(line.part, str)]
        if last is None or not isinstance(last.part, str) or len(texts) < 2:
            return ""
        for element in last.item.element.up():
            if self.body.core in element:
                break
            if element.tag in _NEVER_AUTHOR:
                return ""
        after = self.body.signature(author_of)
        if after:
            return _named(after)
        above = texts[-2]
        if is_note(last.part) and len(texts) > 2 and is_person(str(above.part)):
            lines.remove(last)
            lines.remove(above)
            return f"{above.part} {last.part}"
        name = author_of(last.part) or (last.part if _is_set_apart(last.item) else "")
        if name:
            lines.remove(last)
        return name

    def _with_first_as_title(self, lines: list[_Line]) -> list[_Line]:
        """A page that says its title nowhere: a first heading is it."""
        first = next((line for line in lines if isinstance(line.part, str)), None)
        if first is None or first.item.element.tag not in HEADINGS:
            return lines
        self.title = str(first.part)
        return [line for line in lines if line is not first]

    def _published(self) -> datetime | None:
        """The visible date; the described one where none is seen, or where only it has the hour of that day."""
        visible = first_published(self._dates) or self._date_before()
        stamps = [time for time in (visible, self.body.marked_moment(moment), self._head.published) if time is not None]
        on_that_day = (time for time in stamps if time.date() == stamps[0].date() and _has_hour(time))
        return next(on_that_day, stamps[0]) if stamps else self._clock_beside()

    def _clock_beside(self) -> datetime | None:
        """A date with its time zone, which may be the clock of the page: better than none."""
        found = (published_of(line) for line in (*self._dates, *self.body.labels(_BEFORE_HEADLINE)))
        return next((time for time in found if time is not None), None)

    def _date_before(self) -> datetime | None:
        """The date in a line with other things, or above the headline."""
        return first_published(self.body.labels(_BEFORE_HEADLINE))


def _named(text: str) -> str:
    """The name in what is marked as the author's; none where it is whose photos they are."""
    name = author_of(text) or _BY.sub("", text)
    if is_other_credit(name) or is_account(name) or (is_byline(text) and not author_of(text)):
        return ""
    return author_of(name) or name


def _is_label(item: Item) -> bool:
    """Whether a line is a label of a button or tab, the keywords, or what a player shows."""
    tag, text = item.element.tag, item.text
    if tag in ("td", "th") and is_control(text):
        return False  # of a whole table of these nothing is here any more
    return tag != "li" and (is_label(text) or (is_tags_line(text) and not text.endswith((".", "!", "?", "…"))))


def _is_set_apart(item: Item) -> bool:
    """Whether a short line stands at the right, as the name under an article does."""
    text = item.text
    short = item.words <= _LABEL_WORDS * 2 and text[:1].isupper() and not text.endswith(tuple('.?!…:;,”"'))
    return short and item.is_at_right and not is_other_credit(text)


def _has_caption(part: Part) -> bool:
    return isinstance(part, Photo) and bool(part.caption)


def _has_hour(time: datetime) -> bool:
    return (time.hour, time.minute, time.second) != (0, 0, 0)


def _add_photo(lines: list[_Line], item: Item) -> None:
    if item.credit:
        lines.append(_Line(Photo(item.text, _bare_credit(item.credit)), item))
    elif item.text:
        lines.append(_Line(photo_of(item.text) or Photo(item.text), item))


def _is_of_sound(item: Item) -> bool:
    """Whether a caption is of a player of sound, and of no picture or film."""
    figure = next((element for element in item.element.up() if element.tag == "figure"), None)
    tags = {element.tag for element in figure.elements()} if figure is not None else set()
    return bool(tags & {"audio", "amp-audio"}) and not tags & {
        "img",
        "amp-img",
        "picture",
        "video",
        "iframe",
        "amp-video",
    }


def _bare_credit(credit: str) -> str:
    photo = photo_of(credit)
    return photo.credit if photo is not None and not photo.caption else credit


def _without_what_follows(items: list[Item]) -> list[Item]:
    """The items without readers' comments that follow flat, and headings of links that are gone."""
    kept: list[Item] = []
    words = 0
    for place, item in enumerate(items):
        if item.kind == "text":
            if words >= _LEAST_BODY_WORDS and is_comments_heading(item.text) and item.element.tag != "li":
                return kept
            if is_related_heading(item.text) and (item.link_share or is_pointer(item.text) or _ends(items, place)):
                continue
            words += item.words if item.is_prose else 0
        kept.append(item)
    return kept


def _ends(items: list[Item], place: int) -> bool:
    return not any(item.is_prose for item in items[place + 1 : place + 30])
