"""An editor, for the tests: it starts the server, and speaks the protocol over its standard input and output."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

Message = dict[str, Any]
_PATIENCE = 120  # seconds, of a machine that is busy


class Editor:
    """A session with `keytrace lsp`, for the workspace `folder`."""

    def __init__(self, folder: Path, encodings: tuple[str, ...] = ("utf-16",), *, start: bool = True) -> None:
        self.folder = folder
        command = [sys.executable, "-P", "-m", "keytrace", "lsp"]
        self.process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self.came: queue.Queue[Message | None] = queue.Queue()
        self.all: list[Message] = []
        self._count = 0
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        if start:
            capabilities = {"general": {"positionEncodings": list(encodings)}}
            folders = [{"uri": folder.as_uri(), "name": "w"}]
            told = {
                "processId": os.getpid(),
                "rootUri": None,
                "capabilities": capabilities,
                "workspaceFolders": folders,
            }
            self.capabilities = self.request("initialize", told)["capabilities"]
            self.notify("initialized", {})

    def _listen(self) -> None:
        assert self.process.stdout
        while header := self.process.stdout.readline():
            size = int(header.split(b":")[1])
            while self.process.stdout.readline().strip():
                pass
            self.came.put(json.loads(self.process.stdout.read(size)))
        self.came.put(None)

    def raw(self, data: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, **message: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.raw(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def notify(self, method: str, params: Any) -> None:
        self.send(method=method, params=params)

    def request(self, method: str, params: Any) -> Any:
        self._count += 1
        number = self._count
        self.send(id=number, method=method, params=params)
        return self.until(lambda message: message.get("id") == number and "method" not in message)["result"]

    def until(self, is_it: Callable[[Message], bool]) -> Message:
        """Return the next message of a kind; raise EOFError where the server ends before."""
        while True:
            message = self.came.get(timeout=_PATIENCE)
            if message is None:
                raise EOFError
            self.all.append(message)
            if is_it(message):
                return message

    def open(self, name: str, text: str, version: int = 1) -> list[Any]:
        item = {"uri": self.uri(name), "languageId": "x", "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})
        return self.diagnostics(name, version)

    def change(self, name: str, text: str, version: int) -> None:
        item = {"uri": self.uri(name), "version": version}
        self.notify("textDocument/didChange", {"textDocument": item, "contentChanges": [{"text": text}]})

    def diagnostics(self, name: str, version: int | None = None) -> list[Any]:
        """Return what is published of a document in one of its versions."""
        uri = self.uri(name)
        message = self.until(
            lambda message: (
                message.get("method") == "textDocument/publishDiagnostics"
                and message["params"]["uri"] == uri
                and message["params"].get("version") == version
            )
        )
        found: list[Any] = message["params"]["diagnostics"]
        return found

    def ask(self, what: str, name: str, line: int, **more: Any) -> Any:
        place = {"line": line, "character": 0}
        document = {"uri": self.uri(name)}
        if what == "hover":
            return self.request("textDocument/hover", {"textDocument": document, "position": place})
        given = {
            "textDocument": document,
            "range": {"start": place, "end": place},
            "context": {"diagnostics": [], **more},
        }
        return self.request("textDocument/codeAction", given)

    def uri(self, name: str) -> str:
        return name if ":" in name else (self.folder / name).as_uri()

    def end(self) -> tuple[int, str]:
        """End the session as an editor does; return the exit code and what was printed besides the messages."""
        self.request("shutdown", None)
        self.notify("exit", None)
        return self.leave()

    def leave(self) -> tuple[int, str]:
        """Be gone, without a word; return the same."""
        assert self.process.stdin
        assert self.process.stdout
        assert self.process.stderr
        self.process.stdin.close()
        code = self.process.wait(_PATIENCE)
        said = self.process.stderr.read().decode()
        self._listener.join()
        self.process.stdout.close()
        self.process.stderr.close()
        return code, said

    def messages(self) -> list[str]:
        """Return what the user was shown up to now."""
        return [one["params"]["message"] for one in self.all if one.get("method") == "window/showMessage"]
