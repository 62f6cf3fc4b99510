"""The process that workers are copied from: libraries imported, nothing of any student's seen.

It runs inside the outer walls of a level, is trusted, and has one thread. For every submission
it forks a worker, shuts it in further (`enclosure`), watches what its family uses, and ends it.
Arguments: the number of the control socket and the name of the enclosure.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import socket
import sys
import time
import traceback
from typing import NoReturn

from . import kernel
from .enclosure import ENCLOSURES, Enclosure
from .family import Family, parents
from .messages import Done, Order, OrderReply, Refused, Start, Started, Stop, Stopped
from .notebook import prepare_shell
from .rehearsal import rehearse
from .wire import Channel, ClosedError, receive_numbers
from .worker import Settings, work

INTERVAL = 0.1
DISK_EVERY = 5  # intervals
CONTROL = 3


def main() -> None:
    """Import what notebooks import, then serve orders until the judge closes the socket."""
    control = socket.socket(fileno=int(sys.argv[1]))
    enclosure = ENCLOSURES[sys.argv[2]]()
    _warm()
    template = Template(control, enclosure)
    with contextlib.suppress(ClosedError):
        template.serve()
    template.stop_all()
    os._exit(0)


def _warm() -> None:
    # Lazy parts of NumPy as well; a student's imports are quick from here on.
    import matplotlib.pyplot  # noqa: F401
    import numpy.random  # noqa: F401

    rehearse()
    prepare_shell()
    sys.argv[:] = ["submission"]
    gc.collect()
    gc.freeze()  # children leave these objects alone, and their pages stay shared
    if sys.platform == "linux":
        kernel.gather_in_huge_pages()


class Template:
    """Serves orders, and looks after the workers in between."""

    def __init__(self, control: socket.socket, enclosure: Enclosure) -> None:
        self._control = control
        self._channel = Channel(control, Order, ahead=0)
        self._enclosure = enclosure
        self._families: dict[int, Family] = {}
        self._rounds = 0
        self._next_look = 0.0

    def serve(self) -> None:
        """Answer orders until the judge closes the socket, which raises `ClosedError`."""
        self._channel.send(Done())
        while True:
            if self._order_waits():
                order, _ = self._channel.receive()
                self._channel.send(self._answer(order))
            if self._families and time.monotonic() >= self._next_look:
                self._look()

    def stop_all(self) -> None:
        """End every worker."""
        for number in list(self._families):
            self._stop(number)

    def _order_waits(self) -> bool:
        pause = INTERVAL if self._families else None
        return bool(select.select([self._control], [], [], pause)[0])

    def _answer(self, order: Order) -> OrderReply:
        match order:
            case Start():
                return self._start(order)
            case Stop(worker):
                return Stopped(self._stop(worker))

    def _start(self, order: Start) -> OrderReply:
        control, output = receive_numbers(self._control, 2)
        try:
            uid = self._enclosure.before_fork()
            number = os.fork()
        except OSError as error:
            return Refused("start", str(error))
        else:
            if number == 0:
                _become_worker(self._enclosure, order, uid, control, output)
        finally:
            os.close(control)
            os.close(output)
        self._families[number] = Family(number, uid, order.home, order.limits)
        return Started(number)

    def _stop(self, number: int) -> str:
        """End a worker; why it was ended before, if it was."""
        family = self._families.pop(number)
        self._enclosure.kill(family)
        os.waitpid(number, 0)
        self._enclosure.clean(family, self._families)
        return family.excess

    def _look(self) -> None:
        """Kill whatever uses too much; it is buried when the judge stops it."""
        self._next_look = time.monotonic() + INTERVAL
        self._rounds += 1
        known = parents()
        for family in self._families.values():
            if not family.excess:
                family.excess = family.check(known, disk=self._rounds % DISK_EVERY == 0)
            if family.excess:
                self._enclosure.kill(family)


def _become_worker(
    enclosure: Enclosure, order: Start, uid: int | None, control: int, output: int
) -> NoReturn:
    try:
        _keep_only(control, output)
        enclosure.shut_in(uid, order.home, order.limits)
        work(CONTROL, Settings(folder=order.folder, own_processes=enclosure.own_processes))
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


def _keep_only(control: int, output: int) -> None:
    """Leave open the control socket as number 3, the output, and nothing else."""
    control, output = (os.dup2(number, 100 + number) for number in (control, output))
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.dup2(control, CONTROL)
    os.closerange(CONTROL + 1, 1024)


if __name__ == "__main__":
    main()
