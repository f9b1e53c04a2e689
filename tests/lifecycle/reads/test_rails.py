"""Credentials of Rails."""

from __future__ import annotations

import pytest

from keytrace.lifecycle.reads.rails import reads


@pytest.mark.parametrize(
    ("text", "name"),
    [("Rails.application.credentials.stripe[:secret_key]", "stripe.secret_key"),
     ("credentials.dig(:aws, :secret_access_key)", "aws.secret_access_key"), ("credentials[:a_key]", "a_key"),
     ("credentials.a_key!", "a_key"), ("credentials.stripe&.dig(:key)", "stripe.key"),
     ("credentials.fetch(:a_key)", "a_key")],
)  # fmt: skip
def test_each_way(text: str, name: str) -> None:
    assert [(one.name, one.line) for one in reads(f"\nx = {text} || 1\n".encode())] == [(name, 2)]


def test_what_is_none() -> None:
    assert list(reads(b"credentials = load; use(credentials)")) == []
