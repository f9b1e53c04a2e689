"""Which variable a setting of pydantic is taken from; tests/cases/fixes/default.txt has what becomes of one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fixers.fixing import SAMPLES, outcome

KEY = SAMPLES["{KEY}"]


@pytest.mark.parametrize(
    ("config", "name"),
    [
        ("", "API_KEY"),
        ('    model_config = SettingsConfigDict(env_prefix="shop_")\n', "SHOP_API_KEY"),
        ('    class Config:\n        env_prefix = "Shop_"\n        case_sensitive = True\n', "Shop_api_key"),
        ("    model_config = SettingsConfigDict(env_file=BASE / '.env')\n", "API_KEY"),
        ("    model_config = SettingsConfigDict(env_prefix=PREFIX)\n", ""),
        ("    model_config = SettingsConfigDict(env_file='.env.local')\n", ""),
        ("    class Config:\n        fields = {'api_key': {'env': 'SHOP'}}\n", ""),
    ],
)
def test_the_variable_is_what_pydantic_looks_for(config: str, name: str, tmp_path: Path) -> None:
    text = f'from pydantic_settings import *\n\nclass Settings(BaseSettings):\n{config}    api_key: str = "{KEY}"\n'
    (tmp_path / "config.py").write_text(text)
    assert outcome(tmp_path, unsafe=True).variables().get("", {}) == ({name: KEY} if name else {})
