"""Does a file hold texts of a language? Its path or its first key says so; nothing else decides it."""

from __future__ import annotations

import re
from functools import lru_cache

_LANGUAGES = (  # the codes of ISO 639-1 that programs are mostly translated to
    "af|am|ar|az|be|bg|bn|bs|ca|cs|cy|da|de|el|en|eo|es|et|eu|fa|fi|fr|ga|gl|gu|he|hi|hr|hu|hy|id|is|it|ja|ka|kk|km|"
    "kn|ko|ky|lo|lt|lv|mk|ml|mn|mr|ms|my|nb|ne|nl|nn|no|pa|pl|pt|ro|ru|si|sk|sl|sq|sr|sv|sw|ta|te|tg|th|tl|tr|uk|ur|"
    "uz|vi|zh"
)
_PATH = re.compile(
    r"(?i)(?:^|[/_.\-])(?:i18n|l10n|locales?|locali[sz]ations?|lang(?:uage)?s?|translations?|messages|phrases|intl|nls|"
    r"values-[a-z]{2}(?:-r[a-z]{2})?)(?:[/_.\-]|$)"
    rf"|(?:^|[/_.\-])(?:{_LANGUAGES})(?:[-_][A-Za-z]{{2,4}})?\.\w{{2,10}}$|(?:^|/)strings\.xml$"
    r"|\.(?:po|pot|xliff?|arb|resx|strings|ftl|lang)$"
)
_OF_LANGUAGE = re.compile(rf"(?:^|[/_.\-])(?:(?:{_LANGUAGES})(?:[-_][A-Za-z]{{2,4}})?|[a-z]{{2,3}}[-_][A-Z]{{2}})[/.]")
_SETTINGS = re.compile(r"(?i)\.(?:env|conf|cnf|cfg|sh|sql|tf|tfvars)$")  # my.cnf is no Burmese
_ROOT = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s|#[^\n]*\n|---|//[^\n]*\n|export default|module\.exports =|return|<\?php|[{(\[])*[\"']?(?:"
    + _LANGUAGES.encode() + rb")(?:[-_][A-Za-z]{2,4})?[\"']?\s*(?::|=>|=)\s*[\[{(\r\n]"
)  # fmt: skip


@lru_cache(maxsize=1024)  # many values stand in one file
def by_path(path: str) -> bool:
    """Tell by the path of a file whether it holds texts of a language."""
    return _PATH.search(path) is not None and _SETTINGS.search(path) is None


@lru_cache(maxsize=1024)
def of_one_language(path: str) -> bool:
    """Tell by the path of a file whether it holds the texts of one language, which it names: lang/de/auth.php."""
    return by_path(path) and _OF_LANGUAGE.search(path) is not None


def by_root(data: bytes) -> bool:
    """Tell by the first key of a file, or by its root element, whether it holds texts of a language."""
    return _ROOT.match(data) is not None or b"<resources" in data[:600]
