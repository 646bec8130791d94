"""Working ahead in a thread: the same items, errors in their place, and an end when nobody wants more."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator
from contextlib import closing

import pytest

from mediakit.speech.ahead import ahead


class Items:
    """Numbers, of which it is known how many were made, where, and whether they were closed."""

    def __init__(self, count: int, error: Exception | None = None) -> None:
        self.count, self.error = count, error
        self.made = 0
        self.threads: set[int] = set()
        self.closed = False

    def __iter__(self) -> Iterator[int]:
        try:
            for number in range(self.count):
                self.made += 1
                self.threads.add(threading.get_ident())
                yield number
            if self.error is not None:
                raise self.error
        finally:
            self.closed = True


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "ahead"]


def test_all_items_come_in_order_from_another_thread() -> None:
    items = Items(1000)
    assert list(ahead(items, 7)) == list(range(1000))
    assert threading.get_ident() not in items.threads
    assert threads() == []


def test_it_is_no_further_ahead_than_told() -> None:
    items = Items(1000)
    with closing(ahead(items, 5)) as made:
        assert next(made) == 0
        until = time.monotonic() + 5
        while items.made < 6 and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(0.05)
        assert 6 <= items.made <= 8


def test_an_error_comes_after_what_was_made_before_it() -> None:
    made = ahead(Items(3, ValueError("hỏng")), 10)
    assert [next(made), next(made), next(made)] == [0, 1, 2]
    with pytest.raises(ValueError, match="hỏng"):
        next(made)
    assert threads() == []


def test_the_thread_has_ended_when_it_is_closed() -> None:
    """So that what the items come from may be closed: a generator that runs in another thread may not."""

    def decoding() -> Generator[int, None, None]:
        yield from range(1_000_000)

    source = decoding()
    made: Generator[int, None, None] = ahead(source, 3)
    assert next(made) == 0
    made.close()
    source.close()
    assert threads() == []


def test_a_reader_that_fails_ends_the_thread() -> None:
    def read() -> None:
        with closing(ahead(Items(1000), 3)) as made:
            for _ in made:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read()
    assert threads() == []
