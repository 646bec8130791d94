"""The house: one direction of imports, one door to processes, nothing heavy at the door."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from mediakit.errors import DISTRIBUTION
from mediakit.language_model.ngram import NGram

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "mediakit"

#: Rooms in order; each imports only from itself and from those before it.
ROOMS = (
    *("errors", "notices", "process_memory", "timeline", "vietnamese", "text_decoding", "article"),
    *("language_model", "media", "speech", "search"),
    *("transcript", "grounding", "captions", "subtitles", "result", "outputs", "pipeline", "jobs", "api"),
    *("evaluation", "review", "cli"),
)
#: Packages that take long to import, and the only rooms where a module may import them at its top.
HEAVY = {
    **dict.fromkeys(
        ("faster_whisper", "ctranslate2", "torch", "whisper", "onnxruntime", "sherpa_onnx", "pydub", "jiwer"), ()
    ),
    "av": ("media",),
    "ffmpeg": ("media",),
    "pebble": ("jobs",),
    "ray": (),
    "pysubs2": ("subtitles",),
    "rich": ("cli",),
    "ttconv": ("subtitles",),
    "PIL": (),
}
#: What a remedy says to install of this program.
EXTRA = re.compile(r"""pip_install\(["']([a-z]+)["']\)""")
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "tools"}
PROCESS_MODULES = {"subprocess", "multiprocessing", "pty"}
PROCESS_CALL = re.compile(
    r"os\.(system|popen|startfile|fork|forkpty|(posix_)?spawn\w+|exec[lv]\w*)|asyncio\.create_subprocess_\w+"
)
#: Files that are no code and that the package does not work without.
SHIPPED = (
    *("py.typed", "outputs/schema/transcript.schema.json"),
    *("language_model/vietnamese.ngram", "language_model/vietnamese.ngram.LICENCE.md"),
    *("speech/ctc/whisper-base.npz", "speech/ctc/whisper-base.LICENCE.md"),
    *("outputs/reader/search.js", "outputs/reader/reader.js", "outputs/reader/page.css"),
    "outputs/reader/epub/article.smil.j2",
    *("outputs/reader/page.html.j2", "outputs/reader/report.html.j2"),
    *("outputs/review_mode/review.js", "outputs/review_mode/review.css"),
    *("review/edit.schema.json", "review/templates/index.html.j2"),
)
#: Two thirds of it are the language model.
MOST_WHEEL_BYTES = 16_000_000
TOP_LEVEL = {
    *("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md"),
    *("mediakit", "tests", "samples", "scripts"),
}


@dataclass(frozen=True)
class Import:
    """One imported name with its module, and whether it is imported when the file itself is."""

    name: str
    at_top: bool


def imports_of(package: Path, file: Path) -> Iterator[Import]:
    """All imports of a file: absolute (`from a import b` is `a.b`), at any depth, also those for type checkers."""
    here = ("mediakit", *file.relative_to(package).parent.parts)
    yield from _imports(ast.parse(file.read_text(encoding="utf-8")), here, at_top=True)


def _imports(node: ast.AST, here: tuple[str, ...], *, at_top: bool) -> Iterator[Import]:
    if isinstance(node, ast.Import):
        yield from (Import(alias.name, at_top) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        above = here[: len(here) + 1 - node.level] if node.level else ()
        module = ".".join((*above, *((node.module,) if node.module else ())))
        yield from (Import(f"{module}.{alias.name}", at_top) for alias in node.names)
    inside = at_top and not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
    for_types = node.body if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING") else []
    for child in ast.iter_child_nodes(node):
        yield from _imports(child, here, at_top=inside and child not in for_types)


def files_of(package: Path) -> list[Path]:
    return sorted(package.rglob("*.py"))


def room_of(package: Path, file: Path) -> str:
    return file.relative_to(package).parts[0].removesuffix(".py")


def arrows_back(package: Path) -> list[str]:
    """Imports from a room further down, or of what is no room; the package's own door (`__init__`) may name any.

    An import for type checkers only is an arrow too.
    """
    return [
        f"{file.relative_to(package).as_posix()} imports {item.name}"
        for file in files_of(package)
        if (room := room_of(package, file)) not in ("__init__", "__main__")
        for item in imports_of(package, file)
        if item.name.split(".")[0] == "mediakit" and not may_import(room, item.name)
    ]


def may_import(room: str, name: str) -> bool:
    """Whether a room may import a name of mediakit; of the package's door, only the version."""
    target = (*name.split("."), "")[1]
    return target == "__version__" or (target in ROOMS and ROOMS.index(target) <= ROOMS.index(room))


def heavy_at_top(package: Path) -> list[str]:
    """Heavy packages imported when a module is, be it under `try`, `with`, `if` or in a class."""
    return [
        f"{file.relative_to(package).as_posix()} imports {top}"
        for file in files_of(package)
        for item in imports_of(package, file)
        if item.at_top and (top := item.name.split(".")[0]) in HEAVY and room_of(package, file) not in HEAVY[top]
    ]


def doors_to_processes(package: Path) -> list[str]:
    """Files that import or name what starts processes, or ask for a shell."""
    return [file.relative_to(package).as_posix() for file in files_of(package) if starts_processes(package, file)]


def starts_processes(package: Path, file: Path) -> bool:
    """Whether a file imports a module for processes, or uses a call of `os` or `asyncio` for them, or `shell=`."""
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    imported = [item.name for item in imports_of(package, file)]
    used = [ast.unparse(node) for node in nodes if isinstance(node, ast.Attribute)]
    return (
        any(PROCESS_MODULES & set(name.split(".")) for name in imported)
        or any(PROCESS_CALL.fullmatch(name) for name in (*imported, *used))
        or any(isinstance(node, ast.keyword) and node.arg == "shell" for node in nodes)
    )


def vague_names(package: Path) -> list[str]:
    return [
        file.relative_to(package).as_posix()
        for file in files_of(package)
        if VAGUE & set(file.relative_to(package).with_suffix("").parts)
    ]


def test_one_direction() -> None:
    assert {room_of(PACKAGE, f) for f in files_of(PACKAGE)} - {"__init__", "__main__"} == set(ROOMS)
    assert arrows_back(PACKAGE) == []


def test_nothing_heavy_at_the_top() -> None:
    assert heavy_at_top(PACKAGE) == []


def test_one_door_to_processes() -> None:
    # Programs by one door; processes of our own by the workers of a batch.
    assert doors_to_processes(PACKAGE) == ["jobs/processes.py", "jobs/watchdog.py", "media/ffmpeg.py"]


def test_names_say_what_is_inside() -> None:
    assert vague_names(PACKAGE) == []


def plant(package: Path, room: str, source: str) -> None:
    """A package with one module."""
    (package / room).mkdir()
    (package / room / "planted.py").write_text(source, encoding="utf-8")


@pytest.mark.parametrize(
    "source",
    [
        "from mediakit.cli.main import run",
        "import mediakit.cli.main",
        "from mediakit import cli",
        "from mediakit import transcribe",
        "from mediakit import *",
        "import mediakit",
        "from mediakit.nowhere import x",
        "from ..cli.main import run",
        "from .. import cli",
        "def f():\n    from mediakit.cli.main import run",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from mediakit.cli.main import run",
    ],
)
def test_an_arrow_back_is_seen(tmp_path: Path, source: str) -> None:
    plant(tmp_path, "article", source)
    assert len(arrows_back(tmp_path)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "from mediakit import __version__",
        "from mediakit.article.document import Article",
        "from . import document",
        "from .document import Article",
        "from ..errors import MediakitError",
        "import mediakitten.cli",
    ],
)
def test_an_arrow_forward_is_allowed(tmp_path: Path, source: str) -> None:
    plant(tmp_path, "article", source)
    assert arrows_back(tmp_path) == []


@pytest.mark.parametrize(
    "source",
    [
        "import torch",
        "from torch.nn import Module",
        "try:\n    import torch\nexcept ImportError:\n    pass",
        "import warnings\nwith warnings.catch_warnings():\n    import torch",
        "class A:\n    import torch",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    pass\nelse:\n    import torch",
    ],
)
def test_a_heavy_import_is_seen(tmp_path: Path, source: str) -> None:
    plant(tmp_path, "speech", source)
    assert heavy_at_top(tmp_path) == ["speech/planted.py imports torch"]


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    import torch",
        "class A:\n    async def f(self):\n        if self:\n            import torch",
        "import typing\nif typing.TYPE_CHECKING:\n    import torch",
    ],
)
def test_a_heavy_import_may_wait(tmp_path: Path, source: str) -> None:
    plant(tmp_path, "speech", source)
    assert heavy_at_top(tmp_path) == []


