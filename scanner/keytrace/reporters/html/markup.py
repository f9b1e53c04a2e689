"""Text as markup: whatever it holds, it stays text, and what cannot be seen is shown as an escape."""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

from keytrace.reporters.layout import printable


def said(text: str) -> str:
    """Return a text for any place in a page, attributes in quotes included."""
    return escape(printable(text))


def element(tag: str, text: str, kind: str = "") -> str:
    """Return an element with nothing but text in it."""
    return f'<{tag} class="{kind}">{said(text)}</{tag}>' if kind else f"<{tag}>{said(text)}</{tag}>"


def link(address: str) -> str:
    """Return a link to an address of the web; any other is only text."""
    try:
        is_web = urlsplit(address).scheme in ("http", "https")
    except ValueError:
        is_web = False
    return f'<a href="{said(address)}" rel="noopener noreferrer">{said(address)}</a>' if is_web else said(address)
