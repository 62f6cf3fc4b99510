"""Pairs of submissions, ranked by what the two share and few others have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from .sources import WrittenSource
from .tokens import tokens
from .winnowing import all_grams, winnow

FEWEST = 5  # fingerprints in common below which a pair is not shown
USUAL_COUNT, USUAL_SHARE = 5, 0.05  # what more students have is how one writes it
Place = tuple[str, frozenset[int]]  # a path, and lines of it


@dataclass(frozen=True, kw_only=True)
class SharedLines:
    """The lines of one source that the other student has too, by path."""

    lines: Mapping[str, frozenset[int]]


@dataclass(frozen=True, kw_only=True)
class SimilarPair:
    """Two students and what they share.

    Attributes
    ----------
    students : their places in the sequence that was compared.
    fingerprints : how many rare fingerprints both have.
    shares : which part that is of all rare ones of the first, and of the second.
    shared : where they are, in the first and in the second.
    """

    students: tuple[int, int]
    fingerprints: int
    shares: tuple[float, float]
    shared: tuple[SharedLines, SharedLines]


def similar_pairs(
    works: Sequence[Sequence[WrittenSource]], released: Sequence[WrittenSource], *, most: int = 100
) -> list[SimilarPair]:
    """The pairs that share most, first; a hint at copied work, and no more.

    Parameters
    ----------
    works : what each student wrote.
    released : what was handed out; nothing of it counts.
    most : how many pairs at most.

    Notes
    -----
    A fingerprint that more than five students have, and more than one in twenty, is taken for the
    usual way to write it and does not count.
    """
    handed_out = {gram.hash for source in released for gram in all_grams(list(tokens(source.text)))}
    old = {line.strip() for source in released for line in source.text.split("\n")}
    prints = [_fingerprints(work, handed_out, old) for work in works]
    owners: dict[int, list[int]] = defaultdict(list)
    for student, found in enumerate(prints):
        for hash in found:
            owners[hash].append(student)
    usual = max(USUAL_COUNT, int(USUAL_SHARE * len(works)))
    rare = {hash: having for hash, having in owners.items() if len(having) <= usual}
    common: dict[tuple[int, int], list[int]] = defaultdict(list)
    for hash, having in rare.items():
        for pair in combinations(having, 2):
            common[pair].append(hash)
    own = [sum(hash in rare for hash in found) for found in prints]
    enough = {pair: hashes for pair, hashes in common.items() if len(hashes) >= FEWEST}
    ranked = sorted(enough, key=lambda pair: (-len(enough[pair]), pair))
    return [_pair(pair, enough[pair], prints, own) for pair in ranked[:most]]


def _fingerprints(
    work: Sequence[WrittenSource], without: set[int], old: set[str]
) -> dict[int, list[Place]]:
    """Where each fingerprint stands; of its lines, those that were not handed out as they are."""
    found: dict[int, list[Place]] = defaultdict(list)
    for source in work:
        lines = source.text.split("\n")
        new = {number for number, line in enumerate(lines, start=1) if line.strip() not in old}
        for one in winnow(list(tokens(source.text)), without):
            found[one.hash].append((source.path, one.lines & new))
    return found


def _pair(
    students: tuple[int, int],
    hashes: Sequence[int],
    prints: Sequence[Mapping[int, list[Place]]],
    own: Sequence[int],
) -> SimilarPair:
    one, other = students
    return SimilarPair(
        students=students,
        fingerprints=len(hashes),
        shares=(len(hashes) / own[one], len(hashes) / own[other]),
        shared=(_shared(prints[one], hashes), _shared(prints[other], hashes)),
    )


def _shared(prints: Mapping[int, list[Place]], hashes: Sequence[int]) -> SharedLines:
    lines: dict[str, set[int]] = defaultdict(set)
    for hash in hashes:
        for path, found in prints[hash]:
            lines[path] |= found
    return SharedLines(lines={path: frozenset(marked) for path, marked in lines.items()})
