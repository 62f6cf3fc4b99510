"""Fingerprints of a sequence of tokens, by winnowing."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from .tokens import CodeToken

LENGTH = 12  # tokens in a fingerprint; shorter matches are chance
WINDOW = 8  # of so many neighbours one is kept


class CodePrint(NamedTuple):
    """The hash of `LENGTH` tokens, and the lines they stand on."""

    hash: int
    lines: frozenset[int]


def winnow(tokens: Sequence[CodeToken], without: Collection[int] = ()) -> list[CodePrint]:
    r"""The fingerprints of a source: the least hash of each window, the last one of equals.

    Any sequence of at least ``WINDOW + LENGTH - 1`` tokens that two sources share gives both a
    fingerprint in common, and none shorter than ``LENGTH`` does.

    Parameters
    ----------
    without : hashes that are no fingerprints, such as those of what was handed out.

    References
    ----------
    S. Schleimer, D. S. Wilkerson and A. Aiken, Winnowing: local algorithms for document
    fingerprinting, SIGMOD 2003.
    """
    grams = [gram for gram in all_grams(tokens) if gram.hash not in without]
    chosen: dict[int, CodePrint] = {}
    for start in range(max(len(grams) - WINDOW + 1, min(len(grams), 1))):
        window = range(start, min(start + WINDOW, len(grams)))
        least = min(window, key=lambda place: (grams[place].hash, -place))
        chosen[least] = grams[least]
    return list(chosen.values())


def all_grams(tokens: Sequence[CodeToken]) -> Iterator[CodePrint]:
    """The hash of every `LENGTH` tokens that follow one another."""
    texts = [token.text for token in tokens]
    for start in range(len(texts) - LENGTH + 1):
        text = "\n".join(texts[start : start + LENGTH]).encode("utf-8", "surrogatepass")
        digest = hashlib.blake2b(text, digest_size=8).digest()
        lines = frozenset(token.line for token in tokens[start : start + LENGTH])
        yield CodePrint(int.from_bytes(digest), lines)
