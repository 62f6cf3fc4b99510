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


class Started(msgspec.Struct, frozen=True, tag="started"):
    """The worker's process id, as the template sees it."""

    worker: int


class Stopped(msgspec.Struct, frozen=True, tag="stopped"):
    """It has ended; `reason` says what it had used too much of, if that was why."""

    reason: str


Order = Start | Stop
OrderReply = Done | Started | Stopped | Refused
