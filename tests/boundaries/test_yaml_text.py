from __future__ import annotations

import time

import pytest

from conway.boundaries.yaml_text import LARGEST_YAML, YamlTextError, read_yaml

LAUGHS = "a: &a [x]\n" + "\n".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]" for n in range(20)
)


def test_everything_is_text() -> None:
    """No booleans, numbers, times, nulls or objects."""
    text = "owner: no\nat: 12:30:45\nn: ~\nx: !!python/object/apply:os.system [echo]\n? y\n: 1\n"

    assert read_yaml(text) == [{"owner": "no", "at": "12:30:45", "n": "~", "x": ["echo"], "y": "1"}]
    assert read_yaml("a\n---\n- b\n") == ["a", ["b"]]
    assert read_yaml("") == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (LAUGHS, 2),
        ("[" * 30_000, 1),
        ("{a: " * 30_000, 1),
        ("- " * 1000 + "x", 1),
        ("a: 1\nb: 2\na: 3\n", 3),
        ("? [a]\n: b\n", 1),
        ("a: b: c\n", 1),
        ("x" * (LARGEST_YAML + 1), 0),
        ("\x00", 0),
        ("a: '\n", 2),
    ],
)
def test_hostile_texts_are_refused(text: str, line: int) -> None:
    """Aliases, nesting, duplicate keys, size; quickly, with the line."""
    begin = time.perf_counter()
    with pytest.raises(YamlTextError) as raised:
        read_yaml(text)

    assert raised.value.line == line
    assert time.perf_counter() - begin < 1


def test_aliases_may_be_let_be() -> None:
    """As compose files have them: they read as nothing."""
    assert read_yaml("x: &x {a: 1}\ny: {<<: *x, b: 2}\n", aliases=True) == [
        {"x": {"a": "1"}, "y": {"<<": "", "b": "2"}}
    ]


def test_keys_know_their_lines() -> None:
    """For messages."""
    (table,) = read_yaml("a: 1\n\nb:\n  c: 2\n")

    assert table.lines == {"a": 1, "b": 3}  # type: ignore[union-attr]
