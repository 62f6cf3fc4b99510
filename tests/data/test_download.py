"""Downloads, from a server on this machine which may cut files short or change them."""

from __future__ import annotations

import dataclasses
import hashlib
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from autograder.data import DATASETS, Dataset, DownloadError, File, UnknownDatasetError, fetch
from autograder.data.download import download

CONTENT = bytes(range(256)) * 1000
GOOD = f"sha256:{hashlib.sha256(CONTENT).hexdigest()}"


class Handler(BaseHTTPRequestHandler):
    """Answers by the first part of the path."""

    def do_GET(self) -> None:
        kind = self.path.split("/")[1]
        if kind == "missing":
            self.send_error(404)
            return
        body = CONTENT[:-1] + b"?" if kind == "corrupt" else CONTENT
        self.send_response(200)
        if kind != "unsized":
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if kind in ("truncated", "unsized") else body)

    def log_message(self, *_: object) -> None:
        """Nothing on the screen."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()


@pytest.fixture
def served(server: str) -> Callable[..., Dataset]:
    """A function that makes a data set of one archive with these addresses."""

    def make(*kinds: str) -> Dataset:
        urls = tuple(f"{server}/{kind}/data.tar.gz" for kind in kinds)
        file = File(name="data.tar.gz", digest=GOOD, size=len(CONTENT), urls=urls)
        return dataclasses.replace(DATASETS["cifar10"], downloads=(file,), archives=(file,))

    return make


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("progress", [False, True])
def test_a_good_file_is_kept_under_its_name(
    served: Callable[..., Dataset],
    tmp_path: Path,
    progress: bool,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = download(served("good"), tmp_path / "new", progress=progress)
    assert path == tmp_path / "new" / "cifar10" / "data.tar.gz"
    assert path.read_bytes() == CONTENT
    assert files_in(tmp_path) == [path]
    assert ("data.tar.gz" in capsys.readouterr().out) is progress


@pytest.mark.parametrize("kind", ["corrupt", "truncated", "unsized", "missing"])
@pytest.mark.parametrize("progress", [False, True])
def test_a_bad_file_is_not_kept(
    served: Callable[..., Dataset], tmp_path: Path, kind: str, progress: bool
) -> None:
    dataset = served(kind)
    with pytest.raises(DownloadError) as caught:
        download(dataset, tmp_path, progress=progress)
    message = str(caught.value)
    url = dataset.downloads[0].urls[0]
    assert message.startswith(f"data.tar.gz could not be downloaded. {url}: ")
    assert message.endswith(
        " Try again later, or get the file by other means and set AUTOGRADER_DATA to its folder."
    )
    assert files_in(tmp_path) == []


def test_the_next_address_is_tried(served: Callable[..., Dataset], tmp_path: Path) -> None:
    path = download(served("missing", "truncated", "good"), tmp_path, progress=False)
    assert path is not None
    assert path.read_bytes() == CONTENT


def test_a_damaged_file_of_that_name_is_replaced(
    served: Callable[..., Dataset], tmp_path: Path
) -> None:
    (tmp_path / "cifar10").mkdir()
    (tmp_path / "cifar10" / "data.tar.gz").write_bytes(b"half")
    path = download(served("good"), tmp_path, progress=False)
    assert path is not None
    assert path.read_bytes() == CONTENT


def test_a_damaged_file_stays_if_there_is_no_better(
    served: Callable[..., Dataset], tmp_path: Path
) -> None:
    old = tmp_path / "cifar10" / "data.tar.gz"
    old.parent.mkdir()
    old.write_bytes(b"half")
    with pytest.raises(DownloadError):
        download(served("corrupt"), tmp_path, progress=False)
    assert old.read_bytes() == b"half"


def test_several_files_come_into_one_folder(served: Callable[..., Dataset], tmp_path: Path) -> None:
    one = served("good").downloads[0]
    two = dataclasses.replace(one, name="other.gz")
    mnist = dataclasses.replace(DATASETS["mnist"], downloads=(one, two))
    assert download(mnist, tmp_path, progress=False) == tmp_path / "mnist"
    names = sorted(path.name for path in (tmp_path / "mnist").iterdir())
    assert names == ["data.tar.gz", "other.gz"]


def test_fetch_downloads_nothing_that_is_here(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch, downloadable: str, no_data: Path
) -> None:
    monkeypatch.setenv("AUTOGRADER_DATA", str(data_folder))
    path = fetch(downloadable)
    assert path is not None
    assert path.is_relative_to(data_folder)
    assert not no_data.exists()


def test_fetch_of_what_needs_no_file() -> None:
    assert fetch("digits") is None
    assert fetch("shapes20") is None


def test_fetch_of_an_unknown_name() -> None:
    with pytest.raises(UnknownDatasetError, match=r"Did you mean mnist\?$"):
        fetch("minst")


def test_fetch_puts_files_where_they_are_found_again(
    served: Callable[..., Dataset], monkeypatch: pytest.MonkeyPatch, no_data: Path
) -> None:
    dataset = served("good")
    monkeypatch.setattr("autograder.data.download.find_dataset", lambda name: dataset)
    first = fetch("cifar10", progress=False)
    assert first == no_data / "cifar10" / "data.tar.gz"
    first_time = first.stat().st_mtime_ns
    assert fetch("cifar10", progress=False) == first
    assert first.stat().st_mtime_ns == first_time
