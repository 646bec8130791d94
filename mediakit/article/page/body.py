"""Finds which part of a page is the article: by what holds its text, with names and tags as weak evidence.

Where the prose is densest is the body. Around it, from the headline on, all belongs to the article that is neither
links to elsewhere nor named as something else; a name alone never drops what holds most of the page's text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import accumulate, islice, takewhile

from mediakit.article.bylines import author_of, is_other_credit
from mediakit.article.page.items import HEADINGS, UNREAD, Item
from mediakit.article.page.names import (
    Role,
    is_called_body,
    is_called_byline,
    is_called_headline,
    is_marked_author,
    role_of,
)
from mediakit.article.page.phrases import (
    is_about_cookies,
    is_choice,
    is_comments_heading,
    is_control,
    is_imprint,
    is_label,
    is_pointer,
    is_related_heading,
    is_remark_button,
    is_tags_line,
)
from mediakit.article.page.tree import Element

_TAG_ROLES: dict[str, Role] = {
    "nav": "navigation", "menu": "navigation", "header": "navigation", "search": "navigation",
    "footer": "notice", "aside": "related", "form": "furniture",
}  # fmt: skip
#: How much what a paragraph says counts for what is around it, by how far out that is.
#: A `p` holds one paragraph, a `div` or table cell may hold many.
_NEARNESS_OF_ONE = (0.9, 1.0, 0.6, 0.35, 0.2)
_NEARNESS = (1.0, 0.95, 0.6, 0.35, 0.2)
#: What is left of an element's weight where its name or tag says that it is no running text.
_DOUBT: dict[Role, float] = {
    "comments": 0.3, "related": 0.4, "advertisement": 0.4, "navigation": 0.4, "furniture": 0.4, "notice": 0.2,
}  # fmt: skip
_CALLED_BODY, _COMMENTS_SURELY, _OTHER_ARTICLE = 1.3, 0.05, 0.3
#: After so many words of prose since the headline, another part of the page is half as likely to be the body.
_LATER_WORDS = 80
_MOSTLY, _LINKS, _OFTEN = 0.5, 0.6, 0.4
_LEAST_BODY_WORDS = 30
_LEAST_LATER_WORDS = 12
_LEAST_WORDS, _LEAST_PROSE_WORDS = 6, 15
_LEAST_TEASER_WORDS, _TEASER_WORDS, _TEASER_ITEMS = 4, 80, 4
MOST_BYLINE_WORDS = 10
_BIOGRAPHY_WORDS = 8
_MOST_BESIDE_WORDS = 8
_FURTHEST_COLUMN = 5
_NEAR_ITEMS, _NEAR_ELEMENTS = 12, 200
_TITLE_TAGS = ("h1", "h2", "h3")
_SINGLE = frozenset(("p", "li", "a", "span", *HEADINGS))
_GROUPS = frozenset("ul ol dl div section table tbody tr td article figure blockquote details li center".split())
_LISTS = frozenset("ul ol dl table".split())
_CELLS = frozenset("td th dd".split())


class Body:
    """The article on a page: `items` in order, those `before` the headline, and the element that is the `core`.

    Parameters
    ----------
    top
        The page.
    items
        What it shows.
    headline
        The element, or line, that is the article's title; None where none is.
    """

    def __init__(self, top: Element, items: list[Item], headline: Element | Item | None) -> None:
        self._items = items
        self._headline = headline.element if isinstance(headline, Item) else headline
        self._elements = list(top.elements())
        self._weights = [weight(item) for item in items]
        self._sums = _Sums(self._elements, items, self._weights)
        self._roles = [_role(element) for element in self._elements]
        self._buttons = [0, *accumulate(item.kind == "text" and is_remark_button(item.text) for item in items)]
        self._places_to_write = [0, *accumulate(element.tag == "textarea" for element in self._elements)]
        self._remarks = self._comments()
        self._total = sum(
            heavy for heavy, item in zip(self._weights, items, strict=True) if not self._remarks[item.element.place]
        )
        self._named_alike = self._weights_by_name()
        self._doubt = self._doubts()
        self._heading_range = self._place_of(headline)
        self.core = self._densest()
        self._dropped = self._noise()
        self.items = list(self._kept())

    # -- The densest part ------------------------------------------------------------------------------------------

    def _place_of(self, headline: Element | Item | None) -> tuple[int, int]:
        """The items that the headline is."""
        if headline is None:
            return -1, -1
        if isinstance(headline, Element):
            return self._range(headline)
        place = next(place for place, item in enumerate(self._items) if item is headline)
        return place, place

    def _weights_by_name(self) -> Counter[str]:
        """How much text all elements of one class hold together."""
        found: Counter[str] = Counter()
        for element in self._elements:
            name = element.named("class")
            if name and (element.parent is None or element.parent.named("class") != name):
                found[name] += round(self._sums.weight[element.place])
        return found

    def _comments(self) -> list[bool]:
        """For each element whether it, or something around it, is surely readers' comments."""
        found = [False] * len(self._elements)
        for element in self._elements:
            around = element.parent is not None and found[element.parent.place]
            called = not around and self._roles[element.place] == "comments" and not self._has_headline(element)
            found[element.place] = around or (called and self._are_comments(element))
        return found

    def _doubts(self) -> list[float]:
        """For each element how much of its text counts, by the names and tags of all around it."""
        doubt = [1.0] * len(self._elements)
        for element in self._elements:
            around = doubt[element.parent.place] if element.parent is not None else 1.0
            doubt[element.place] = around * self._own_doubt(element)
        return doubt

    def _own_doubt(self, element: Element) -> float:
        role = self._roles[element.place]
        if role is None or self._has_headline(element):
            return 1.0
        if self._remarks[element.place]:
            return _COMMENTS_SURELY
        return 1.0 if self._holds_most(element) else _DOUBT[role]

    def _densest(self) -> Element:
        scores = self._scores()
        counted = zip(self._weights, self._items, strict=True)
        before = [0.0, *accumulate(heavy * self._doubt[item.element.place] for heavy, item in counted)]
        first, last = self._heading_range
        others = [0, *accumulate(item.element.tag == "h1" for item in self._items)]
        best, found = 0.0, self._elements[0]
        for element in self._elements:
            score = scores[element.place]
            if score <= 0:
                continue
            begin, end = self._range(element)
            if last >= 0 and end <= first:
                score *= _OTHER_ARTICLE
            elif last >= 0 and begin > last:
                score /= 1 + (before[begin] - before[last + 1]) / _LATER_WORDS
                if others[begin] > others[last + 1]:
                    score *= _OTHER_ARTICLE
            score *= _CALLED_BODY if is_called_body(element) else 1.0
            if score > best:
                best, found = score, element
        return found

    def _scores(self) -> list[float]:
        scores = [0.0] * len(self._elements)
        for heavy, item in zip(self._weights, self._items, strict=True):
            heavy *= self._doubt[item.element.place]
            if heavy:
                single = item.element.tag in _SINGLE
                for distance, element in zip(range(len(_NEARNESS)), item.element.up(), strict=False):
                    near = _NEARNESS_OF_ONE[distance] if single else _NEARNESS[distance]
                    scores[element.place] += heavy * near
        return scores

    # -- What is none of the article -------------------------------------------------------------------------------

    def _noise(self) -> list[bool]:
        """For each element whether it, or something around it, is none of the article."""
        dropped = [False] * len(self._elements)
        for element in self._elements:
            around = element.parent is not None and dropped[element.parent.place]
            dropped[element.place] = around or self._is_noise(element)
        return dropped

    def _is_noise(self, element: Element) -> bool:
        if self._has_headline(element) or self.core in element:
            return False
        role = self._roles[element.place]
        if role is not None and not self._is_text_all_the_same(element, role):
            return True
        if is_called_byline(element) and self._is_biography(element):
            return True
        if element.tag not in _GROUPS:
            return False
        return self._is_link_box(element) or self._is_headed_as_other(element) or self._is_of_controls(element)

    def _is_of_controls(self, element: Element) -> bool:
        """Whether a list is nothing but what a player shows (`0.5x`, `1x`, `2x`), perhaps with other buttons."""
        first = self._first_text(element)
        if first is None or not is_label(first.text) or (self._sums.lines[element.place] < 2 and element.tag == "td"):
            return False
        begin, end = self._range(element)
        texts = [item.text for item in self._items[begin : end + 1] if item.kind == "text"]
        return all(is_label(text) or is_choice(text) for text in texts) and any(map(is_control, texts))

    def _is_biography(self, element: Element) -> bool:
        """Whether what is named as the author's says more of them than their name."""
        return self._sums.weight[element.place] >= _BIOGRAPHY_WORDS and not self._holds_most(element)

    def _is_text_all_the_same(self, element: Element, role: Role) -> bool:
        """Whether what a name or tag says is belied by what is inside: most of the text, or prose without links."""
        if self._remarks[element.place]:
            return False
        if self._holds_most(element):
            return True
        sums = self._sums
        if role in ("comments", "advertisement", "notice") or element.tag in ("nav", "footer", "form"):
            return False
        if element.tag == "header" or element.tag == "aside":
            return False
        if self._named_alike[element.named("class")] > _MOSTLY * self._total:
            return True
        least = _LEAST_PROSE_WORDS if role == "related" else _LEAST_WORDS
        return element in self.core and sums.weight[element.place] >= least and sums.linked[element.place] == 0

    def _is_link_box(self, element: Element) -> bool:
        """Whether a group of lines is mostly links to other pages, or a link with what that page is about."""
        sums, place = self._sums, element.place
        if sums.lines[place] < 2:
            return False
        if sums.linked[place] >= _LINKS * sums.chars[place]:
            return True
        if sums.lines[place] > _TEASER_ITEMS or not _LEAST_TEASER_WORDS <= sums.weight[place] <= _TEASER_WORDS:
            return False
        first = self._first_text(element)
        return first is not None and first.link_share >= 0.8 and first.words >= 2 and not first.text.endswith(".")

    def _is_headed_as_other(self, element: Element) -> bool:
        """Whether a group begins with the heading of related links or comments."""
        first = self._first_text(element)
        if (
            first is None
            or self._sums.lines[element.place] < 2
            or self._sums.weight[element.place] > self._core_weight / 2
        ):
            return False
        return is_comments_heading(first.text) or (
            is_related_heading(first.text) and self._sums.linked[element.place] > 0
        )

    @property
    def _core_weight(self) -> float:
        return self._sums.weight[self.core.place]

    def _are_comments(self, element: Element) -> bool:
        """Whether what is called comments is a place to write them, or has under each what readers can do with it."""
        begin, end = self._range(element)
        buttons = self._buttons[end + 1] - self._buttons[begin] if begin <= end else 0
        writes = buttons >= 2 or self._places_to_write[element.last + 1] > self._places_to_write[element.place]
        first = self._first_text(element)
        return writes or (first is not None and is_comments_heading(first.text))

    def _holds_most(self, element: Element) -> bool:
        return self._sums.weight[element.place] > _MOSTLY * self._total

    def _has_headline(self, element: Element) -> bool:
        return self._headline is not None and self._headline in element

    def _first_text(self, element: Element) -> Item | None:
        number = self._sums.first_text[element.place]
        return self._items[number] if number < len(self._items) else None

    def _range(self, element: Element) -> tuple[int, int]:
        """The first and last item inside an element; the last is before the first where there is none."""
        return self._sums.first[element.place], self._sums.last[element.place]

    # -- What is kept ----------------------------------------------------------------------------------------------

    def _kept(self) -> Iterator[Item]:
        begin, end = self._range(self.core)
        first, last = self._heading_range
        if last < 0 or first > end:
            last = self._range(self._column())[0] - 1
        start = min(begin, last + 1)
        stop = self._last = self._end(end)
        self._beside_links = related = self._related(start, stop)
        for place, item in enumerate(self._items[: stop + 1]):
            if place in related:
                continue
            if self._dropped[item.element.place] and not self._plays_alone(place, item, start):
                continue
            if self._heading_range[0] <= place <= self._heading_range[1]:
                continue
            if item.element.tag == "script" and (place < start or place <= last):
                continue
            in_core = begin <= place <= end and place > last
            if item.kind == "media" or (
                (in_core or place >= start) and place > last and not self._is_line_of_links(item)
            ):
                yield item

    def _related(self, start: int, stop: int) -> set[int]:
        """The places of headings above links to other articles, and of what is said beside these links."""
        texts = [place for place in range(max(0, start), stop + 1) if self._items[place].kind == "text"]
        leads = [self._leads_away(place) for place in texts]
        last_prose = max((place for place in texts if self._items[place].is_prose and place <= stop), default=-1)
        found: set[int] = set()
        among, link = False, None
        for at, place in enumerate(texts):
            item, before_link = self._items[place], at + 1 < len(texts) and leads[at + 1]
            if is_related_heading(item.text) and (before_link or leads[at]):
                among, link = True, None
                found.add(place)
            elif among and (leads[at] or _is_beside_link(item, surely=before_link or place > last_prose)):
                found.add(place)
                link = item if leads[at] else link
            elif among and link is not None and self._is_teaser_of(link, item):
                found.add(place)
            else:
                among = False
        return found

    def _is_teaser_of(self, link: Item, item: Item) -> bool:
        """Whether a line says what a link beside it is about."""
        around = link.element if link.element.tag == "div" else link.element.parent
        return around is not None and item.element in around and self.core not in around and item.words <= _TEASER_WORDS

    def _leads_away(self, place: int) -> bool:
        item = self._items[place]
        return self._dropped[item.element.place] or item.link_share >= _OFTEN or self._is_line_of_links(item)

    def _column(self) -> Element:
        """Where a page without a headline begins: what is around the core and little else."""
        weights, column = self._sums.weight, self.core
        while column.parent is not None and column.parent.tag not in ("body", "html"):
            if weights[column.parent.place] > 2 * weights[self.core.place]:
                break
            column = column.parent
        return column

    def _end(self, end: int) -> int:
        """The last item of the article: prose that follows beside the core is of it, up to where other things begin."""
        node = self.core
        while node.parent is not None and not self._has_headline(node):
            for following in _following(node):
                first, last = self._range(following)
                if last < first:
                    continue
                if not self._goes_on(following):
                    if self._ends_all(following):
                        return end
                    continue
                end = last
            if self._sums.weight[node.parent.place] > 1.2 * self._sums.weight[node.place] + _LEAST_LATER_WORDS:
                return end
            node = node.parent
        return end

    def _goes_on(self, element: Element) -> bool:
        sums, place = self._sums, element.place
        if self._dropped[place] or self._ends_all(element):
            return False
        inside = self._items[sums.first[place] : sums.last[place] + 1]
        lines = [item for item in inside if item.kind != "picture" and not self._dropped[item.element.place]]
        texts = [item for item in lines if item.kind == "text"]
        if not texts:
            return bool(lines) and all(item.link_share < _MOSTLY for item in lines)
        linked, chars = sum(item.linked for item in texts), sum(item.chars for item in texts)
        if linked > 0.25 * chars or is_imprint(texts[0].text):
            return False
        return sum(map(weight, texts)) >= _LEAST_LATER_WORDS and any(item.is_prose for item in texts)

    def _ends_all(self, element: Element) -> bool:
        """Whether an element after the body is where other things begin: another article, comments, the imprint."""
        if any(inside.tag == "h1" for inside in element.elements()) or element.tag == "footer":
            return True
        first = self._first_text(element)
        role = self._roles[element.place]
        if role in ("comments", "notice"):
            return True
        return first is not None and (is_comments_heading(first.text) or is_related_heading(first.text))

    def _plays_alone(self, place: int, item: Item, start: int) -> bool:
        """Whether media stand in the article, in an element that is named as furniture but holds no links or text."""
        if item.kind != "media" or place < start:
            return False
        for element in item.element.up():
            role = self._roles[element.place]
            if role in ("advertisement", "related", "comments", "notice") or element.tag in ("nav", "footer"):
                return False
            if not self._dropped[element.place]:
                return True
            if self._sums.linked[element.place] or self._sums.weight[element.place] >= _LEAST_LATER_WORDS:
                return False
        return False

    def _is_line_of_links(self, item: Item) -> bool:
        """Whether a line is a link to another page, or points to one (`Xem thêm: …`)."""
        if item.kind == "caption":
            return item.link_share >= 0.8
        if item.kind != "text":
            return False
        if is_pointer(item.text) and item.link_share >= 0.3:
            return True
        if item.link_share < 0.8:
            return False
        group = next((e for e in item.element.up() if e.tag in _LISTS), None)
        if (
            group is not None
            and group in self.core
            and self._sums.linked[group.place] < _MOSTLY * self._sums.chars[group.place]
        ):
            return False
        return not (item.words >= 8 and item.text.endswith((".", ".”", '."')))

    @property
    def headline(self) -> Element | None:
        """The element that is, or holds, the headline."""
        return self._headline

    @property
    def headline_text(self) -> str:
        """The headline as the page shows it."""
        begin, end = self._heading_range
        shown = (item.text for item in self._items[begin : end + 1] if item.kind == "text") if end >= 0 else ()
        return " ".join(shown)

    def heading_above(self) -> Element | None:
        """Of a page whose headline is not known: the last heading above its first prose that is no link."""
        begin, end = self._range(self.core)
        prose = next((n for n in range(begin, end + 1) if self._items[n].is_prose), begin)
        for item in reversed(self._items[max(0, prose - _NEAR_ITEMS) : prose]):
            heading = next((element for element in item.element.up() if element.tag in _TITLE_TAGS), None)
            if heading is None and item.element.tag in ("p", "div") and is_called_headline(item.element):
                heading = item.element
            if heading is not None and item.kind == "text" and item.words >= 3 and item.link_share < _MOSTLY:
                return None if self._dropped[heading.place] else heading
        return None

    def labels(self, most_above: int) -> Iterator[str]:
        """What short elements around the headline show, from so many elements above it on."""
        beside = {self._items[place].element.place for place in self._beside_links}
        prose = next((item.element.place for item in self._items if item.is_prose and item.element in self.core), -1)
        begin = self._headline.place - most_above if self._headline is not None else self.core.place - most_above
        for element in self._elements[max(0, begin) : min(self.core.last, max(0, begin) + _NEAR_ELEMENTS) + 1]:
            if (
                not self._dropped[element.place]
                and element.last - element.place <= 6
                and not any(e.place in beside for e in element.up())
            ):
                if element.tag in _CELLS and -1 < prose < element.place:
                    continue
                text = " ".join(element.text().split()) if element.tag not in UNREAD else ""
                if 0 < len(text) <= 160:
                    yield text

    def marked_moment(self, read: Callable[[str], datetime | None]) -> datetime | None:
        """The time of the first `<time datetime>` beside the headline or in the article."""
        for element in self._elements:
            if element.tag == "time" and not self._dropped[element.place] and element.place <= self.core.last:
                found = read(element.named("datetime"))
                if found is not None:
                    return found
        return None

    def byline(self) -> str:
        """What the first element that is named as the author's name shows, beside the headline or in the article."""
        named = [
            element
            for element in self._elements[: self.core.last + 1]
            if not self._dropped[element.place] and is_called_byline(element) and self.core not in element
        ]
        innermost = [
            e
            for e, following in zip(named, [*named[1:], None], strict=False)
            if following is None or following not in e
        ]
        for element in innermost:
            text = self._named_in(element)
            if text and len(text.split()) <= MOST_BYLINE_WORDS and not is_other_credit(text):
                return text
        return ""

    def _named_in(self, element: Element) -> str:
        """What an element shows first that is no button."""
        begin, end = self._range(element)
        inside = [item for item in self._items[begin : end + 1] if item.kind == "text"]
        if len(inside) < 2 or any(item.element not in element for item in inside):
            return " ".join(element.text().split())
        return next((item.text for item in inside if not is_label(item.text)), "")

    def marked_author(self) -> str:
        """What an element under the body shows that is marked as the author's name, in what holds both."""
        around = self.core.parent
        while around is not None and not self._has_headline(around) and around.tag not in ("article", "main", "body"):
            around = around.parent
        last = around.last if around is not None and around.tag != "body" else -1
        for element in self._elements[self.core.last + 1 : last + 1]:
            if not is_marked_author(element) or any(self._roles[e.place] == "comments" for e in element.up()):
                continue
            text = " ".join(element.text().split())
            if 0 < len(text.split()) <= MOST_BYLINE_WORDS:
                return text
        return ""

    def signature(self, names: Callable[[str], str]) -> str:
        """A line by itself right after the body that is named as the author's name, or is one and is set apart so."""
        following = (item for item in self._items[self._last + 1 :] if item.kind == "text")
        item = next(following, None)
        columns = [*islice(self.core.up(), 1, _FURTHEST_COLUMN)]
        if item is None or item.element.tag in HEADINGS or not columns or item.element not in columns[-1]:
            return ""
        if self._dropped[item.element.place] or item.words > MOST_BYLINE_WORDS or is_other_credit(item.text):
            return ""
        around = list(takewhile(lambda element: self.core not in element, item.element.up()))
        named = [text for element in around if is_called_byline(element) if (text := " ".join(element.text().split()))]
        if named:
            return max((text for text in named if len(text.split()) <= MOST_BYLINE_WORDS), key=len, default=item.text)
        if any(is_called_byline(element) for element in item.element.elements()):
            return item.text
        if item.element not in columns[min(1, len(columns) - 1)]:
            return ""
        set_apart = item.is_at_right or max(item.bold, item.italic) >= 0.9 * item.chars
        return item.text if set_apart and item.link_share < _MOSTLY and names(item.text) else ""

    def others(self) -> Iterator[Item]:
        """Media elsewhere on the page, for an article that has none of its own.

        Not those in menus, comments and the like, nor in scripts, which may play anything.
        """
        for item in self._items:
            roles = {self._roles[element.place] for element in item.element.up()}
            if item.element.tag == "script":
                continue
            if item.kind == "media" and not roles & {"navigation", "advertisement", "comments", "related", "notice"}:
                yield item


