"""Which requests of a check lead to what it looked at last: those, in order, and no others.

Objects are followed from where they come to what is done to them. What may share memory with the
answer counts as leading to it, so that a call is never left out that has changed the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder.sandbox.messages import (
    Call,
    Fetch,
    GetAttribute,
    GetItem,
    GetModule,
    GetNotebook,
    Keep,
    Unpack,
)
from autograder.sandbox.tracing import TracedRequest

READS = (GetModule, GetNotebook, GetAttribute, GetItem, Unpack, Fetch)


def leading_to(requests: Sequence[TracedRequest]) -> list[TracedRequest]:
    """The requests without which the last one would have another outcome.

    Parameters
    ----------
    requests : of a check, the last of which is the one to be made again.
    """
    *before, last = requests
    families = _Families(requests)
    kin = families.of_all(last.used())
    chosen = {len(before)}
    changing = [place for place, one in enumerate(before) if _changes(one, families, kin)]
    chosen |= set(changing)
    makers = {handle: place for place, one in enumerate(before) for handle in one.results}
    waiting = [handle for place in chosen for handle in requests[place].used()]
    while waiting:  # where the objects come from that these use
        place = makers[waiting.pop()]
        if place not in chosen:
            chosen.add(place)
            waiting += requests[place].used()
    return [requests[place] for place in sorted(chosen)]


def last_looked_at(requests: Sequence[TracedRequest], *, raised: bool) -> int | None:
    """The place of the request that a finding is about: what raised, or what was fetched last."""
    if raised:
        return len(requests) - 1 if requests else None
    fetched = [place for place, one in enumerate(requests) if isinstance(one.what, Fetch)]
    return fetched[-1] if fetched else None


def _changes(one: TracedRequest, families: _Families, kin: frozenset[int]) -> bool:
    if isinstance(one.what, (*READS, Keep)):
        return False
    return bool(kin & families.of_all({*one.used(), *one.results}))


class _Families:
    """Objects that may share memory, as disjoint sets; modules belong to none of them."""

    def __init__(self, requests: Sequence[TracedRequest]) -> None:
        self._parent: dict[int, int] = {}
        self._places: set[int] = set()  # modules and namespaces
        self._loose: set[int] = set()  # what was read from one: its functions and classes
        for one in requests:
            self._meet(one)

    def of_all(self, handles: frozenset[int] | set[int]) -> frozenset[int]:
        """The families of these objects, each by one member."""
        return frozenset(map(self._root, self._own(handles)))

    def _own(self, handles: frozenset[int] | set[int]) -> Iterator[int]:
        return (handle for handle in handles if handle not in self._places | self._loose)

    def _meet(self, one: TracedRequest) -> None:
        if isinstance(one.what, GetModule | GetNotebook):
            self._places |= set(one.results)
            return
        if (
            isinstance(one.what, GetAttribute | GetItem)
            and one.target in self._places | self._loose
        ):
            self._loose |= set(one.results)
            return
        related = [*self._own(one.used()), *self._own(set(one.results))]
        for handle in related:
            self._parent[self._root(handle)] = self._root(related[0])

    def _root(self, handle: int) -> int:
        while self._parent.setdefault(handle, handle) != handle:
            handle = self._parent[handle]
        return handle


def call_name(requests: Sequence[TracedRequest]) -> str:
    """What was called last, by the name in the file: ``affine_forward``, ``Net.loss``."""
    makers = {handle: one for one in requests for handle in one.results}
    called = [one for one in requests if isinstance(one.what, Call)]
    return _function(called[-1], makers) if called else ""


def _function(call: TracedRequest, makers: dict[int, TracedRequest]) -> str:
    target = makers.get(call.target or -1)
    if target is None or not isinstance(target.what, GetAttribute):
        return ""
    owner = makers.get(target.target or -1)
    if owner is not None and isinstance(owner.what, Call):
        kind = _function(owner, makers)
        return f"{kind}.{target.what.name}" if kind else target.what.name
    return target.what.name