def test_heavy_packages_have_their_rooms(tmp_path: Path) -> None:
    plant(tmp_path, "media", "import av")
    plant(tmp_path, "cli", "import av\nimport rich")
    plant(tmp_path, "outputs", "from rich.table import Table")
    assert heavy_at_top(tmp_path) == ["cli/planted.py imports av", "outputs/planted.py imports rich"]


@pytest.mark.parametrize(
    "source",
    [
        "import subprocess",
        "def f():\n    from subprocess import run",
        "from asyncio import subprocess",
        "from os import system",
        "import os\nos.popen('x')",
        "import os\nos.execvp('x', ['x'])",
        "import asyncio\nasyncio.create_subprocess_shell('x')",
        "def f(run):\n    run('x', shell=True)",
    ],
)
def test_another_door_to_processes_is_seen(tmp_path: Path, source: str) -> None:
    plant(tmp_path, "article", source)
    assert doors_to_processes(tmp_path) == ["article/planted.py"]


def test_talk_of_processes_is_no_door(tmp_path: Path) -> None:
    plant(tmp_path, "article", '"""Never os.system, never subprocess."""\nimport os\nos.replace("a", "b")')
    assert doors_to_processes(tmp_path) == []


@pytest.mark.parametrize("name", sorted(VAGUE))
def test_a_vague_name_is_seen(tmp_path: Path, name: str) -> None:
    plant(tmp_path, name, "")
    (tmp_path / f"{name}.py").touch()
    assert set(vague_names(tmp_path)) == {f"{name}/planted.py", f"{name}.py"}


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