class _Sums:
    """Of each element, by its place: the range of items in it, and what they come to."""

    def __init__(self, elements: list[Element], items: list[Item], weights: list[float]) -> None:
        size = len(elements)
        self.first = [len(items)] * size
        self.last = [-1] * size
        self.first_text = [len(items)] * size
        self.weight = [0.0] * size
        self.chars, self.linked, self.lines = [0] * size, [0] * size, [0] * size
        for number, item in enumerate(items):
            place = item.element.place
            self.first[place] = min(self.first[place], number)
            self.last[place] = max(self.last[place], number)
            if item.kind == "text":
                self.first_text[place] = min(self.first_text[place], number)
            if item.kind in ("text", "caption"):
                self.weight[place] += weights[number]
                self.chars[place] += item.chars
                self.linked[place] += item.linked
                self.lines[place] += 1
        for element in reversed(elements):
            if element.parent is not None:
                self._add(element.place, element.parent.place)

    def _add(self, inside: int, around: int) -> None:
        self.first[around] = min(self.first[around], self.first[inside])
        self.last[around] = max(self.last[around], self.last[inside])
        self.first_text[around] = min(self.first_text[around], self.first_text[inside])
        for sums in (self.chars, self.linked, self.lines):
            sums[around] += sums[inside]
        self.weight[around] += self.weight[inside]


