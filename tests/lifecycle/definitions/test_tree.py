"""YAML with lines."""

from __future__ import annotations

import pytest

from keytrace.lifecycle.definitions.tree import BrokenError, documents, settings


def test_lines_merges_and_leaves() -> None:
    (tree,) = documents(b"base: &b\n  a: 1\nown:\n  <<: *b\n  list:\n    - x: y\n    - z\n  text: |\n    one\n")
    own = tree.get("own")
    assert own is not None
    assert [(path, line, value.text) for path, line, value in own.leaves()] == [
        (("a",), 2, "1"), (("list", "x"), 6, "y"), (("text",), 8, "one\n"),
    ]  # fmt: skip
    assert tree.say("own", "a") == "1"
    assert tree.get("own", "nothing") is None


def test_templates_keep_their_place() -> None:
    (tree,) = documents(b'{{- if .Values.on }}\na: {{ .Values.a | quote }}\nb: "x{{ .b }}"\n{{ end }}\n{% if c %}\n')
    assert [(key, line, value.text) for key, line, value in tree.items()] == [
        ("a", 2, "{{ .Values.a | quote }}"), ("b", 3, "x{{ .b }}"),
    ]  # fmt: skip


def test_tags_and_what_is_no_yaml() -> None:
    (tree,) = documents(b"a: !vault |\n  $ANSIBLE\nb: !Ref Name\n")
    assert tree.say("a").startswith("!vault $ANSIBLE")
    assert tree.say("b") == "!Ref Name"
    with pytest.raises(BrokenError) as error:
        documents(b"a: 1\nb: [\n")
    assert error.value.line == 3
    deep = b"[" * 3000
    with pytest.raises(BrokenError):
        documents(deep)


def test_json_may_have_comments_and_a_comma_at_the_end() -> None:
    text = b'{\n  // a "comment"\n  "a": "http://x", /* two\n lines */ "b": {"c": "d",},\n}\n'
    (tree,) = documents(text)
    assert [(".".join(path), line, value) for path, line, value in settings(tree)] == [
        ("a", 3, "http://x"),
        ("b.c", 4, "d"),
    ]
