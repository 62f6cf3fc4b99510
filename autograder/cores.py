"""How many cores this process may use, and how to keep BLAS off those of others. Imports no NumPy.

Several submissions are graded at once; a BLAS that starts one thread per core in each of them
makes them fight for the cores (two forked trainings with two threads each took 7 times as long).
"""

from __future__ import annotations

import contextlib
import math
import os
from pathlib import Path

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
}
_QUOTA = Path("/sys/fs/cgroup/cpu.max")


def available_cores(quota: Path = _QUOTA) -> int:
    """The cores that this process may really use: of the machine, its affinity, its container.

    Parameters
    ----------
    quota : the cgroup's file with microseconds of CPU per period, or "max".
    """
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    with contextlib.suppress(OSError, ValueError):
        allowed, period = quota.read_text(encoding="ascii").split()
        cores = min(cores, math.ceil(int(allowed) / int(period)))
    return max(cores, 1)


def use_one_blas_thread() -> None:
    """Bound BLAS in this process, if NumPy is not imported yet, and in its children.

    What a user has set by hand stays.
    """
    for name, value in ONE_THREAD.items():
        os.environ.setdefault(name, value)
