"""Sources meet git apart from the configuration of whoever runs the tests."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _own_configuration(own_git_configuration: None) -> None:
    pass
