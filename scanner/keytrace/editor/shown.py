"""From findings to the types of the protocol: places in the units that the editor counts in, severities, edits."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lsprotocol import types

from keytrace.editor.looking import Action, Mark
from keytrace.model import Region, Severity

SOURCE = "keytrace"
_SEVERITIES = {
    Severity.CRITICAL: types.DiagnosticSeverity.Error,
    Severity.HIGH: types.DiagnosticSeverity.Error,
    Severity.MEDIUM: types.DiagnosticSeverity.Warning,
    Severity.LOW: types.DiagnosticSeverity.Information,
    Severity.INFO: types.DiagnosticSeverity.Hint,
}
_LINE_END = re.compile(r"\r\n|\n|\r")


class Shown:
    """A text as an editor counts in it, in UTF-16 code units unless it wants another `encoding` of positions."""

    def __init__(self, uri: str, text: str, encoding: str) -> None:
        self._uri, self._encoding = uri, encoding
        self._lines = _LINE_END.split(text) if encoding != types.PositionEncodingKind.Utf16 else []

    def diagnostics(self, marks: Sequence[Mark], errors: Sequence[str]) -> list[types.Diagnostic]:
        """Return what is found, and in the first line what could not be looked at."""
        top = types.Range(types.Position(0, 0), types.Position(0, 0))
        said = [
            types.Diagnostic(top, f"not looked at: {one}", types.DiagnosticSeverity.Information, source=SOURCE)
            for one in errors
        ]
        return [*map(self._diagnostic, marks), *said]

    def action(self, action: Action, diagnostics: Sequence[types.Diagnostic]) -> types.CodeAction:
        """Return an action, with those of the diagnostics that it settles."""
        edits = [types.TextEdit(self.range(region), text) for region, text in action.edits]
        place = self.range(action.region)
        settled = [one for one in diagnostics if one.code == action.rule and one.range == place]
        return types.CodeAction(
            title=action.title,
            kind=types.CodeActionKind.QuickFix,
            diagnostics=settled,
            is_preferred=action.is_fix,
            edit=types.WorkspaceEdit(changes={self._uri: edits}),
        )

    def range(self, region: Region) -> types.Range:
        start = types.Position(region.start_line - 1, self._units(region.start_line, region.start_column - 1))
        return types.Range(
            start, types.Position(region.end_line - 1, self._units(region.end_line, region.end_column - 1))
        )

    def _diagnostic(self, mark: Mark) -> types.Diagnostic:
        steps = [
            types.DiagnosticRelatedInformation(types.Location(self._uri, self.range(region)), note)
            for region, note in mark.steps
        ]
        return types.Diagnostic(
            range=self.range(mark.region),
            message=mark.message,
            severity=_SEVERITIES[mark.severity],
            code=mark.rule,
            code_description=types.CodeDescription(mark.url) if mark.url else None,
            source=SOURCE,
            related_information=steps or None,
        )

    def _units(self, line: int, column: int) -> int:
        """Return a column that counts UTF-16 code units in the units of the editor."""
        if not 1 <= line <= len(self._lines):
            return column
        before = self._lines[line - 1].encode("utf-16-le", "surrogatepass")[: 2 * column].decode("utf-16-le", "replace")
        return (
            len(before.encode("utf-8", "replace")) if self._encoding == types.PositionEncodingKind.Utf8 else len(before)
        )
