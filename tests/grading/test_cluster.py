"""A class on a real dask scheduler with two workers: the same grades, nobody lost."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.assignment import Assignment
from autograder.grading import Conditions, Listener, Processes, Scheduler, grade_class, report_path
from autograder.grading.task import SchedulerLostError, StopsClassError
from autograder.results import Report, Status
from autograder.submission import Submission

pytestmark = pytest.mark.long

distributed = pytest.importorskip("distributed")

SEED = 3
SLOW = "import time\n\ndef double(x):\n    time.sleep(0.5)\n    return 2 * x\n"


class Cluster:
    """A scheduler and its workers, processes of `dask scheduler` and `dask worker`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._started: list[subprocess.Popen[bytes]] = []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        self.scheduler = self._dask("scheduler", "--host", self.address, "--no-dashboard")

    def add_worker(self, *, nanny: bool = False, **environment: str) -> subprocess.Popen[bytes]:
        """Start a worker with one thread; a nanny starts it anew whenever it dies."""
        words = ["worker", self.address, "--nthreads=1", "--no-dashboard"]
        return self._dask(*words, "--nanny" if nanny else "--no-nanny", **environment)

    def client(self) -> Any:
        return distributed.Client(self.address, timeout=60, set_as_default=False)

    def wait_for(self, workers: int) -> list[int]:
        """The process ids of the workers when there are so many."""
        with self.client() as client:
            client.wait_for_workers(workers, timeout=90)
            return sorted(client.run(os.getpid).values())

    def close(self) -> None:
        for process in reversed(self._started):
            process.terminate()
        for process in self._started:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(3)
            process.kill()
            process.wait()

    def _dask(self, *words: str, **environment: str) -> subprocess.Popen[bytes]:
        quick = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}
        log = (self._folder / f"{words[0]}{len(self._started)}.log").open("wb")
        with log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *words],
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self._folder,
                env={**os.environ, **quick, **environment},
            )
        self._started.append(process)
        return process


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    folder = tmp_path / "cluster"
    folder.mkdir()
    made = Cluster(folder)
    yield made
    made.close()


@pytest.fixture
def class_of(right: dict[str, str]) -> Callable[..., list[Submission]]:
    """A class with equal files but for those that are given."""

    def made(*students: str, **layers: str) -> list[Submission]:
        return [
            Submission(
                student=student,
                files={
                    path: text.encode()
                    for path, text in (
                        right | ({"nn/layers.py": layers[student]} if student in layers else {})
                    ).items()
                },
            )
            for student in students
        ]

    return made


def scores(reports: list[Report]) -> list[tuple[str, float, list[Status]]]:
    return [(r.student, r.score, [result.status for result in r.checks]) for r in reports]


def test_two_workers_grade_as_one_machine_does(
    cluster: Cluster, assignment: Assignment, class_of: Callable[..., list[Submission]]
) -> None:
    cluster.add_worker()
    cluster.add_worker()
    workers = cluster.wait_for(2)
    students = class_of(*"abcdef", b="def double(x): return x\n", d=SLOW)
    here = grade_class(
        Conditions(assignment=assignment, seed=SEED),
        students,
        out=assignment.course.root / "here",
        place=Processes(1),
    )
    out = assignment.course.root / "grades"
    there = grade_class(
        Conditions(assignment=assignment, seed=SEED),
        students,
        out=out,
        place=Scheduler(cluster.address),
    )
    assert scores(there) == scores(here)
    assert [report.key for report in there] == [report.key for report in here]
    assert os.getpid() not in workers
    written = sorted(path.name for path in (out / "tiny").iterdir())
    assert written == [report_path(out, "tiny", name).name for name in "abcdef"]
    reused: list[str] = []
    again = grade_class(
        Conditions(assignment=assignment, seed=SEED),
        students,
        out=out,
        place=Processes(1),
        listener=Listener(reused=lambda report: reused.append(report.student)),
    )
    assert again == there
    assert reused == list("abcdef")


def test_a_worker_that_is_killed_loses_nothing(
    cluster: Cluster, assignment: Assignment, class_of: Callable[..., list[Submission]]
) -> None:
    victim = cluster.add_worker()
    cluster.add_worker()
    cluster.wait_for(2)
    students = class_of(*"abcdefgh", **dict.fromkeys("abcdefgh", SLOW))
    done: list[str] = []

    def note(report: Report) -> None:
        done.append(report.student)
        if len(done) == 2:
            victim.kill()

    reports = grade_class(
        Conditions(assignment=assignment, seed=SEED),
        students,
        out=assignment.course.root / "grades",
        place=Scheduler(cluster.address),
        listener=Listener(graded=note),
    )
    assert sorted(done) == list("abcdefgh")
    assert [report.score for report in reports] == [4.0] * 8
    assert not any(report.failed_to_grade for report in reports)


