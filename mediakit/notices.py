"""Warnings: what a reader of the result should know although the work went on."""

from __future__ import annotations

from dataclasses import dataclass

from mediakit.errors import MediakitError


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning as it stands in the record: a stable `code` for programs, a `message` for people."""

    code: str
    message: str

    @classmethod
    def of(cls, error: MediakitError) -> Notice:
        """The warning that an error leaves behind when the work goes on without what failed."""
        return cls(error.code, str(error))
