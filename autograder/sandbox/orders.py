"""The messages of judge and template: what the judge orders, and what it is told."""

from __future__ import annotations

import msgspec

from .limits import Limits
from .messages import Done, Refused


class Start(msgspec.Struct, frozen=True, tag="start"):
    """Fork a worker. The file descriptors of its control socket and of its output come with this.

    `folder` is where it puts the submission; `home` is a folder of the judge's for it alone, or
    empty where it has file systems of its own.
    """

    folder: str
    home: str
    limits: Limits


class Stop(msgspec.Struct, frozen=True, tag="stop"):
    """End a worker with all that it started."""

    worker: int


class Await(msgspec.Struct, frozen=True, tag="await"):
    """Say how long a worker's processes have waited for a core.

    `begun` leaves the worker itself out: what it has begun is meant, such as a check.
    """

    worker: int
    begun: bool


class Started(msgspec.Struct, frozen=True, tag="started"):
    """The worker's process id, as the template sees it."""

    worker: int


class Stopped(msgspec.Struct, frozen=True, tag="stopped"):
    """It has ended; `reason` says what it had used too much of, if that was why."""

    reason: str


class Waited(msgspec.Struct, frozen=True, tag="waited"):
    """The seconds of the one that has waited longest."""

    seconds: float


Order = Start | Stop | Await
OrderReply = Done | Started | Stopped | Waited | Refused