def weight(item: Item) -> float:
    """How much an item counts as running text: its words, less where they are a label, a link or the imprint."""
    if item.kind != "text" or item.link_share >= 0.5 or is_imprint(item.text) or is_about_cookies(item.text):
        return 0.0
    words = item.words * (1 - item.link_share)
    return words if item.is_prose else 0.3 * words


def is_of_no_article(item: Item) -> bool:
    """Whether a line at the end of an article is none of it: the imprint, keywords, buttons, links."""
    text = item.text
    return (
        is_imprint(text) or is_tags_line(text) or is_label(text) or is_related_heading(text) or is_about_cookies(text)
    )


def _is_beside_link(item: Item, *, surely: bool) -> bool:
    """Whether a line says something of the link above it: when that was published, in which category."""
    if item.is_prose or author_of(item.text):
        return False
    if surely:
        return item.words <= _TEASER_WORDS // 4
    heads = item.element.tag in HEADINGS or item.bold >= 0.9 * item.chars
    return item.words <= _MOST_BESIDE_WORDS and not heads and not item.text.endswith((".", "!", "?", "…", ":"))


def _role(element: Element) -> Role | None:
    if element.tag in ("html", "body"):
        return None
    if element.tag in _TAG_ROLES:
        return _TAG_ROLES[element.tag]
    role = role_of(element)
    return None if role is not None and element.tag in ("article", "main") else role


def _following(node: Element) -> Iterator[Element]:
    if node.parent is not None:
        yield from (e for e in node.parent.children if isinstance(e, Element) and e.place > node.place)