def test_a_submission_that_kills_its_workers_stops_nobody(
    cluster: Cluster,
    assignment: Assignment,
    class_of: Callable[..., list[Submission]],
    forget: Callable[[], None],
) -> None:
    checks = assignment.course.root / "checks" / "tiny" / "functions.py"
    trap = (
        "import os\n\n\n"
        "def judge_falls_over(student):\n"
        "    from autograder.sandbox.remote import fetch\n"
        "    if fetch(student.layers.double(7.0)) == 99:\n"
        "        os._exit(1)\n\n\n"
        '@check("double", points=2, seconds=1)'
    )
    source = checks.read_text().replace('@check("double", points=2, seconds=1)', trap, 1)
    source = source.replace("    x = rng", "    judge_falls_over(student)\n    x = rng")
    checks.write_text(source)
    forget()
    cluster.add_worker(nanny=True)
    cluster.wait_for(1)
    students = class_of("ada", "eve", "boris", eve="def double(x):\n    return 99\n")
    reports = grade_class(
        Conditions(assignment=assignment, seed=SEED),
        students,
        out=assignment.course.root / "grades",
        place=Scheduler(cluster.address),
    )
    assert [report.score for report in reports] == [7.0, 0.0, 7.0]
    assert {result.status for result in reports[1].checks} == {Status.ERROR}
    assert reports[1].checks[0].rationale == (
        "The grader failed: WorkerKilledError: the workers that had this submission ended"
        " unexpectedly, one after the other"
    )


def test_an_address_where_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.grading.cluster.CONNECT_SECONDS", 0.5)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    from autograder.grading.cluster import _client

    with pytest.raises(StopsClassError) as raised:
        _client(address)
    assert str(raised.value).startswith(f"No dask scheduler answers at {address} (OSError: Timed")
    assert str(raised.value).endswith(
        "Start one with `dask scheduler`, check the address and the firewall, or leave --scheduler"
        " out to grade on this machine."
    )


@pytest.mark.parametrize("address", ["nowhere", "gopher://there:70"])
def test_what_is_no_address(address: str) -> None:
    from autograder.grading.cluster import _client

    with pytest.raises(StopsClassError, match="No dask scheduler answers at"):
        _client(address)


def test_the_command_says_so_and_exits_with_2(command: Any, right: dict[str, str]) -> None:
    command.submit("ada", right)
    done = command.run("--scheduler=tcp://127.0.0.1:9")
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("No dask scheduler answers at tcp://127.0.0.1:9 (OSError: ")
    assert command.results() == []


def test_a_worker_with_other_data_is_found_before_anything_is_graded(
    cluster: Cluster,
    assignment: Assignment,
    class_of: Callable[..., list[Submission]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    released: dict[str, str],
    write_release: Callable[..., Assignment],
) -> None:
    trained = write_release(assignment.course.root, "tiny", released, dataset="cifar10")
    for place in ("here", "there"):
        (tmp_path / place).mkdir()
        for name in ("data_batch_1.bin", "test_batch.bin", "batches.meta.txt"):
            (tmp_path / place / name).write_text(place)
    monkeypatch.setenv("AUTOGRADER_DATA", str(tmp_path / "here"))
    cluster.add_worker(AUTOGRADER_DATA=str(tmp_path / "there"))
    cluster.wait_for(1)
    with pytest.raises(StopsClassError) as raised:
        grade_class(
            Conditions(assignment=trained, seed=SEED),
            class_of("ada"),
            out=assignment.course.root / "grades",
            place=Scheduler(cluster.address),
        )
    said = str(raised.value)
    assert said.startswith("The worker tcp://127.0.0.1:")
    assert said.endswith(
        "would not grade as this machine does: the data set differs. Make them equal, then run the"
        " same command again; results that are finished are kept."
    )
    assert not (assignment.course.root / "grades").exists()


def test_a_worker_without_the_package(
    cluster: Cluster, assignment: Assignment, class_of: Callable[..., list[Submission]]
) -> None:
    hidden = assignment.course.root / "hidden"
    hidden.mkdir()
    (hidden / "sitecustomize.py").write_text("import sys\nsys.modules['autograder'] = None\n")
    cluster.add_worker(PYTHONPATH=str(hidden))
    cluster.wait_for(1)
    with pytest.raises(StopsClassError) as raised:
        grade_class(
            Conditions(assignment=assignment, seed=SEED),
            class_of("ada"),
            out=assignment.course.root / "grades",
            place=Scheduler(cluster.address),
        )
    assert "ModuleNotFoundError" in str(raised.value)
    assert "No module named 'autograder" in str(raised.value)
    assert "Install the same version of autograder there" in str(raised.value)


def test_a_scheduler_that_dies_leaves_what_is_done(
    cluster: Cluster, assignment: Assignment, class_of: Callable[..., list[Submission]]
) -> None:
    cluster.add_worker()
    cluster.wait_for(1)
    students = class_of(*"abcdef", **dict.fromkeys("abcdef", SLOW))
    out = assignment.course.root / "grades"
    import dask

    with (
        dask.config.set({"distributed.comm.timeouts.connect": "2s"}),
        pytest.raises(SchedulerLostError, match="The connection to the scheduler at tcp://"),
    ):
        grade_class(
            Conditions(assignment=assignment, seed=SEED),
            students,
            out=out,
            place=Scheduler(cluster.address),
            listener=Listener(graded=lambda report: cluster.scheduler.send_signal(signal.SIGKILL)),
        )
    assert report_path(out, "tiny", "a").is_file()


def test_without_the_extra_the_message_says_what_to_install(
    assignment: Assignment,
    class_of: Callable[..., list[Submission]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "autograder.grading.cluster", raising=False)
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.setitem(sys.modules, "dask", None)
    with pytest.raises(StopsClassError) as raised:
        grade_class(
            Conditions(assignment=assignment, seed=SEED),
            class_of("ada"),
            out=assignment.course.root / "grades",
            place=Scheduler("tcp://127.0.0.1:9"),
        )
    assert str(raised.value) == (
        "Grading on a cluster needs the Python package dask, which is not installed. Run"
        " `pip install 'numpy-autograder[cluster]'`, here and on the workers."
    )
