"""What commands cost: wall-clock and CPU seconds and memory of everything that they start.

    echo '{"commands": [["sleep", "1"]], "memory": true}' | python benchmarks/cost.py

Reads the commands from standard input, runs them at the same time and prints JSON. Processes that
have lost their parent become children of this one, so none escapes the count. Memory is sampled
only where it is asked for, because reading it takes time from the commands: it is the sum of the
proportional set sizes (shared pages are divided by those who share them), at its peak.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
INTERVAL = 0.05  # seconds between two looks at the memory
LEFT_OVER = 10.0  # seconds in which orphans have to end by themselves


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Of one or several commands at the same time; `mib` is 0 where memory was not sampled."""

    seconds: float
    cpu: float
    mib: float


def measure(*commands: Sequence[str | Path], cwd: Path, memory: bool = False, **env: str) -> Cost:
    """Run commands at the same time, in a process of their own, and say what they cost.

    Raises
    ------
    subprocess.CalledProcessError : one of them did not end well; its output is in the message.
    """
    order = {"commands": [[str(word) for word in one] for one in commands], "memory": memory}
    done = subprocess.run(
        [sys.executable, __file__],
        input=json.dumps(order),
        cwd=cwd,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        print(done.stderr[-4000:], file=sys.stderr)
        done.check_returncode()
    return Cost(**json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    """Run what standard input says."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1)
    order = json.load(sys.stdin)
    started = time.perf_counter()
    running = [
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sys.stderr)
        for command in order["commands"]
    ]
    peak = _watch(running) if order["memory"] else 0.0
    codes = [process.wait() for process in running]
    seconds = time.perf_counter() - started
    _reap()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps(asdict(Cost(seconds=seconds, cpu=used.ru_utime + used.ru_stime, mib=peak))))
    sys.exit(max(map(abs, codes)))


def _watch(running: Sequence[subprocess.Popen[bytes]]) -> float:
    """The peak of what the whole tree has in memory, until the last command ends."""
    peak = 0.0
    while any(process.poll() is None for process in running):
        peak = max(peak, sum(map(_mib, descendants(os.getpid()))))
        time.sleep(INTERVAL)
    return peak


def descendants(root: int) -> list[int]:
    """The processes that `root` has started, and those that they have, and so on."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError, IndexError):
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(entry.name))
    found, new = [], [root]
    while new:
        new = [child for parent in new for child in children.get(parent, [])]
        found += new
    return found


def _mib(pid: int) -> float:
    with contextlib.suppress(OSError, IndexError, ValueError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def _reap() -> None:
    """Wait for orphans, so that their time counts; end those that stay."""
    end = time.monotonic() + LEFT_OVER
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid and time.monotonic() > end:
            for orphan in descendants(os.getpid()):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(orphan, signal.SIGKILL)
        if not pid:
            time.sleep(0.01)


if __name__ == "__main__":
    main()
