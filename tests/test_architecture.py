"""The house: one direction of imports, one door to processes, nothing heavy at the door."""

from __future__ import annotations

import ast
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "mediakit"

#: Rooms in order; each imports only from itself and from those before it.
ROOMS = (
    *("errors", "notices", "timeline", "vietnamese", "article", "media", "speech", "transcript", "grounding"),
    *("captions", "result", "outputs", "pipeline", "jobs", "api", "cli"),
)
#: Packages that take long to import, and the only rooms where a module may import them at its top.
HEAVY = {
    **dict.fromkeys(("faster_whisper", "ctranslate2", "torch", "whisper", "onnxruntime", "pydub"), ()),
    "av": ("media",),
    "ffmpeg": ("media",),
    "rich": ("cli",),
}
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "tools"}
TOP_LEVEL = {
    *("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md"),
    *("mediakit", "tests", "samples", "scripts"),
}


@dataclass(frozen=True)
class Import:
    """One imported module, and whether it is imported when the file itself is."""

    module: str
    at_top: bool


def imports_of(source: str) -> Iterator[Import]:
    """All imports of a file; those under TYPE_CHECKING never run and do not count."""
    tree = ast.parse(source)
    top = {id(node) for node in tree.body}
    skipped = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, id(node) in top) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield Import(node.module, id(node) in top)


def files_of(package: Path) -> list[Path]:
    return sorted(package.rglob("*.py"))


def room_of(package: Path, file: Path) -> str:
    return file.relative_to(package).parts[0].removesuffix(".py")


def arrows_back(package: Path) -> list[str]:
    """Imports from a room further down; the package's own door (`__init__`) may name any."""
    found = []
    for file in files_of(package):
        room = room_of(package, file)
        if room in ("__init__", "__main__"):
            continue
        for item in imports_of(file.read_text(encoding="utf-8")):
            parts = item.module.split(".")
            if parts[0] == "mediakit" and len(parts) > 1 and ROOMS.index(parts[1]) > ROOMS.index(room):
                found.append(f"{file.relative_to(package)} imports {item.module}")
    return found


def heavy_at_top(package: Path) -> list[str]:
    return [
        f"{file.relative_to(package)} imports {item.module}"
        for file in files_of(package)
        for item in imports_of(file.read_text(encoding="utf-8"))
        if item.at_top and (name := item.module.split(".")[0]) in HEAVY and room_of(package, file) not in HEAVY[name]
    ]


def doors_to_processes(package: Path) -> list[str]:
    """Files that import what starts processes, or ask for a shell."""
    found = []
    for file in files_of(package):
        source = file.read_text(encoding="utf-8")
        modules = {item.module.split(".")[0] for item in imports_of(source)}
        shell = any(isinstance(n, ast.keyword) and n.arg == "shell" for n in ast.walk(ast.parse(source)))
        if modules & {"subprocess", "multiprocessing", "pty"} or shell or "os.system" in source or "os.popen" in source:
            found.append(file.relative_to(package).as_posix())
    return found


def vague_names(package: Path) -> list[str]:
    return [
        str(file.relative_to(package)) for file in files_of(package) if file.stem in VAGUE or file.parent.name in VAGUE
    ]


def test_one_direction() -> None:
    assert {room_of(PACKAGE, f) for f in files_of(PACKAGE)} - {"__init__", "__main__"} == set(ROOMS)
    assert arrows_back(PACKAGE) == []


def test_nothing_heavy_at_the_top() -> None:
    assert heavy_at_top(PACKAGE) == []


def test_one_door_to_processes() -> None:
    assert doors_to_processes(PACKAGE) == ["media/ffmpeg.py"]


def test_names_say_what_is_inside() -> None:
    assert vague_names(PACKAGE) == []


def test_the_checks_can_fail(tmp_path: Path) -> None:
    (tmp_path / "errors.py").write_text("from mediakit.cli.main import run\nimport torch\n")
    (tmp_path / "article").mkdir()
    (tmp_path / "article" / "utils.py").write_text(
        "def f():\n    import subprocess\n    subprocess.run('x', shell=True)\n"
    )
    assert arrows_back(tmp_path) == ["errors.py imports mediakit.cli.main"]
    assert heavy_at_top(tmp_path) == ["errors.py imports torch"]
    assert doors_to_processes(tmp_path) == ["article/utils.py"]
    assert len(vague_names(tmp_path)) == 1


def test_importing_is_quick_and_opens_no_engine() -> None:
    heavy = ["numpy", "av", "rich", *HEAVY]
    code = f"import sys, mediakit; sys.exit(' '.join(m for m in {heavy!r} if m in sys.modules) or 0)"
    bare = "pass"

    def seconds(program: str) -> float:
        begin = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr.decode()
        return time.perf_counter() - begin

    # Against an interpreter that does nothing, so that a busy machine does not decide.
    assert min(seconds(code) for _ in range(3)) - min(seconds(bare) for _ in range(3)) < 0.3


def test_the_top_level_holds_what_was_agreed() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, check=False, timeout=60)
    if listed.returncode != 0:  # unpacked from an archive
        names = {p.name for p in ROOT.iterdir()} - {"build", "dist"}
    else:
        names = {line.split("/")[0].strip('"') for line in listed.stdout.decode().splitlines()}
    assert {name for name in names if not name.startswith(".")} == TOP_LEVEL


def test_types_are_shipped() -> None:
    assert (PACKAGE / "py.typed").is_file()


@pytest.mark.parametrize(
    "module",
    [
        *("errors", "timeline", "vietnamese.normal", "vietnamese.syllables", "vietnamese.spoken"),
        *("article.sentences", "article.attachments", "outputs.names"),
    ],
)
def test_examples_in_docstrings(module: str) -> None:
    import doctest
    from importlib import import_module

    result = doctest.testmod(import_module(f"mediakit.{module}"))
    assert result.attempted > 0
    assert result.failed == 0
