"""The process that workers are copied from: libraries imported, nothing of any student's seen.

It runs inside the outer sandbox of a level, is trusted, and has one thread. For every submission
it forks a worker, isolates it further (`namespaces`), watches what its process tree uses, and
ends it.
Arguments: the file descriptor of the control socket and the name of the level.
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
from .messages import Done, Refused
from .namespaces import ISOLATIONS, Isolation
from .notebook import prepare_shell
from .orders import Await, Order, OrderReply, Start, Started, Stop, Stopped, Waited
from .process_tree import ProcessTree, parents
from .warm_up import warm_up
from .wire import Channel, ClosedError, receive_descriptors
from .worker import WorkerSettings, work
from .write_gate import WriteGate, hold_openings

INTERVAL = 0.1
CONTROL, GATE = 3, 4


def main() -> None:
    """Import what notebooks import, then serve orders until the judge closes the socket."""
    control = socket.socket(fileno=int(sys.argv[1]))
    isolation = ISOLATIONS[sys.argv[2]]()
    _prepare()
    template = Template(control, isolation)
    with contextlib.suppress(ClosedError):
        template.serve()
    template.stop_all()
    os._exit(0)


def _prepare() -> None:
    # Lazy parts of NumPy as well; a student's imports are quick from here on.
    import matplotlib.pyplot  # noqa: F401
    import numpy.random  # noqa: F401

    warm_up()
    prepare_shell()
    sys.argv[:] = ["submission"]
    gc.collect()
    gc.freeze()  # children leave these objects alone, and their pages stay shared
    if sys.platform == "linux":
        kernel.gather_in_huge_pages()


class Template:
    """Serves orders, and looks after the workers in between."""

    def __init__(self, control: socket.socket, isolation: Isolation) -> None:
        self._control = control
        self._channel = Channel(control, Order, ahead=0)
        self._isolation = isolation
        self._trees: dict[int, ProcessTree] = {}
        self._gates: dict[int, WriteGate] = {}
        self._next_look = 0.0

    def serve(self) -> None:
        """Answer orders until the judge closes the socket, which raises `ClosedError`."""
        self._channel.send(Done())
        while True:
            if self._waits_for_order():
                order, _ = self._channel.receive()
                self._channel.send(self._answer(order))
            if self._trees and time.monotonic() >= self._next_look:
                self._look()

    def stop_all(self) -> None:
        """End every worker."""
        for pid in list(self._trees):
            self._stop(pid)

    def _waits_for_order(self) -> bool:
        """Let files be opened until an order comes or it is time to look at what is used."""
        pause = max(self._next_look - time.monotonic(), 0.0) if self._trees else None
        gates = [gate for gate in self._gates.values() if not gate.closed]
        sources: list[socket.socket | WriteGate] = [self._control, *gates]
        ready = select.select(sources, [], [], pause)[0]
        for gate in gates:
            if gate in ready:
                gate.serve()
        return self._control in ready

    def _answer(self, order: Order) -> OrderReply:
        match order:
            case Start():
                return self._start(order)
            case Stop(worker):
                return Stopped(self._stop(worker))
            case Await(worker, begun):
                return Waited(self._trees[worker].run_delay(begun=begun))

    def _start(self, order: Start) -> OrderReply:
        control, output = receive_descriptors(self._control, 2)
        ours, theirs = socket.socketpair()
        try:
            uid = self._isolation.before_fork()
            pid = os.fork()
        except OSError as error:
            ours.close()
            return Refused("start", str(error))
        else:
            if pid == 0:
                _become_worker(self._isolation, order, uid, (control, output, theirs.fileno()))
        finally:
            theirs.close()
            os.close(control)
            os.close(output)
        tree = self._trees[pid] = ProcessTree(pid, uid, order.home, order.limits)
        self._gates[pid] = WriteGate(ours, tree.may_write)
        return Started(pid)

    def _stop(self, pid: int) -> str:
        """End a worker; why it was ended before, if it was."""
        tree = self._trees.pop(pid)
        self._isolation.kill(tree)
        self._gates.pop(pid).close()
        os.waitpid(pid, 0)
        self._isolation.clean(tree, self._trees)
        return tree.excess

    def _look(self) -> None:
        """Kill whatever uses too much; it is reaped when the judge stops it."""
        self._next_look = time.monotonic() + INTERVAL
        known = parents()
        for tree in self._trees.values():
            if not tree.excess:
                tree.excess = tree.check(known)
            if tree.excess:
                self._isolation.kill(tree)


def _become_worker(
    isolation: Isolation, order: Start, uid: int | None, descriptors: tuple[int, int, int]
) -> NoReturn:
    try:
        _keep_only(*descriptors)
        isolation.isolate(uid, order.home, order.limits)
        gate = socket.socket(fileno=GATE)
        if order.home:
            hold_openings(gate)
        gate.close()
        work(CONTROL, WorkerSettings(folder=order.folder, own_processes=isolation.own_processes))
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


def _keep_only(control: int, output: int, gate: int) -> None:
    """Leave open the two sockets as file descriptors 3 and 4, the output, and nothing else."""
    control, output, gate = (os.dup2(fd, 100 + fd) for fd in (control, output, gate))
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.dup2(control, CONTROL)
    os.dup2(gate, GATE)
    os.closerange(GATE + 1, 1024)


if __name__ == "__main__":
    main()
