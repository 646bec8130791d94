"""Batches on addresses: what they write is what a batch on folders writes, and nothing of a stranger's is harmed.

The sound has no speech, so that no test waits for an engine. Stores are fsspec's own in memory and on disk, and an S3
server of the tests'.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path, PurePath, PurePosixPath
from typing import Any

import fsspec
import pytest
from filelock import FileLock
from fsspec.implementations.memory import MemoryFile, MemoryFileSystem

from mediakit.errors import OutputError, UsageError
from mediakit.jobs.batch import Batch, Outcome, open_batch, survey
from mediakit.jobs.parcel import as_pattern, cache_folder, with_addresses
from mediakit.jobs.processes import WorkerProcesses
from mediakit.jobs.remote import RemoteBatch
from mediakit.jobs.run import OnMedium
from mediakit.jobs.settings import Desk, Settings
from mediakit.jobs.store import Store, is_address
from mediakit.jobs.workers import InThisProcess
from mediakit.media.fingerprint import sha256_of
from mediakit.outputs.seal import sealed_anew
from mediakit.pipeline import Progress
from mediakit.speech.engine import Engine
from mediakit.speech.engines import open_engine
from mediakit.speech.heard import HeardKey, HeardStore
from mediakit.speech.models import CACHE_VARIABLE, ensure
from tests.cli.stage import mediakit, write_article
from tests.grounding.planted import NOISY, TEXT, Stage
from tests.jobs.archive import results, speech_archive
from tests.jobs.test_wrong_attachment import PLAIN, Recorded
from tests.media.studio import write_bursts

IN, OUT = "memory://kho/in", "memory://kho/out"
FIRST = {"mot.txt": "done", "hai.txt": "failed", "hong.mp3": "failed", "le/c.wav": "done"}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own, but for the models, which are large."""
    return new_cache(tmp_path / "cache", monkeypatch)


