"""Every example in a docstring is run."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

#: Pure modules whose docstrings show what they do; an example that is lost here is noticed.
SHOWN = {
    *("errors", "timeline", "vietnamese.normal", "vietnamese.syllables", "vietnamese.spoken"),
    *("article.sentences", "article.attachments", "outputs.names"),
}


def modules_with_examples(package: Path) -> list[str]:
    """Names, below the package, of modules that have a prompt in them; its own door shows what needs a model."""
    return [
        ".".join(file.relative_to(package).with_suffix("").parts).removesuffix(".__init__")
        for file in sorted(package.rglob("*.py"))
        if ">>> " in file.read_text(encoding="utf-8") and file != package / "__init__.py"
    ]


MODULES = modules_with_examples(ROOT / "mediakit")


def test_what_should_be_shown_is() -> None:
    assert set(MODULES) >= SHOWN


@pytest.mark.parametrize("module", MODULES)
def test_examples_in_docstrings(module: str) -> None:
    result = doctest.testmod(import_module(f"mediakit.{module}"))
    assert result.attempted > 0
    assert result.failed == 0


def test_modules_are_found_wherever_they_are(tmp_path: Path) -> None:
    (tmp_path / "room").mkdir()
    (tmp_path / "__init__.py").write_text('""">>> 1"""', encoding="utf-8")
    (tmp_path / "room" / "__init__.py").write_text('""">>> 1"""', encoding="utf-8")
    (tmp_path / "room" / "part.py").write_text('""">>> 1"""', encoding="utf-8")
    (tmp_path / "silent.py").write_text('"""Nothing."""', encoding="utf-8")
    assert modules_with_examples(tmp_path) == ["room", "room.part"]
