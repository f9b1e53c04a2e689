"""Text that markup cuts in pieces."""

from __future__ import annotations

import pytest

from .reading import decoded

WORD = (
    "<w:p><w:r><w:t>to</w:t></w:r>{}"
    '<w:r w:rsidR="0A"><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">ken</w:t></w:r></w:p>'
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (WORD.format(""), "o"),
        (WORD.format('<w:proofErr w:type="spellStart"/>'), "o"),
        (WORD.format("\n  "), "o"),
        ("<a:r><a:t>to</a:t></a:r><a:r><a:rPr lang='en'/><a:t>ken</a:t></a:r>", "o"),
        ("<si><r><t>to</t></r><r><rPr><b/></rPr><t>ken</t></r></si>", "o"),
        ('<text:p>to<text:span text:style-name="T1">ke</text:span>n</text:p>', "oke"),
    ],
)
def test_runs_of_one_paragraph(text: str, found: str) -> None:
    assert decoded("markup", text) == [found.encode()]


@pytest.mark.parametrize(
    "text",
    [
        "<w:p><w:r><w:t>to</w:t></w:r></w:p><w:p><w:r><w:t>ken</w:t></w:r></w:p>",
        WORD.format("<w:r><w:tab/></w:r>"),
        WORD.format("<w:r><w:br/></w:r>"),
        "<si><t>to</t></si><si><t>ken</t></si>",
        "<si><r><t>to</t></r></si><si><r><t>ken</t></r></si>",
        "<w:t>to</w:t></w:r><w:r><a:t>ken</a:t>",
        "<b>to</b><b>ken</b>",
    ],
)
def test_what_stands_apart(text: str) -> None:
    assert decoded("markup", text) == []
