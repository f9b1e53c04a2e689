"""The language server: what the editor tells, and what it is told. Texts are looked at in a process of their own."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Awaitable
from typing import Any, BinaryIO, TypeVar
from urllib.parse import unquote, urlsplit

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams, JsonRpcMethodNotFound
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol
from pygls.uris import to_fs_path

from keytrace.config import BASELINE_NAME
from keytrace.editor.looking import Buffer, actions, look, tell, warm_up
from keytrace.editor.shown import SOURCE, Shown
from keytrace.editor.stream import TOO_LARGE, BoundedInput
from keytrace.editor.turns import Turns
from keytrace.editor.worker import Worker
from keytrace.errors import ScannerError
from keytrace.git import top_level
from keytrace.reporters.layout import printable
from keytrace.sources.texts import path_below
from keytrace.version import __version__

T = TypeVar("T")
_MOST = 2**22  # bytes of a text that is looked at as one types
_SETTINGS = frozenset(
    ("keytrace.toml", "pyproject.toml", ".gitleaks.toml", ".keytraceignore", ".gitignore", BASELINE_NAME)
)


class Protocol(LanguageServerProtocol):
    """Answers also a request that cannot be read: an editor waits for each of its own."""

    def structure_message(self, data: dict[str, Any]) -> Any:
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            if not isinstance(data.get("method"), str) or not isinstance(data.get("id"), str | int):
                raise
            known = {*self.fm.features, *self.fm.builtin_features}
            why = JsonRpcInvalidParams if data["method"] in known else JsonRpcMethodNotFound
            self._send_response(data["id"], error=why().to_response_error())
            raise JsonRpcMethodNotFound from error  # of which nothing more is said


class Server(LanguageServer):
    """Looks at the open documents, one after the other, the last changed first."""

    def __init__(self) -> None:
        super().__init__("keytrace", __version__, types.TextDocumentSyncKind.Full, protocol_cls=Protocol)
        self.worker = Worker()
        self.turns = Turns()
        self.told: set[str] = set()  # messages that were shown
        self.texts: dict[str, tuple[str, int | None]] = {}  # of open documents, with their versions
        self.is_met = False  # an editor has introduced itself
        self.shown: dict[str, list[types.Diagnostic]] = {}

    def report_server_error(self, error: Exception, source: Any) -> None:  # noqa: ARG002 - pygls calls it so
        """Say that something went wrong, without the text of the error, which may quote a document.

        Of a request that we do not know an editor is told in the answer, and tries on: that is none of the user's.
        """
        if isinstance(error, JsonRpcMethodNotFound):
            return
        self.say(f"a message was not understood ({type(error).__name__}); the documents are looked at as before")

    def meet(self, params: types.InitializeParams) -> None:
        """Have the worker warm up while an editor that introduces itself has more to do."""
        self.is_met = True
        given = [one.uri for one in params.workspace_folders or ()] or [params.root_uri or ""]
        folder = to_fs_path(given[0]) or os.getcwd()
        self.worker.start(warm_up, top_level(folder) or folder)

    def say(self, message: str) -> None:
        """Show a message, once."""
        if message not in self.told:
            self.told.add(message)
            kind = types.MessageType.Warning
            self.window_show_message(types.ShowMessageParams(kind, f"keytrace: {printable(message)}"))

    def buffer(self, uri: str) -> Buffer | None:
        """Return the text of a document with the path that it is scanned under, None where there is none to scan."""
        if uri not in self.texts:
            return None
        data = self.texts[uri][0].encode("utf-8", "replace")
        if len(data) > _MOST:
            return None
        path = to_fs_path(uri)
        folders = [to_fs_path(one.uri) or "" for one in self.workspace.folders.values()]
        if path is None:  # not saved yet
            name = os.path.basename(unquote(urlsplit(uri).path)) or "untitled"
            return Buffer(next(filter(os.path.isdir, folders), os.getcwd()), name, data)
        path = os.path.abspath(path)
        root = top_level(os.path.dirname(path)) or _holding(folders, path) or os.path.dirname(path)
        return Buffer(root, path_below(root, path), data)

    async def run_turns(self) -> None:
        """Look at documents as their turns come, for as long as the server runs."""
        while True:
            uri = self.turns.take(time.monotonic())
            if uri is None:
                await asyncio.sleep(0.005 if self.turns else 0.02)
                continue
            try:
                await self.look_at(uri)
            except Exception as error:  # whatever it is, the next document has its turn
                self.report_server_error(error, type(error))

    async def look_at(self, uri: str) -> None:
        """Look at a document, and publish what is found unless it has changed meanwhile."""
        text, version = self.texts.get(uri, ("", None))
        buffer = self.buffer(uri)
        if uri not in self.texts:
            return
        if buffer is None:
            self.publish(uri, text, [], [f"it is larger than {_MOST // 2**20} MB; `keytrace scan` looks at it"])
            return
        found = await self.answered(self.worker.ask(look, buffer))
        if found is not None and self.texts.get(uri) == (text, version):
            self.publish(uri, text, *found)

    def publish(self, uri: str, text: str, marks: Any, errors: Any) -> None:
        self.shown[uri] = Shown(uri, text, self.encoding).diagnostics(marks, errors)
        version = self.texts[uri][1]
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, self.shown[uri], version))

    async def answered(self, asked: Awaitable[T]) -> T | None:
        """Return the answer of the worker, None where there is none; what the user must mend is said."""
        try:
            return await asked
        except ScannerError as error:
            self.say(error.one_line)
            return None

    @property
    def encoding(self) -> str:
        return self.workspace.position_encoding or types.PositionEncodingKind.Utf16

    def touched(self, uri: str, first: int, last: int) -> bool:
        """Tell whether something is shown on these lines, counted from 0: else nobody need be asked."""
        return any(one.range.start.line <= last and one.range.end.line >= first for one in self.shown.get(uri, ()))


def _holding(folders: list[str], path: str) -> str:
    """Return the innermost folder of the workspace that holds a path."""
    return max((one for one in folders if one and path.startswith(os.path.join(one, ""))), key=len, default="")


def serve(stdin: BinaryIO, stdout: BinaryIO) -> int:
    """Serve an editor until it says to end, or is gone; return the exit code.

    Raise ScannerError where nothing that came was a message.
    """
    logging.getLogger("pygls").setLevel(logging.CRITICAL + 1)  # it would quote documents
    server = Server()
    _hear(server)
    given = BoundedInput(stdin)
    try:
        server.start_io(given, stdout)  # type: ignore[arg-type]  # all of a stream that it uses
    finally:
        server.worker.close()
    if given.is_used and not server.is_met:
        raise ScannerError("what came is no message of the Language Server Protocol", "an editor starts keytrace lsp")
    if given.is_broken:
        raise ScannerError(
            "a message came without a length that can be read (Content-Length: BYTES)", "the editor is to start it anew"
        )
    return 0 if server.protocol._shutdown else 1


def _hear(server: Server) -> None:
    """Register what the server does at what the editor tells."""
    running: list[asyncio.Task[None]] = []

    @server.feature(types.INITIALIZE)
    def met(params: types.InitializeParams) -> None:
        server.meet(params)

    @server.feature(types.INITIALIZED)
    def initialized(_params: types.InitializedParams) -> None:
        running.append(asyncio.get_running_loop().create_task(server.run_turns()))

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        _changed(document.uri, document.text, document.version)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeTextDocumentParams) -> None:
        uri = params.text_document.uri
        _changed(uri, server.workspace.get_text_document(uri).source, params.text_document.version)

    def _changed(uri: str, text: str, version: int | None) -> None:
        server.texts[uri] = (text, version)
        server.turns.want(uri, time.monotonic())

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: types.DidSaveTextDocumentParams) -> None:
        if os.path.basename(urlsplit(params.text_document.uri).path) in _SETTINGS:
            server.told.clear()
            for uri in server.texts:
                server.turns.want(uri, time.monotonic())

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        server.turns.drop(uri)
        server.texts.pop(uri, None)
        server.shown.pop(uri, None)
        server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    @server.feature(TOO_LARGE)
    def too_large(params: Any) -> None:
        size = f"a message of {params.size / 1e6:,.0f} MB was not read"
        server.say(f"{size}: `keytrace scan` looks at files of any size")
        if params.uri in server.texts:  # what is known of it is old
            server.texts.pop(params.uri)
            server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(params.uri, []))

    _answer(server)


def _answer(server: Server) -> None:
    """Register what the server answers."""

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        uri, line = params.text_document.uri, params.position.line
        buffer = server.buffer(uri) if server.touched(uri, line, line) else None
        if buffer is None:
            return None
        told = await server.answered(server.worker.ask(tell, buffer, line + 1))
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, told)) if told else None

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])
    )
    async def code_actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        uri, first, last = params.text_document.uri, params.range.start.line, params.range.end.line
        buffer = server.buffer(uri) if server.touched(uri, first, last) else None
        if buffer is None:
            return []
        text = server.texts[uri][0]
        found = await server.answered(server.worker.ask(actions, buffer, first + 1, last + 1))
        ours = [one for one in params.context.diagnostics if one.source == SOURCE]
        shown = Shown(uri, text, server.encoding)
        return [shown.action(one, ours) for one in found or ()]