def new_cache(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    models = ensure("base").path.parent
    folder.mkdir()
    (folder / "models").symlink_to(models, target_is_directory=True)
    monkeypatch.setenv(CACHE_VARIABLE, str(folder))
    return folder


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Two articles with media (one of three missing), a loose file in a sub-folder, and one that is no media."""
    root = tmp_path / "kho" / "in"
    (root / "le").mkdir(parents=True)
    for place, name in enumerate(("a.wav", "b.wav", "le/c.wav")):
        write_bursts(root / name, at_ms=[300 + place], duration_ms=1000, rate=16_000)
    (root / "hong.mp3").write_text("Đây không phải âm thanh.")
    write_article(root, ["Audio: a.wav"], "mot.txt")
    write_article(root, ["Audio: b.wav", "Video: thieu.mp4"], "hai.txt")
    return root


@pytest.fixture
def memory() -> Iterator[Any]:
    """The store in memory, empty before and after."""
    store = fsspec.filesystem("memory")
    store.store.clear()
    store.pseudo_dirs[:] = [""]
    yield store
    store.store.clear()
    store.pseudo_dirs[:] = [""]


@pytest.fixture
def kho(memory: Any, archive: Path) -> Any:
    """The store in memory with the archive in `/kho/in`."""
    memory.put(str(archive), "/kho/in", recursive=True)
    return memory


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The engine, opened once for all tests."""
    return open_engine("faster-whisper", "base")


def desk(settings: Settings) -> Desk:
    made = Desk(settings)
    made.__dict__["engine"] = engine()
    return made


def run(
    folder: str | Path = IN, output: str | Path | None = OUT, on_medium: OnMedium | None = None, **options: Any
) -> dict[str, Outcome]:
    return done(open_batch(folder, output, Settings(**options)), on_medium)


def done(batch: Batch, on_medium: OnMedium | None = None) -> dict[str, Outcome]:
    with batch, InThisProcess(desk(batch.settings), on_medium) as workers:
        return {outcome.source.as_posix(): outcome for outcome in batch.outcomes(workers)}


def statuses(found: dict[str, Outcome]) -> dict[str, str]:
    return {name: outcome.status for name, outcome in found.items()}


def objects(store: Any, folder: str) -> dict[str, bytes]:
    """What is below a folder, but for mediakit's state and report."""
    names = {path: path[len(folder) + 1 :] for path in store.find(folder)}
    return {
        name: store.cat_file(path) for path, name in names.items() if not name.startswith((".mediakit/", "report."))
    }


def on_disk(root: Path, out: Path) -> dict[str, bytes]:
    """What a batch on these folders writes."""
    run(root, out)
    return results(out)


def with_address(contents: dict[str, bytes], folder: Path, address: str) -> dict[str, bytes]:
    """Contents with the address of a folder for its path, which stands in warnings; pages sealed as they are then."""
    texts = {name: data.decode("utf-8").replace(str(folder), address) for name, data in contents.items()}
    return {name: sealed_anew(text).encode("utf-8") for name, text in texts.items()}


@pytest.mark.parametrize("workers", ["here", pytest.param("processes", marks=pytest.mark.slow)])
def test_writes_what_a_batch_on_folders_writes(kho: Any, archive: Path, tmp_path: Path, workers: str) -> None:
    settings = Settings()
    with (
        open_batch(IN, OUT, settings) as batch,
        InThisProcess(desk(settings)) if workers == "here" else WorkerProcesses(settings, count=2, threads=1) as hands,
    ):
        found = {outcome.source.as_posix(): outcome for outcome in batch.outcomes(hands)}
    assert statuses(found) == FIRST
    assert PurePath("le/c.vi.srt") in found["le/c.wav"].files
    assert objects(kho, "/kho/out") == with_address(on_disk(archive, tmp_path / "kho" / "out"), archive, IN)
    assert list((cache_folder() / "rooms").iterdir()) == []


def test_failures_name_addresses_and_are_those_of_folders(kho: Any, archive: Path, tmp_path: Path) -> None:
    there = run()
    here = {o.source.relative_to(archive).as_posix(): o for o in run(archive, tmp_path / "out").values()}
    for name, outcome in there.items():
        assert [str(error) for error in outcome.errors] == [
            str(error).replace(str(archive), IN) for error in here[name].errors
        ]
    (missing,) = there["hai.txt"].errors
    assert f"was not found in {IN}" in missing.what
    assert there["hong.mp3"].errors[0].file == f"{IN}/hong.mp3"


def test_nothing_is_done_twice(kho: Any) -> None:
    run()
    before = {path: kho.modified(path) for path in kho.find("/kho/out")}
    del before["/kho/out/.mediakit/written.jsonl"]
    assert statuses(run()) == {**FIRST, "mot.txt": "skipped", "le/c.wav": "skipped"}
    kept = [path for path in before if Path(path).name.startswith(("a.", "c.", "mot."))]
    assert {path: kho.modified(path) for path in kept} == {path: before[path] for path in kept}


def test_where_all_is_done_nothing_is_written_nor_media_fetched(kho: Any) -> None:
    for name in ("hai.txt", "hong.mp3"):
        kho.rm_file(f"/kho/in/{name}")
    run()
    before = {path: kho.modified(path) for path in kho.find("/kho")}

    def on_medium(name: str) -> None:
        raise AssertionError(f"{name} is begun")

    assert set(statuses(run(on_medium=on_medium)).values()) == {"skipped"}
    assert {path: kho.modified(path) for path in kho.find("/kho")} == before


def test_what_changed_is_done_again_and_what_was_lost_is_written_again(kho: Any, tmp_path: Path) -> None:
    run()
    sound = write_bursts(tmp_path / "c.wav", at_ms=[600], duration_ms=1200, rate=16_000)
    kho.pipe_file("/kho/in/le/c.wav", sound.read_bytes())
    kho.rm_file("/kho/out/a.vi.srt")
    found = statuses(run())
    assert (found["le/c.wav"], found["mot.txt"]) == ("done", "done")
    assert json.loads(kho.cat_file("/kho/out/le/c.vi.json"))["media"]["duration_ms"] == 1200
    assert kho.exists("/kho/out/a.vi.srt")
    kho.pipe_file("/kho/in/mot.txt", kho.cat_file("/kho/in/mot.txt") + b"\n")
    assert statuses(run())["mot.txt"] == "done"


def test_what_was_removed_is_no_job_any_more_and_its_results_stay(kho: Any) -> None:
    run()
    kho.rm_file("/kho/in/mot.txt")
    found = statuses(run())
    assert (found["a.wav"], "mot.txt" in found) == ("done", False)
    assert kho.exists("/kho/out/mot.html")


@pytest.mark.parametrize("output", [None, f"{IN}/ra", "memory://kho"])
def test_results_among_the_sources_are_no_sources(kho: Any, output: str | None) -> None:
    assert statuses(run(output=output)) == FIRST
    again = {**FIRST, "mot.txt": "skipped", "le/c.wav": "skipped"}
    assert statuses(run(output=output)) == again
    place = (output or IN).removeprefix("memory:/")
    assert kho.exists(f"{place}/le/c.vi.srt")
    link = {None: "a.wav", f"{IN}/ra": "../a.wav", "memory://kho": "in/a.wav"}[output]
    name = "mot.html"
    assert f'src="{link}"'.encode() in kho.cat_file(f"{place}/{name}")


def test_an_object_of_somebody_else_is_not_written_over(kho: Any) -> None:
    kho.pipe_file("/kho/out/le/c.vi.srt", b"cua toi")
    begun: list[str] = []
    found = run(on_medium=begun.append)
    assert [error.code for error in found["le/c.wav"].errors] == ["output-exists"]
    assert found["le/c.wav"].errors[0].file == f"{OUT}/le/c.vi.srt"
    assert "c.wav" not in begun, "it is known before anything is fetched"
    assert kho.cat_file("/kho/out/le/c.vi.srt") == b"cua toi"
    assert not kho.exists("/kho/out/le/c.vi.vtt")
    assert statuses(run(overwrite=True))["le/c.wav"] == "done"
    assert kho.cat_file("/kho/out/le/c.vi.srt") != b"cua toi"


def test_what_a_person_changed_is_the_persons(kho: Any) -> None:
    run()
    kho.pipe_file("/kho/out/le/c.vi.txt", b"half a tran")
    assert statuses(run())["le/c.wav"] == "failed"
    assert kho.cat_file("/kho/out/le/c.vi.txt") == b"half a tran"


def test_what_comes_while_the_work_goes_on_is_not_written_over(kho: Any) -> None:
    def on_medium(name: str) -> None:
        if name == "a.wav":
            kho.pipe_file("/kho/out/mot.html", b"cua toi")

    found = run(on_medium=on_medium)
    assert [error.code for error in found["mot.txt"].errors] == ["output-exists"]
    assert kho.cat_file("/kho/out/mot.html") == b"cua toi"


def test_another_machine_takes_results_for_mediakits_own(
    kho: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    new_cache(tmp_path / "other", monkeypatch)
    kho.pipe_file("/kho/in/mot.txt", kho.cat_file("/kho/in/mot.txt").replace("xã Vân Trà".encode(), b"Van Tra"))
    kho.pipe_file("/kho/out/le/c.vi.txt", b"half a tran")
    assert statuses(run()) == {**FIRST, "le/c.wav": "failed"}
    assert b"Van Tra" in kho.cat_file("/kho/out/mot.html")


def test_a_run_that_is_killed_is_gone_on_with(kho: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings()
    with open_batch(IN, OUT, settings) as batch, InThisProcess(desk(settings)) as workers:
        first = next(o.source.as_posix() for o in batch.outcomes(workers) if o.status == "done")
        other = new_cache(tmp_path / "other", monkeypatch)  # as it is now: nothing of what an end would write
        shutil.copytree(tmp_path / "cache" / "remote", other / "remote")
    kho.pipe_file("/kho/out/.mediakit/written.jsonl", b"")
    found = statuses(run())
    assert found.pop(first) == "skipped"
    assert "skipped" not in found.values()


def test_a_worker_on_another_machine_keeps_what_it_needs_in_its_own_cache(
    kho: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_batch(IN, OUT, Settings()) as batch, InThisProcess(desk(batch.settings)) as workers:
        other = new_cache(tmp_path / "other", monkeypatch)
        assert {o.source.as_posix(): o.status for o in batch.outcomes(workers)} == FIRST
    assert len(list((other / "remote" / "heard").glob("*.jsonl"))) == 3
    assert not (other / "remote" / "batches").exists()


def test_a_second_run_on_the_same_addresses_says_so(kho: Any) -> None:
    with (
        open_batch(IN, OUT, Settings()),
        pytest.raises(OutputError, match=f"{OUT}: another run is at work"),
        open_batch(IN, OUT, Settings()),
    ):
        pass


def test_it_can_be_interrupted_while_a_medium_is_fetched(archive: Path, tmp_path: Path) -> None:
    out, told = (tmp_path / "out").as_uri(), list[tuple[int, "int | None"]]()

    def on_medium(_name: str) -> Progress:
        def progress(done_ms: int, total_ms: int | None) -> None:
            told.append((done_ms, total_ms))
            raise KeyboardInterrupt

        return progress

    with pytest.raises(KeyboardInterrupt):
        done(RemoteBatch(archive.as_uri(), out, Settings()), on_medium)
    assert told == [(0, None)], "nothing was heard"
    assert statuses(done(RemoteBatch(archive.as_uri(), out, Settings()))) == FIRST


def test_names_that_are_hostile_lead_nowhere(kho: Any, tmp_path: Path, cache: Path) -> None:
    names = ["../../evil.wav", "a/../../../evil.wav", "./evil.wav", "a//evil.wav", "x\\..\\evil.wav", "evil\0.wav"]
    names += ["x::file:///etc/evil.wav", "e" * 300 + ".wav"]
    for name in (*names, "x::y.wav", "../secret.txt/.."):
        kho.pipe_file(f"/kho/in/{name}", kho.cat_file("/kho/in/a.wav"))
    outside = {path for path in tmp_path.rglob("*") if not path.is_relative_to(cache)}
    settings = Settings()
    with RemoteBatch(IN, OUT, settings) as batch, InThisProcess(desk(settings)) as workers:
        assert {o.source.as_posix(): o.status for o in batch.outcomes(workers)} == {**FIRST, "x::y.wav": "done"}
        skipped = batch.report().object()["skipped_files"]
    assert {file["path"] for file in skipped} == set(names)
    assert {path for path in tmp_path.rglob("*") if not path.is_relative_to(cache)} == outside
    assert not [path for path in cache.rglob("*") if "evil" in path.name]


def test_an_object_that_is_called_as_a_folder_is_left_out(kho: Any) -> None:
    kho.store["/kho/in/mot.txt/c.wav"] = MemoryFile(kho, "/kho/in/mot.txt/c.wav", kho.cat_file("/kho/in/a.wav"))
    settings = Settings()
    with RemoteBatch(IN, OUT, settings) as batch:
        sources = {job.name for job in batch.jobs()}
        assert batch.unusable == {"mot.txt": "has the name of a folder"}
    assert sources == {"hai.txt", "a.wav", "c.wav", "hong.mp3"}


def test_an_article_that_is_too_large_is_not_fetched_whole(kho: Any, cache: Path) -> None:
    kho.pipe_file("/kho/in/mot.txt", b"chu " * 6_000_000)
    found = run()
    assert found["mot.txt"].status == "failed"
    assert "is larger than 20 MB" in found["mot.txt"].errors[0].what
    (fetched,) = cache.rglob("mot.txt")
    assert fetched.stat().st_size == 20_000_001


class Stubborn(MemoryFileSystem):  # type: ignore[misc]
    """A store that lists objects which it will not give, or that go before they are asked for."""

    protocol = "stubborn"

    def _open(self, path: str, mode: str = "rb", **options: Any) -> Any:
        if path.endswith("a.wav") or (mode == "wb" and path.startswith("/khoa/")):
            raise PermissionError("Access Denied")
        if path.endswith("c.wav"):
            raise FileNotFoundError(path)
        return super()._open(path, mode, **options)

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return str(super()._strip_protocol(path.removeprefix("stubborn://")))


@pytest.fixture
def stubborn() -> None:
    fsspec.register_implementation("stubborn", Stubborn, clobber=True)


def test_what_the_store_does_not_give_is_no_fault_of_the_file(kho: Any, stubborn: None) -> None:
    for _ in range(4):
        found = run("stubborn://kho/in", "memory://kho/out")
        assert (found["mot.txt"].status, found["mot.txt"].attempts) == ("failed", 0)
    (denied,) = found["mot.txt"].errors
    assert str(denied).startswith("stubborn://kho/in/a.wav: could not be fetched (Access Denied)")
    (gone,) = found["le/c.wav"].errors
    assert (found["le/c.wav"].status, gone.code) == ("set-aside", "error")
    assert "stubborn://kho/in/le/c.wav: is not there any more" in gone.what


@pytest.mark.slow
def test_across_processes_files_are_fetched_by_their_addresses(archive: Path, tmp_path: Path) -> None:
    folder, out, settings = archive.as_uri(), (tmp_path / "kho" / "out").as_uri(), Settings()
    with RemoteBatch(folder, out, settings) as batch, WorkerProcesses(settings, count=2, threads=1) as workers:
        assert {o.source.as_posix(): o.status for o in batch.outcomes(workers)} == FIRST
    there = results(tmp_path / "kho" / "out")
    shutil.rmtree(tmp_path / "kho" / "out")
    assert there == with_address(on_disk(archive, tmp_path / "kho" / "out"), archive, folder)


def test_from_a_store_to_a_folder_and_from_a_folder_to_a_store(kho: Any, archive: Path, tmp_path: Path) -> None:
    here = on_disk(archive, tmp_path / "kho" / "out")
    assert statuses(run(IN, tmp_path / "out")) == FIRST
    assert results(tmp_path / "out") == with_address(here, archive, IN)
    assert statuses(run(IN, tmp_path / "out"))["le/c.wav"] == "skipped"
    assert statuses(run(archive, OUT)) == FIRST
    assert objects(kho, "/kho/out") == here
    assert statuses(run(archive, OUT))["le/c.wav"] == "skipped"


def test_an_address_that_is_a_folder_of_this_machine_is_that_folder(archive: Path, tmp_path: Path) -> None:
    batch = open_batch(archive.as_uri(), (tmp_path / "out").as_uri(), Settings())
    assert type(batch) is Batch
    assert (batch.root, batch.target) == (archive, tmp_path / "out")


def test_a_look_writes_nothing_in_the_store(kho: Any) -> None:
    def look() -> dict[str, str]:
        return {source.as_posix(): status for _, source, status in survey(IN, OUT)}

    assert look() == dict.fromkeys(FIRST, "to do")
    assert kho.find("/kho/out") == []
    run()
    assert look() == {"mot.txt": "skipped", "hai.txt": "to do", "hong.mp3": "to do", "le/c.wav": "skipped"}


@pytest.mark.slow
def test_the_command_leaves_its_report_in_the_store(kho: Any) -> None:
    for _ in range(2):  # the second writes over the first
        ran = mediakit("batch", IN, "-o", OUT, "--json", "--jobs", "1")
        assert ran.status == 1
        report = json.loads(kho.cat_file("/kho/out/report.json"))
        assert {**report, "seconds": 0} == {**json.loads(ran.out), "seconds": 0}
    assert report["folder"] == IN
    by_source = {job["source"]: job for job in report["jobs"]}
    assert {name: job["status"] for name, job in by_source.items()} == {
        **FIRST, "mot.txt": "skipped", "le/c.wav": "skipped",
    }  # fmt: skip
    assert by_source["mot.txt"]["page"] == "mot.html"
    assert "le/c.vi.srt" in by_source["le/c.wav"]["files"]
    assert b'href="mot.html"' in kho.cat_file("/kho/out/report.html")
    assert str(cache_folder()) not in ran.out + ran.err + kho.cat_file("/kho/out/report.html").decode()


def test_the_command_refuses_what_does_not_go_with_addresses(kho: Any, tmp_path: Path) -> None:
    fsspec.register_implementation("khong", "khong_co.Store", clobber=True, errtxt="Install khong-co to use khong")
    refused = {
        ("batch", IN, "-o", OUT, "--watch"): (2, "--watch goes with folders of this machine"),
        ("batch", IN, "-o", OUT, "--media-dir", str(tmp_path)): (2, "--media-dir goes with folders"),
        ("batch", "memory://kho/khong", "-o", OUT): (2, "memory://kho/khong: no such folder"),
        ("batch", "laalaa://kho/in", "-o", OUT): (2, "Protocol not known: laalaa"),
        ("batch", IN, "-o", "memory://kho/../out"): (2, "leads up"),
        ("batch", IN, "-o", "khong://kho"): (1, "Install khong-co to use khong"),
        ("batch", "C:/khong-co", "-o", OUT): (2, "no such folder"),
    }
    for words, (status, said) in refused.items():
        ran = mediakit(*words)
        assert (ran.status, said in ran.err) == (status, True), ran.err
    assert kho.find("/kho/out") == []


def test_where_nothing_can_be_written_that_is_known_before_the_work(kho: Any, stubborn: None) -> None:
    def on_medium(name: str) -> None:
        raise AssertionError(f"{name} is begun")

    with pytest.raises(OutputError, match=r"stubborn://khoa/\.mediakit/written\.jsonl: cannot be written"):
        run(IN, "stubborn://khoa", on_medium)


def test_a_wrong_attachment_is_said_to_fit_the_article_of_the_store_that_it_fits(memory: Any, tmp_path: Path) -> None:
    stage = Stage(*NOISY.items())
    sound = write_bursts(tmp_path / "a.wav", at_ms=[300], duration_ms=max(1000, stage.duration_ms), rate=16_000)
    memory.pipe({"/kho/in/a.wav": sound.read_bytes(), "/kho/in/bai.txt": PLAIN.encode()})
    other = "Một tựa đề khác\n\n" + " ".join(TEXT) + "\n"
    memory.pipe({f"/kho/in/bai-{number:03d}.txt": other.encode() for number in range(300)})
    desk = Desk()
    desk.__dict__["engine"] = recorded = Recorded(stage)
    with HeardStore(cache_folder() / "heard").open(HeardKey(sha256_of(sound), 0, recorded.info)) as log:
        for heard in stage.heard:
            log.append(heard)
        log.finish(stage.duration_ms)
    with open_batch(IN, OUT, desk.settings) as batch, InThisProcess(desk) as workers:
        (outcome,) = batch.outcomes(workers)
    assert [w.code for w in outcome.results[0].warnings if "it fits bai-" in w.message] == ["attachment-unrelated"]
    assert b"it fits bai-" in memory.cat_file("/kho/out/a.vi.json")


def test_rooms_of_workers_that_were_killed_go_and_those_of_others_stay(kho: Any) -> None:
    rooms = cache_folder() / "rooms"
    for name in ("dead", "alive"):
        (rooms / name).mkdir(parents=True)
        (rooms / name / "film.mp4").write_text("of hours")
    with FileLock(rooms / "alive.lock"):
        run()
    assert sorted(path.name for path in rooms.iterdir()) == ["alive", "alive.lock"]


def test_addresses_are_told_from_paths_and_do_not_give_passwords_away() -> None:
    assert is_address("s3://b/in")
    assert not any(map(is_address, ("in", "/in", "C:/in", r"C:\in", "in:/a", Path("s3://b"), None)))
    assert Store("memory://nguoi:mat-khau@kho/in").shown == "memory://kho/in"


def test_a_path_in_a_text_becomes_an_address() -> None:
    names = {as_pattern(PurePosixPath("/a/in")): "s3://x", as_pattern(PurePosixPath("/a/in2")): r"s3://y\1"}
    assert with_addresses("/a/in/b.mp3 /a/in2/c.mp3: /a/in", names) == r"s3://x/b.mp3 s3://y\1/c.mp3: s3://x"


@pytest.mark.parametrize("address", ["memory://kho", "file"])
def test_the_mark_of_an_object_is_the_same_in_a_listing_and_by_itself(
    memory: Any, tmp_path: Path, address: str
) -> None:
    store = Store(tmp_path.as_uri() if address == "file" else address)
    store.put("le/a.txt", b"mot")
    (mark,) = (mark for name, mark in store.listing().objects.items() if name == "le/a.txt")
    assert store.fingerprint("le/a.txt") == mark
    assert (store.fingerprint("le"), store.fingerprint("khong")) == (None, None)
    store.put("le/a.txt", b"hai")
    assert store.fingerprint("le/a.txt") != mark
    assert not list(tmp_path.rglob("*.tmp"))


def test_a_folder_that_cannot_be_listed_is_an_error_and_not_empty(tmp_path: Path) -> None:
    if os.name == "nt" or os.getuid() == 0:
        (tmp_path / "in").write_text("")
        with pytest.raises((UsageError, FileNotFoundError)):
            Store(f"{tmp_path.as_uri()}/in/deep").listing()
        return
    (tmp_path / "closed").mkdir(mode=0)
    with pytest.raises(UsageError, match="cannot be listed"):
        Store(tmp_path.as_uri()).listing()


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An S3 server of this test's own, and fsspec's store on it with a bucket `kho`."""
    from moto.server import ThreadedMotoServer

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    store = fsspec.filesystem("s3", skip_instance_cache=True)
    store.mkdir("kho")
    yield store
    server.stop()


@pytest.mark.parametrize("address", ["s3://kho/in", "S3://kho/in", "https://kho/in"])
def test_offline_no_address_on_a_network_is_used(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDIAKIT_OFFLINE", "1")
    with pytest.raises(UsageError, match="is on a network, which --offline"):
        Store(address)
    assert Store(IN).shown == IN


@pytest.mark.slow
def test_on_s3(s3: Any, archive: Path, tmp_path: Path) -> None:
    s3.put(str(archive), "kho/in", recursive=True)
    settings = Settings()
    for expected in (FIRST, {**FIRST, "mot.txt": "skipped", "le/c.wav": "skipped"}):
        with (
            open_batch("s3://kho/in", "s3://kho/out", settings) as batch,
            WorkerProcesses(settings, count=2, threads=1) as workers,
        ):
            assert {o.source.as_posix(): o.status for o in batch.outcomes(workers)} == expected
    s3.invalidate_cache()
    there = objects(s3, "kho/out")
    assert there == with_address(on_disk(archive, tmp_path / "kho" / "out"), archive, "s3://kho/in")
    with pytest.raises(UsageError, match="no such folder"), open_batch("s3://kho2/in", "s3://kho/out", settings):
        pass


@pytest.mark.slow
def test_real_speech(memory: Any, shared: Path, tmp_path: Path) -> None:
    archive = speech_archive(tmp_path / "kho" / "in", shared, 4)
    memory.put(str(archive), "/kho/in", recursive=True)
    settings = Settings()
    with open_batch(IN, OUT, settings) as batch, WorkerProcesses(settings, count=2, threads=1) as workers:
        assert {o.status for o in batch.outcomes(workers)} == {"done"}
    found = objects(memory, "/kho/out")
    assert len(found) == 4 * 7
    out = tmp_path / "kho" / "out"
    # By workers of as many threads: without AVX-512 the engine's last digits depend on how many there are.
    with Batch(archive, out, settings) as batch, WorkerProcesses(settings, count=2, threads=1) as workers:
        assert {o.status for o in batch.outcomes(workers)} == {"done"}
    assert found == with_address(results(out), archive, IN)


def test_a_failure_keeps_what_an_earlier_run_wrote(kho: Any) -> None:
    run()
    before = objects(kho, "/kho/out")
    kho.rm("/kho/in/a.wav")
    found = run()
    assert found["mot.txt"].status == "failed"
    assert "earlier result is kept" in str(found["mot.txt"].errors[0])
    after = objects(kho, "/kho/out")
    kept = {name: data for name, data in before.items() if name.startswith(("a.vi.", "mot."))}
    assert len(kept) == 7
    assert {name: after[name] for name in kept} == kept


def test_what_is_passed_over_in_a_store_is_told_by_name(kho: Any) -> None:
    for name in ("bai-cu.doc", "anh.jpg", "la.xyz"):
        kho.pipe_file(f"/kho/in/{name}", b"x")
    settings = Settings()
    with RemoteBatch(IN, OUT, settings) as batch:
        skipped = {file["path"]: file["why"] for file in batch.report().object()["skipped_files"]}
    assert "save it as" in skipped["bai-cu.doc"]
    assert skipped.keys() == {"bai-cu.doc", "anh.jpg", "la.xyz"}
