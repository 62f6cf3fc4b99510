"""How much a submission may use. Plain numbers, applied by the worker before it runs anything."""

from __future__ import annotations

import resource

import msgspec

MIB = 1 << 20


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds for the worker and all that it starts; sizes in bytes, times in seconds.

    The clock is the judge's affair: `cell_seconds` bounds one notebook cell, `load_seconds`
    everything before the checks and `total_seconds` the whole submission. `memory` bounds each
    process at once, and all of a submission together within a tenth of a second (`process_tree`).
    """

    memory: int = 4096 * MIB
    file_size: int = 64 * MIB
    disk: int = 256 * MIB
    open_files: int = 256
    processes: int = 64
    cpu_seconds: int = 900
    output: int = MIB // 4
    cell_seconds: float = 120.0
    load_seconds: float = 300.0
    total_seconds: float = 900.0


def apply_limits(limits: Limits, *, shared_user: bool = False) -> None:
    """Bind this process and its children, irrevocably.

    The kernel counts processes by user, so that a `shared_user` gets no bound on them here.
    """
    bounds = {
        resource.RLIMIT_AS: limits.memory,
        resource.RLIMIT_FSIZE: limits.file_size,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_CPU: limits.cpu_seconds,
        resource.RLIMIT_CORE: 0,
    }
    if not shared_user:
        bounds[resource.RLIMIT_NPROC] = limits.processes
    for kind, bound in bounds.items():
        _, hard = resource.getrlimit(kind)
        least = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(kind, (least, least))
