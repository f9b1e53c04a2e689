"""Files that everybody gets: what a bundler makes, source maps, resources of mobile apps."""

from __future__ import annotations

import re

_FILE = re.compile(
    r"(?:^|/)(?:dist|build|out|public|static|www|bundle|\.next|\.nuxt|\.output|\.svelte-kit|_next|wwwroot)/.*\.(?:js|mjs|cjs|html?|map|css|json)$"
    r"|\.(?:min|bundle|chunk)\.m?js$|\.(?:js|mjs|css)\.map$|(?:^|/)AndroidManifest\.xml$|(?:^|/)res/values[\w-]*/[\w-]+\.xml$"
    r"|(?:^|/)Info\.plist$|(?:^|/)google-services\.json$|(?:^|/)GoogleService-Info\.plist$|\.(?:apk|ipa|aab|xcconfig)(?:!|$)"
)  # fmt: skip


def claims(path: str) -> bool:
    return _FILE.search(path) is not None
