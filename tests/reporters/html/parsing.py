"""A page, taken apart."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

VOID = {"meta", "input", "br"}
Attributes = dict[str, str | None]


class Page(HTMLParser):
    """The elements of a page in their order, its text and what its style sheets and scripts hold."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, Attributes]] = []
        self.text = ""
        self.held: list[tuple[str, Attributes, str]] = []
        self._open: list[str] = []
        self.feed(markup)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs)
        self.elements.append((tag, dict(attrs)))
        if tag in ("style", "script"):
            self.held.append((tag, dict(attrs), ""))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] in ("style", "script"):
            tag, attributes, held = self.held[-1]
            self.held[-1] = (tag, attributes, held + data)
        else:
            self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    @property
    def index(self) -> Any:
        """What the script filters by."""
        (data,) = (held for _, attributes, held in self.held if attributes.get("type") == "application/json")
        return json.loads(data)

    def parts(self, tag: str) -> list[str]:
        """Return what runs or styles, by its tag."""
        return [held for name, attributes, held in self.held if name == tag and "type" not in attributes]

    @property
    def shape(self) -> list[tuple[str, tuple[str, ...]]]:
        """The elements with the names of their attributes: what text must never change."""
        return [(tag, tuple(attributes)) for tag, attributes in self.elements]

    @property
    def policy(self) -> str:
        (said,) = (one["content"] for tag, one in self.elements if one.get("http-equiv") == "Content-Security-Policy")
        return said or ""

    def said(self) -> str:
        """Return the text with white space folded."""
        return re.sub(r"\s+", " ", self.text)
