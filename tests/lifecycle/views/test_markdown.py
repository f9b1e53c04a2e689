"""The inventory as a page."""

from __future__ import annotations

import io

from markdown_it import MarkdownIt

from keytrace.lifecycle.views import markdown
from tests.lifecycle.views.test_records import INVENTORY


def test_a_table_and_the_places() -> None:
    stream = io.StringIO()
    markdown.write(INVENTORY, stream)
    page = MarkdownIt("commonmark").enable("table").render(stream.getvalue())
    assert "<td>A_KEY</td>" in page
    assert "<li>defined .env:3 (production, api, value, @a)</li>" in page
    assert "Also called a." in page
    assert page.count("<blockquote>") == 2
