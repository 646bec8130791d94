"""The server over real sockets: who may see and save what, and what it sends."""

from __future__ import annotations

import re
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from mediakit.outputs.record import read_record
from mediakit.review.application import MOST_BYTES
from tests.review.newsroom import add_loose
from tests.review.serving import Answer, Review, reviewing

EDIT = {"captions": [{"id": "c2", "start_ms": 3100, "end_ms": 4000, "lines": ["Xin chào quý vị."]}], "segments": []}
RECORD = "/a.vi.json"


@pytest.fixture(scope="module")
def shown(built_newsroom: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that tests of what is refused leave as it is, beside one that they must not get at."""
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.txt").write_text("secret", encoding="utf-8")
    folder = Path(shutil.copytree(built_newsroom, outside / "reviewed"))
    add_loose(folder)
    (folder / "link.txt").symlink_to(outside / "secret.txt")
    (folder / "linked").symlink_to(outside, target_is_directory=True)
    (folder / ".mediakit" / "state.json").write_text('"secret"', encoding="utf-8")
    (folder / "state.json").symlink_to(folder / ".mediakit" / "state.json")
    (folder / ".hidden.txt").write_text("secret", encoding="utf-8")
    (folder / "notes.docx").write_text("secret", encoding="utf-8")
    (folder / "sub").mkdir()
    shutil.copy(folder / "a.vi.srt", folder / "sub" / "phụ đề #1?.srt")
    return folder


@pytest.fixture(scope="module")
def review(shown: Path) -> Iterator[Review]:
    with reviewing(shown) as running:
        yield running


@pytest.fixture(scope="module")
def version(review: Review) -> str:
    return review.get(RECORD).version


def untouched(review: Review, version: str) -> bool:
    return review.get(RECORD).version == version


def refused(answer: Answer) -> bool:
    return answer.status in range(400, 500) and b"secret" not in answer.body


# -- Who may ask -----------------------------------------------------------------------------------------------------


def test_the_token_is_exchanged_for_a_cookie_and_is_gone_from_the_address(review: Review) -> None:
    answer = review.ask("GET", f"/bai.html?token={review.token}&review", headers={"Cookie": None})
    assert (answer.status, answer.headers["location"]) == (303, "/bai.html?review")
    cookie = answer.headers["set-cookie"]
    assert re.search(r"; HttpOnly(;|$)", cookie)
    assert re.search(r"; SameSite=Strict(;|$)", cookie)
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert len(review.token) >= 43  # 256 bits


def test_the_address_leads_nowhere_else(review: Review) -> None:
    for path in ("//evil.example/", "/\\evil.example/", "//evil.example/%2f.."):
        location = review.ask("GET", f"{path}?token={review.token}").headers.get("location", "/")
        assert re.match(r"/(?![/\\])|/$", location), location


@pytest.mark.parametrize("path", ["/", "/bai.html", RECORD, "/a.wav", "/.mediakit/waveform/a.wav", "/none"])
def test_without_the_token_nothing_is_seen(review: Review, path: str) -> None:
    for cookie in (None, "", f"{review.cookie.split('=')[0]}=wrong", review.cookie[:-1], f"x={review.token}", "\xff=ÿ"):
        answer = review.ask("GET", path, headers={"Cookie": cookie})
        assert answer.status == 403
        assert "set-cookie" not in answer.headers
    assert review.ask("GET", f"{path}?token=wrong", headers={"Cookie": None}).status == 403


def test_without_the_token_nothing_is_saved(review: Review, version: str) -> None:
    assert review.post(RECORD, EDIT, version, Cookie=None).status == 403
    # Nor by the token in the address of an edit: only the cookie counts there.
    body = b'{"captions": [], "segments": []}'
    assert review.ask("POST", f"{RECORD}?token={review.token}", body=body, headers={"Cookie": None}).status == 403
    assert untouched(review, version)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "[::1]:{port}", "", None]
)
def test_another_host_gets_no_answer(review: Review, host: str | None, version: str) -> None:
    """A name of somebody else's that leads here is how a stranger's page would get past the browser (DNS rebinding)."""
    name = host.format(port=review.host.partition(":")[2]) if host is not None else None
    assert review.ask("GET", RECORD, headers={"Host": name}).status in (400, 421)
    assert review.post(RECORD, EDIT, version, Host=name, Origin=f"http://{name}").status in (400, 421)
    assert untouched(review, version)


def test_localhost_is_this_host(review: Review) -> None:
    assert review.get(RECORD, Host=f"localhost:{review.host.partition(':')[2]}").status == 200


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", None, "http://127.0.0.1", "http://127.0.0.1:1", "https://{host}"]
)
def test_an_edit_of_another_origin_is_refused(review: Review, origin: str | None, version: str) -> None:
    answer = review.post(RECORD, EDIT, version, Origin=origin.format(host=review.host) if origin else None)
    assert (answer.status, answer.json["error"]["code"]) == (403, "origin")
    assert untouched(review, version)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_a_page_of_another_port_asks_for_is_refused(review: Review, site: str) -> None:
    """Its requests have our cookie: cookies know no ports."""
    assert review.get("/a.wav", Sec_Fetch_Site=site).status == 403


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None])
def test_what_a_form_can_send_is_no_edit(review: Review, kind: str | None, version: str) -> None:
    assert review.post(RECORD, EDIT, version, Content_Type=kind).status == 415
    assert untouched(review, version)


def test_it_listens_on_loopback_only(review: Review) -> None:
    port = int(review.host.partition(":")[2])
    outward = socket.gethostbyname(socket.gethostname())
    if not outward.startswith("127."):
        with pytest.raises(OSError, match=r"refused|unreachable"):
            socket.create_connection((outward, port), timeout=5)
    if sys.platform == "linux":  # where every address of 127.0.0.0/8 is this machine's
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.2", port), timeout=5)


# -- What is shown ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt", "/sub/../../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/%2e%2e%2fsecret.txt",
        "/..%5csecret.txt", "/sub/%2e%2e/%2e%2e/secret.txt", "//secret.txt", "/./../secret.txt", "/%00/../secret.txt",
        "/link.txt", "/linked/secret.txt", "/state.json", "/.hidden.txt", "/sub/../.hidden.txt", "/notes.docx",
        "/.mediakit/state.json", "/.MEDIAKIT/state.json", "/%2emediakit/state.json", "/.mediakit/.gitignore",
        "/sub/../.mediakit/state.json", "/sub/%2e%2e/a.wav", "/sub/../a.wav", "/./a.wav", "/a.wav/",
        "/.mediakit/waveform/../../secret.txt", "/.mediakit/waveform/linked/secret.txt", "/.mediakit/waveform/link.txt",
        "/etc/passwd", "/c:/windows/win.ini", "/a.wav::$DATA", "/sub", "/sub/", "/" + "a" * 5000, "/%ff%fe.txt",
    ],
)  # fmt: skip
def test_nothing_outside_the_folder_or_hidden_is_shown(review: Review, path: str) -> None:
    assert refused(review.ask("GET", path))
    assert refused(review.ask("POST", path, body=b"{}", headers={"If-Match": f'"{"0" * 64}"'}))


@pytest.mark.parametrize("target", ["http://evil.example/a.wav", "*", "a.wav", "/a b.wav"])
def test_an_odd_target_is_no_way_out(review: Review, target: str) -> None:
    with socket.create_connection(("127.0.0.1", int(review.host.partition(":")[2])), timeout=10) as raw:
        raw.sendall(f"GET {target} HTTP/1.1\r\nHost: {review.host}\r\nCookie: {review.cookie}\r\n\r\n".encode())
        status = int(raw.recv(100).split()[1])
    assert status in (200, 400, 404)  # an absolute address of ours may be asked for (RFC 9112, 3.2.2)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html"), ("/bai.html", "text/html"), (RECORD, "application/json"), ("/a.vi.vtt", "text/vtt"),
        ("/a.vi.srt", "text/plain"), ("/bai.jsonld", "application/ld+json"), ("/a.wav", "audio/wav"),
        ("/b.mp4", "video/mp4"), ("/sub/phụ đề #1?.srt", "text/plain"),
    ],
)  # fmt: skip
def test_files_have_their_types_and_nothing_is_guessed(review: Review, path: str, kind: str) -> None:
    answer = review.ask("GET", quote(path))
    assert answer.status == 200
    assert answer.headers["content-type"].split(";")[0] == kind
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "server" not in answer.headers
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_a_page_keeps_its_policy(review: Review) -> None:
    answer = review.get("/bai.html?review")
    header = answer.headers["content-security-policy"].removesuffix("; frame-ancestors 'none'")
    inside = re.search(rb'http-equiv="Content-Security-Policy" content="([^"]*)"', answer.body)
    assert inside is not None
    assert inside[1].decode().replace("&#39;", "'") == header
    assert re.search(r"script-src 'sha256-[^']+';", header)


def test_media_can_be_sought_in(review: Review, shown: Path) -> None:
    whole = (shown / "a.wav").read_bytes()
    answer = review.get("/a.wav")
    assert (answer.status, answer.body, answer.headers["accept-ranges"]) == (200, whole, "bytes")
    size = len(whole)
    for asked, begin, end in (("0-99", 0, 100), ("1000-", 1000, size), ("-500", size - 500, size)):
        answer = review.get("/a.wav", Range=f"bytes={asked}")
        assert (answer.status, answer.body) == (206, whole[begin:end])
        assert answer.headers["content-range"] == f"bytes {begin}-{end - 1}/{size}"
    assert review.get("/a.wav", Range=f"bytes={size}-").status == 416
    assert review.ask("HEAD", "/a.wav").headers["content-length"] == str(size)


def test_records_without_a_page_get_one(review: Review) -> None:
    answer = review.get("/loi-noi.vi.json?review")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "Lời nói ngoài bài.".encode() in answer.body
    assert b'src="loi-noi.wav"' in answer.body
    assert review.get("/a.vi.json?review").headers["location"] == "/bai.html?review"


def test_the_first_page_lists_pages_and_records(review: Review) -> None:
    body = review.get("/").body.decode()
    for link in ("bai.html?review", "a.vi.json?review", "loi-noi.vi.json?review"):
        assert f'href="{link}"' in body
    assert ".mediakit" not in body


def test_the_waveform_is_of_the_sound(review: Review) -> None:
    wave = review.get("/.mediakit/waveform/a.wav").json
    assert wave["step_ms"] == 10
    levels = wave["levels"]
    assert len(levels) == 1200
    # A sine of half the full scale is at -9 dBFS.
    assert [levels[n] for n in (50, 105, 300, 510)] == [0, 91, 0, 91]
    assert review.get("/.mediakit/waveform/bai.html").status == 404
    assert review.get("/.mediakit/waveform/none.wav").status == 404


# -- What is saved ---------------------------------------------------------------------------------------------------


def test_two_who_save_in_turn_lose_nothing(built_newsroom: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(built_newsroom, tmp_path / "folder"))
    with reviewing(folder) as review:
        loaded = review.get(RECORD).version
        first = review.post(RECORD, EDIT, loaded)
        assert first.status == 200
        assert first.json["version"] == first.version == review.get(RECORD).version
        assert set(first.json["files"]) >= {"a.vi.json", "a.vi.srt", "bai.html"}
        other = {"captions": [{**EDIT["captions"][0], "id": "c1", "start_ms": 0, "end_ms": 900}], "segments": []}
        second = review.post(RECORD, other, loaded)
        assert (second.status, second.json["error"]["code"]) == (412, "record-changed")
        assert second.version == first.version
        assert read_record(folder / "a.vi.json").captions[1].text == "Xin chào quý vị."
        assert review.post(RECORD, other, second.version).status == 200
        assert [c.text for c in read_record(folder / "a.vi.json").captions[:2]] == ["Xin chào quý vị."] * 2
        assert review.stop() == 0
        assert review.process.stderr is not None
        assert review.process.stderr.read() == ""


@pytest.mark.parametrize("match", [None, "*", '"a", "b"', "W/"])
def test_an_edit_of_no_version_is_refused(review: Review, match: str | None, version: str) -> None:
    answer = review.post(RECORD, EDIT, None, If_Match=match)
    assert answer.status in (412, 428)
    assert untouched(review, version)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"captions": [], "segments": []}', b"\xff"])
def test_what_is_no_edit_is_told(review: Review, body: bytes, version: str) -> None:
    answer = review.post(RECORD, body, version)
    assert (answer.status, answer.json["error"]["code"]) == (422, "edit-refused")
    assert untouched(review, version)


@pytest.mark.parametrize("path", ["/bai.html", "/a.wav", "/none.vi.json", "/", "/.mediakit/waveform/a.wav"])
def test_only_records_are_saved(review: Review, path: str, version: str) -> None:
    assert review.post(path, EDIT, version).status == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
def test_other_methods_are_refused(review: Review, method: str) -> None:
    answer = review.ask(method, RECORD, body=b"{}")
    assert answer.status == 405
    assert "access-control-allow-origin" not in answer.headers


def test_a_body_over_the_limit_is_refused_before_it_is_read(review: Review, version: str) -> None:
    port = int(review.host.partition(":")[2])
    head = (
        f"POST {RECORD} HTTP/1.1\r\nHost: {review.host}\r\nCookie: {review.cookie}\r\nOrigin: http://{review.host}\r\n"
        f'Content-Type: application/json\r\nIf-Match: "{version}"\r\n'
    )
    with socket.create_connection(("127.0.0.1", port), timeout=10) as raw:
        raw.sendall(f"{head}Content-Length: {MOST_BYTES + 1}\r\n\r\n".encode())
        assert raw.recv(100).split()[1] == b"413"
    with socket.create_connection(("127.0.0.1", port), timeout=10) as raw:
        raw.sendall(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())
        block = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
        try:
            for _ in range(MOST_BYTES // 0x10000 + 2):
                raw.sendall(block)
            answer = raw.recv(100)
        except OSError:  # closed in the middle
            answer = b"HTTP/1.1 413"
        assert answer.split()[1] == b"413"
    assert untouched(review, version)


def test_a_header_over_the_limit_is_refused(review: Review) -> None:
    assert review.get("/", X_Long="x" * 20_000).status == 431


def test_slow_clients_keep_nobody_waiting(review: Review) -> None:
    """More of them than there are threads, each in the middle of a request or of an answer."""
    port = int(review.host.partition(":")[2])
    waiting = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(40)]
    try:
        for number, raw in enumerate(waiting):
            head = f"POST {RECORD} HTTP/1.1\r\nHost: {review.host}\r\nContent-Length: 1000\r\n\r\n"
            raw.sendall(b"GET / HT" if number % 2 else head.encode())
        begin = time.monotonic()
        assert review.get(RECORD).status == 200
        assert time.monotonic() - begin < 5
    finally:
        for raw in waiting:
            raw.close()