@pytest.mark.slow
def test_the_wheel_ships_what_is_read_at_run_time(tmp_path: Path) -> None:
    """All of the package and its data, for type checkers too, and nothing else."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, timeout=280)
    (wheel,) = tmp_path.glob("*.whl")
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    present = {file.relative_to(ROOT).as_posix() for file in PACKAGE.rglob("*") if file.is_file()}
    assert names == {name for name in present if "__pycache__" not in name}
    assert names >= {f"mediakit/{name}" for name in SHIPPED}
    # Unpacked, as pip does it, the language model is mapped from where it lies.
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    model, ours = NGram.open(tmp_path / "installed/mediakit/language_model/vietnamese.ngram"), NGram.open()
    assert (model.size, model.order) == (ours.size, ours.order)
    assert wheel.stat().st_size < MOST_WHEEL_BYTES


def test_types_are_shipped() -> None:
    assert all((PACKAGE / name).is_file() for name in SHIPPED)


def test_the_distribution_is_called_by_a_name_of_our_own() -> None:
    """`pip install mediakit` brings somebody else's program; whatever is said to install is told by one name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["name"] == DISTRIBUTION != "mediakit"
    assert set(project["scripts"]) == {"mediakit"}
    others = re.compile(r"pip install [^`\n]*\bmediakit(?!-vi)\b(?:\[|[`'\"\s]|$)", re.MULTILINE)
    for file in (*PACKAGE.rglob("*.py"), *(ROOT / "scripts").iterdir()):
        if file.is_file():
            assert not others.search(file.read_text(encoding="utf-8")), file
    for extra in EXTRA.findall("\n".join(file.read_text(encoding="utf-8") for file in PACKAGE.rglob("*.py"))):
        assert extra in project["optional-dependencies"], extra
