"""The order in which Clojure's maps hold texts: Code Maat's order of equal rows.

In:  distinct texts by first appearance.
Out: the place of each.

Code Maat sorts stably what it takes from hash maps, so rows that compare equal keep the
order of the map. Up to eight keys a map keeps the order in which they came. A larger one
is a trie over a 32-bit Murmur3 hash, five bits a level from the lowest on; keys of one
hash keep the order in which they came. All arithmetic here is modulo 2**32.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

IN_ORDER = 8
"""A map of so many keys keeps the order in which they came."""

_GOLDEN = 0x9E3779B9
_LEVELS = (0, 5, 10, 15, 20, 25, 30)


def places(names: NDArray[np.object_], *, key: str) -> NDArray[np.int64]:
    """Return the place of each text in a map whose keys are ``{key: text}``.

    Examples
    --------
    >>> places(np.array(list("abcdefghi"), dtype=object), key="entity").tolist()
    [3, 0, 6, 5, 1, 4, 7, 8, 2]
    """
    if len(names) <= IN_ORDER:
        return np.arange(len(names))
    order = np.argsort(trie_keys(hash_of_map(text_hashes(names), key=key)), kind="stable")
    found = np.empty(len(names), dtype="int64")
    found[order] = np.arange(len(names))
    return found


def trie_keys(hashes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return numbers that sort as a trie walks: the lowest five bits first."""
    found = np.zeros(len(hashes), dtype="uint32")
    for shift in _LEVELS:
        bits = min(5, 32 - shift)
        part = (hashes >> np.uint32(shift)) & np.uint32((1 << bits) - 1)
        found = (found << np.uint32(bits)) | part
    return found


def text_hashes(names: NDArray[np.object_]) -> NDArray[np.uint32]:
    """Return Clojure's hash of texts: Murmur3 of Java's polynomial over UTF-16."""
    units = [name.encode("utf-16-le", "surrogatepass") for name in names.tolist()]
    lengths = np.array([len(unit) // 2 for unit in units], dtype="int64")
    flat = np.frombuffer(b"".join(units), dtype="<u2").astype("uint32")
    ends = np.cumsum(lengths)
    powers = _powers(int(lengths.max(initial=0)))
    place = np.arange(len(flat)) - np.repeat(ends - lengths, lengths)
    terms = flat * powers[np.repeat(lengths, lengths) - 1 - place]
    sums = np.concatenate([[0], np.cumsum(terms, dtype="uint32")]).astype("uint32")
    return _of_int(sums[ends] - sums[ends - lengths])


def hash_of_map(values: NDArray[np.uint32], *, key: str) -> NDArray[np.uint32]:
    """Return the hash of maps of one keyword and one hashed value each."""
    keyword = np.full(len(values), _keyword(key), dtype="uint32")
    return _finish(_mix_in(hash_of_row([keyword, values])), length=1)


def hash_of_row(values: Sequence[NDArray[np.uint32]]) -> NDArray[np.uint32]:
    """Return the hash of sequences of hashed values, one array per place."""
    found = np.ones(len(values[0]), dtype="uint32")
    for value in values:
        found = found * np.uint32(31) + value
    return _finish(_mix_in(found), length=len(values))


def _powers(count: int) -> NDArray[np.uint32]:
    """Return 1, 31, 31**2, ..."""
    factors = np.full(max(count, 1), 31, dtype="uint32")
    factors[0] = 1
    return np.cumprod(factors, dtype="uint32")


def _keyword(name: str) -> int:
    """Return the hash of a keyword without namespace."""
    units = np.frombuffer(name.encode("utf-16-le"), dtype="<u2").astype("uint32")
    seed = np.zeros(1, dtype="uint32")
    for low, high in zip(units[0::2], units[1::2], strict=False):
        seed = _mix_in(np.array([low | (high << np.uint32(16))], dtype="uint32"), seed=seed)
    if len(units) % 2:
        seed ^= _scramble(units[-1:])
    symbol = int(_finish(seed, length=2 * len(units))[0])
    signed = symbol - (1 << 32) if symbol >> 31 else symbol
    combined = symbol ^ ((_GOLDEN + (symbol << 6) + (signed >> 2)) & 0xFFFFFFFF)
    return (combined + _GOLDEN) & 0xFFFFFFFF


def _of_int(values: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return Murmur3 of 32-bit integers; 0 stays 0."""
    found = _finish(_mix_in(values), length=4)
    return np.where(values == 0, np.uint32(0), found)


def _mix_in(
    values: NDArray[np.uint32], *, seed: NDArray[np.uint32] | None = None
) -> NDArray[np.uint32]:
    mixed = _scramble(values) if seed is None else seed ^ _scramble(values)
    return _rotated(mixed, 13) * np.uint32(5) + np.uint32(0xE6546B64)


def _scramble(values: NDArray[np.uint32]) -> NDArray[np.uint32]:
    return _rotated(values * np.uint32(0xCC9E2D51), 15) * np.uint32(0x1B873593)


def _rotated(values: NDArray[np.uint32], bits: int) -> NDArray[np.uint32]:
    return (values << np.uint32(bits)) | (values >> np.uint32(32 - bits))


def _finish(values: NDArray[np.uint32], *, length: int) -> NDArray[np.uint32]:
    mixed = values ^ np.uint32(length)
    mixed = (mixed ^ (mixed >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    mixed = (mixed ^ (mixed >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return mixed ^ (mixed >> np.uint32(16))
