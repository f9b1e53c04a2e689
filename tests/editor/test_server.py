"""Real sessions over standard input and output."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from keytrace import scan_text
from keytrace.editor.stream import LIMIT
from tests.samples import marked as github_token

from .client import Editor

KEY = github_token(1)
LEAKY = f"import os\n\nAPI_TOKEN = '{KEY}'\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("workspace")


@pytest.fixture(scope="module")
def editor(folder: Path) -> Iterator[Editor]:
    editor = Editor(folder)
    yield editor
    assert editor.end() == (0, "")
    assert not [one for one in editor.all if KEY in json.dumps(one)]


def places(found: list[Any]) -> list[tuple[str, int, int, int]]:
    return [
        (
            one["code"],
            one["range"]["start"]["line"],
            one["range"]["start"]["character"],
            one["range"]["end"]["character"],
        )
        for one in found
    ]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"method": "nosuch"}, -32601),
        ({"method": "nosuch", "params": {}}, -32601),
        ({"method": "textDocument/definition", "params": {}}, -32601),
        ({"method": "textDocument/hover", "params": {"bad": 1}}, -32602),
        ({"method": "textDocument/codeAction"}, -32602),
    ],
)
def test_each_request_has_an_answer(editor: Editor, message: dict[str, Any], code: int) -> None:
    number = f"own {message}"
    editor.send(id=number, **message)
    assert editor.until(lambda one: one.get("id") == number)["error"]["code"] == code


def test_as_one_types(editor: Editor) -> None:
    (found,) = editor.open("app.py", LEAKY)
    assert places([found]) == [("github-personal-access-token", 2, 13, 13 + len(KEY))]
    assert (found["severity"], found["source"]) == (1, "keytrace")
    assert found["codeDescription"]["href"].startswith("https://")
    for version in range(2, 20):
        editor.change("app.py", f"{LEAKY}# {version}\n", version)
    assert len(editor.diagnostics("app.py", 19)) == 1
    editor.change("app.py", "import os\n", 20)
    assert editor.diagnostics("app.py", 20) == []
    editor.notify("textDocument/didClose", {"textDocument": {"uri": editor.uri("app.py")}})
    assert editor.diagnostics("app.py") == []


def test_utf_16_positions(editor: Editor) -> None:
    (found,) = editor.open("notes.txt", f"𝄞é {KEY}")
    assert places([found])[0][2:] == (4, 4 + len(KEY))


@pytest.mark.parametrize(("encoding", "start"), [("utf-8", 7), ("utf-32", 3)])
def test_other_positions(encoding: str, start: int, folder: Path) -> None:
    editor = Editor(folder, (encoding, "utf-16"))
    assert editor.capabilities["positionEncoding"] == encoding
    (found,) = editor.open("notes.txt", f"𝄞é {KEY}")
    assert places([found])[0][2:] == (start, start + len(KEY))
    assert editor.end()[0] == 0


def test_hover(editor: Editor) -> None:
    editor.open("hover.py", LEAKY)
    told = editor.ask("hover", "hover.py", 2)["contents"]
    assert told["kind"] == "markdown"
    assert told["value"].startswith(
        "**GitHub personal access token (classic)** `github-personal-access-token` (critical"
    )
    assert "*What to do:*" in told["value"]
    assert "has the format of" in told["value"]
    assert editor.ask("hover", "hover.py", 0) is None
    assert editor.ask("hover", "nowhere.py", 0) is None


def apply(text: str, edits: list[Any]) -> str:
    """Return a text of ASCII as an editor would have it after the edits."""
    lines = text.splitlines(keepends=True)
    for edit in sorted(edits, key=lambda one: json.dumps(one["range"]), reverse=True):
        start, end = (edit["range"][key] for key in ("start", "end"))
        assert start["line"] == end["line"]
        line = lines[start["line"]]
        lines[start["line"]] = line[: start["character"]] + edit["newText"] + line[end["character"] :]
    return "".join(lines)


def test_actions(editor: Editor) -> None:
    found = editor.open("actions.py", LEAKY)
    fix, ignore = editor.ask("actions", "actions.py", 2, diagnostics=found)
    assert fix["title"].startswith("Read API_TOKEN from the environment")
    assert ignore["title"] == "Ignore this finding of github-personal-access-token"
    assert fix["diagnostics"] == ignore["diagnostics"] == found
    results = [apply(LEAKY, one["edit"]["changes"][editor.uri("actions.py")]) for one in (fix, ignore)]
    assert results[0] == "import os\n\nAPI_TOKEN = os.environ['API_TOKEN']\n"
    assert results[1] == LEAKY.replace("API", "# keytrace:ignore[github-personal-access-token] -- no secret\nAPI", 1)
    for version, text in enumerate(results, 2):
        editor.change("actions.py", text, version)
        assert editor.diagnostics("actions.py", version) == []
    assert editor.ask("actions", "actions.py", 0) == []


def test_the_configuration_of_the_folder(editor: Editor, folder: Path) -> None:
    assert len(editor.open("fixtures/a.txt", KEY)) == 1
    (folder / "keytrace.toml").write_text('exclude = ["fixtures/"]\n')
    editor.notify("textDocument/didSave", {"textDocument": {"uri": editor.uri("keytrace.toml")}})
    assert editor.diagnostics("fixtures/a.txt", 1) == []
    (folder / "keytrace.toml").write_text("nonsense = 1\n")
    editor.notify("textDocument/didSave", {"textDocument": {"uri": editor.uri("keytrace.toml")}})
    message = editor.until(lambda one: one.get("method") == "window/showMessage")["params"]["message"]
    assert "nonsense" in message
    (folder / "keytrace.toml").unlink()
    editor.notify("textDocument/didSave", {"textDocument": {"uri": editor.uri("keytrace.toml")}})
    assert len(editor.diagnostics("fixtures/a.txt", 1)) == 1


def test_odd_names(editor: Editor) -> None:
    for name in ("two words/é#%20.py", "untitled:Untitled-1", "git:/a.py?ref"):
        assert len(editor.open(name, LEAKY)) == 1


def test_many_documents(editor: Editor) -> None:
    for number in range(40):
        item = {"uri": editor.uri(f"many/{number}.txt"), "languageId": "x", "version": 1, "text": KEY}
        editor.notify("textDocument/didOpen", {"textDocument": item})
    editor.change("many/0.txt", "clean", 2)
    waiting = {editor.uri(f"many/{number}.txt") for number in range(40)}
    while waiting:
        told = editor.until(lambda one: one.get("method") == "textDocument/publishDiagnostics")["params"]
        if told.get("version") == (2 if told["uri"].endswith("/0.txt") else 1):
            waiting.discard(told["uri"])


def test_any_edits_are_as_a_cold_scan(editor: Editor) -> None:
    random = Random(5)
    text = ""
    pieces = [
        "\n",
        "\r\n",
        "\r",
        "\x0c",
        "\u2028",
        "𝄞",
        "# é\n",
        f"t = '{KEY}'\n",
        "def f():\n    ",
        "\x00",
        "'''",
        "}",
    ]
    editor.open("edits.py", text)
    for version in range(2, 40):
        at = random.randrange(len(text) + 1)
        text = text[:at] + random.choice(pieces) + text[at + random.choice((0, 0, 3)) :]
        editor.change("edits.py", text, version)
        cold = [
            (one.rule_id, one.location.region.start_line - 1, one.location.region.start_column - 1)
            for one in scan_text(text, "edits.py").active
        ]
        assert [one[:3] for one in places(editor.diagnostics("edits.py", version))] == cold


def test_garbage_is_said_and_passed_over(folder: Path) -> None:
    editor = Editor(folder)
    for body in (
        b"{",
        b"[]",
        b"\xff",
        b'{"jsonrpc": "2.0", "method": 5}',
        b'{"jsonrpc":"2.0","method":"textDocument/didOpen"}',
    ):
        editor.raw(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
    editor.raw(b"nonsense\r\n" * 3 + b"x" * 10_000 + b"\r\n")
    editor.notify(
        "textDocument/didChange", {"textDocument": {"uri": "file:///nowhere", "version": 1}, "contentChanges": []}
    )
    editor.notify("textDocument/didOpen", {"textDocument": {"uri": 7, "text": KEY}})
    editor.notify("keytrace/nonsense", {"text": KEY})
    assert len(editor.open("a.txt", KEY)) == 1
    assert editor.end() == (0, "")
    assert any("a message was not understood" in one for one in editor.messages())
    assert not [one for one in editor.all if KEY in json.dumps(one)]


def test_a_request_that_nobody_knows(folder: Path) -> None:
    editor = Editor(folder)
    editor.send(id=77, method="keytrace/nonsense", params={})
    answer = editor.until(lambda message: message.get("id") == 77)
    assert answer["error"]["code"] == -32601
    assert editor.end() == (0, "")
    assert editor.messages() == []


@pytest.mark.parametrize("data", [b"nonsense\n\n", b"Content-Length: 5\r\n\r\nhello"])
def test_what_is_no_editor(folder: Path, data: bytes) -> None:
    editor = Editor(folder, start=False)
    editor.raw(data)
    code, said = editor.leave()
    assert code == 2
    assert "keytrace: what came is no message of the Language Server Protocol" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("header", [b"Content-Length: abc", b"Content-Length: -5", b"nonsense: 5"])
def test_a_message_without_a_length_ends_it(folder: Path, header: bytes) -> None:
    editor = Editor(folder)
    editor.raw(header + b"\r\n\r\n{}")
    with pytest.raises(EOFError):
        editor.until(lambda _: False)
    code, said = editor.leave()
    assert code == 2
    assert said.startswith("keytrace: a message came without a length that can be read (Content-Length: BYTES)\n")


def test_an_editor_that_says_no_more_than_its_name(folder: Path) -> None:
    editor = Editor(folder, start=False)
    editor.request("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
    assert editor.leave() == (1, "")


def test_a_message_that_is_too_large(folder: Path) -> None:
    editor = Editor(folder)
    assert len(editor.open("large.txt", KEY)) == 1
    head = b'{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"%b","version":2},"x":"'
    head %= editor.uri("large.txt").encode()
    size = LIMIT + 10
    editor.raw(b"Content-Length: %d\r\n\r\n%b" % (size, head))
    editor.raw(b"x" * (size - len(head) - 3) + b'"}}')
    assert editor.diagnostics("large.txt") == []
    assert editor.messages() == [
        "keytrace: a message of 34 MB was not read: `keytrace scan` looks at files of any size"
    ]
    editor.change("large.txt", KEY, 3)
    assert len(editor.diagnostics("large.txt", 3)) == 1
    (told,) = editor.open("wide.txt", "x" * (2**22 + 1))
    assert told["message"] == "not looked at: it is larger than 4 MB; `keytrace scan` looks at it"
    assert editor.end()[0] == 0


@pytest.mark.parametrize(
    "left", [b"", b"Content-Length: 5", b"Content-Length: 50\r\n\r\n{", b"Content-Length: 99999999999\r\n\r\n{"]
)
def test_an_editor_that_is_gone(left: bytes, folder: Path) -> None:
    editor = Editor(folder)
    editor.raw(left)
    assert editor.leave() == (1, "")
