"""Grader processes: do calls come back, is nobody lost with a process, is none left behind?"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import wait
from functools import partial
from pathlib import Path

import pytest

from autograder.cores import ONE_THREAD
from autograder.grading.grader import UnsendableError
from autograder.grading.pool import GraderPool, LostGraderError


def alive(number: int) -> bool:
    """Whether a process runs; one that has ended and was not waited for does not."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def until(condition: Callable[[], bool]) -> bool:
    """Wait a while for something that takes another process a moment."""
    end = time.monotonic() + 30
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def test_calls_run_in_processes_of_their_own() -> None:
    with GraderPool(2) as pool:
        numbers = {pool.submit(os.getpid).result() for _ in range(8)}
        assert os.getpid() not in numbers
        assert 1 <= len(numbers) <= 2
    assert not any(map(alive, numbers))


def test_each_has_one_blas_thread() -> None:
    with GraderPool(1) as pool:
        names = [pool.submit(os.getenv, name).result() for name in ONE_THREAD]
    assert names == ["1"] * len(ONE_THREAD)


def test_blas_of_a_grader_really_has_one_thread() -> None:
    program = "import numpy; numpy.ones((9, 9)) @ numpy.ones((9, 9))"
    with GraderPool(1) as pool:
        pool.submit(exec, program).result()
        threads = pool.submit(os.listdir, "/proc/self/task").result()
    assert len(threads) == 1


def test_an_exception_comes_back_as_it_is() -> None:
    with GraderPool(1) as pool:
        with pytest.raises(ZeroDivisionError):
            pool.submit(divmod, 1, 0).result()
        assert pool.submit(divmod, 7, 2).result() == (3, 1)


def test_what_cannot_be_sent_is_said() -> None:
    with GraderPool(1) as pool:
        with pytest.raises(TypeError, match="cannot pickle 'module' object"):
            pool.submit(__import__, "os").result()
        local = "class Local(Exception): pass\nraise Local('only known there')"
        with pytest.raises(UnsendableError, match=r"^Local: only known there$"):
            pool.submit(exec, local).result()
        assert pool.submit(abs, -1).result() == 1


def test_prints_do_not_disturb(capfd: pytest.CaptureFixture[str]) -> None:
    with GraderPool(1) as pool:
        assert pool.submit(print, "noise").result() is None
        assert pool.submit(os.system, "echo noise").result() == 0
    assert capfd.readouterr().out == ""


def test_a_lost_process_is_replaced_and_its_call_tried_again(tmp_path: Path) -> None:
    mark = tmp_path / "tried"
    once = f"import os; tried = os.path.exists({str(mark)!r}); open({str(mark)!r}, 'w').close()"
    with GraderPool(1) as pool:
        pool.submit(exec, f"{once}\nif not tried: os.kill(os.getpid(), 9)").result()
        assert mark.exists()
        assert pool.submit(abs, -2).result() == 2


def test_a_call_that_ends_every_process_is_given_up() -> None:
    with GraderPool(2) as pool:
        lost = pool.submit(os._exit, 7)
        others = [pool.submit(abs, -n) for n in range(6)]
        with pytest.raises(LostGraderError) as raised:
            lost.result()
        assert [other.result() for other in others] == list(range(6))
    assert str(raised.value) == (
        "the grading process ended unexpectedly, 2 times (the last time with exit status 7)"
    )


def test_leaving_by_an_exception_ends_calls_that_run() -> None:
    pool = GraderPool(2)
    numbers = []
    begun = time.monotonic()

    def leave() -> None:
        with pool:
            numbers.extend(pool.submit(os.getpid).result() for _ in range(4))
            stuck = [pool.submit(time.sleep, 600) for _ in range(4)]
            wait(stuck, timeout=0.5)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        leave()
    assert time.monotonic() - begun < 300
    assert not any(map(alive, numbers))
    with pytest.raises(RuntimeError):
        pool.submit(abs, -1)


def test_a_process_that_will_not_end_is_killed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("autograder.grading.pool.GRACE_SECONDS", 0)
    pool = GraderPool(1)
    number = pool.submit(os.getpid).result()
    deaf = f"""
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open({str(tmp_path / "deaf")!r}, "w").close()
time.sleep(600)
"""
    pool.submit(exec, deaf)
    assert until((tmp_path / "deaf").exists)
    pool.stop()
    assert not alive(number)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process of its parent")
def test_processes_die_with_the_one_that_started_them() -> None:
    program = """
import os, time
from autograder.grading.pool import GraderPool
pool = GraderPool(2)
busy = [pool.submit(time.sleep, 1) for _ in range(2)]
print(*{pool.submit(os.getpid).result() for _ in range(4)}, flush=True)
busy = [pool.submit(time.sleep, 600) for _ in range(2)]
time.sleep(600)
"""
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    numbers = [int(word) for word in parent.stdout.readline().split()]
    assert numbers
    assert all(map(alive, numbers))
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    assert until(lambda: not any(map(alive, numbers)))


def test_calls_of_several_threads_do_not_mix() -> None:
    found: dict[int, int] = {}
    with GraderPool(2) as pool:

        def ask(n: int) -> None:
            found[n] = pool.submit(partial(pow, n), 2).result()

        threads = [threading.Thread(target=ask, args=(n,)) for n in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == {n: n * n for n in range(20)}
