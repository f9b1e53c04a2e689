"""Text as markup."""

from __future__ import annotations

import pytest

from keytrace.reporters.html.markup import element, link, said


def test_text_is_escaped_and_made_visible() -> None:
    assert said("<a b=\"c\" d='e'>&\x1b\u2028") == r"&lt;a b=&quot;c&quot; d=&#x27;e&#x27;&gt;&amp;\x1b\u2028"
    assert element("p", "<") == "<p>&lt;</p>"
    assert element("p", "<", "x") == '<p class="x">&lt;</p>'


@pytest.mark.parametrize("address", ["http://a.example", "https://a.example/b?c=d"])
def test_web_addresses_are_links(address: str) -> None:
    assert link(address) == f'<a href="{address}" rel="noopener noreferrer">{address}</a>'


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//a.example", "https://[", "see the wiki"]
)
def test_others_are_text(address: str) -> None:
    assert link(address) == address
