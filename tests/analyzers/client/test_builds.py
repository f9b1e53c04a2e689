"""Values that a build puts into web pages and apps under names of its own."""

from __future__ import annotations

import pytest

from keytrace.engine import Engine
from tests.analyzers.client.test_references import KEY, SHIPPED, exposed

STRINGIFIED = f"define: {{ 'process.env.API_KEY': JSON.stringify(env.{KEY}) }}"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("vite.config.ts", STRINGIFIED),
        ("webpack.prod.js", f'new DefinePlugin({{ KEY: JSON.stringify(process.env["{KEY}"]) }})'),
        ("next.config.mjs", f"export default {{ env: {{ A: 1, KEY: process.env.{KEY} }} }}"),
        ("next.config.js", f"module.exports = {{ publicRuntimeConfig: {{ key: process.env.{KEY} }} }}"),
        ("nuxt.config.ts", f"defineNuxtConfig({{ runtimeConfig: {{ public: {{ key: process.env.{KEY} }} }} }})"),
        ("webpack.config.js", f"new webpack.EnvironmentPlugin(['NODE_ENV', '{KEY}'])"),
        ("webpack.config.js", f"new webpack.EnvironmentPlugin({{ {KEY}: null, PORT: 1 }})"),
        ("webpack.config.js", f"new webpack.DefinePlugin({{ 'process.env.{KEY}': values.key }})"),
        ("app.kt", f"val key = BuildConfig.{KEY}"),
        ("build.gradle", f'buildConfigField "String", "{KEY}", "\\"${{key}}\\""'),
        ("build.gradle.kts", f'buildConfigField("String", "{KEY}", key)'),
        ("Info.plist", f"<key>{KEY}</key>\n\t<string>$(KEY)</string>"),
        ("Info.plist", f"<key>ClientConfig</key><string>$({KEY})</string>"),
        ("AndroidManifest.xml", f'<meta-data android:name="com.acme.{KEY}" android:value="${{key}}" />'),
        ("ai.dart", f"final key = dotenv.env['{KEY}'] ?? '';"),
        ("ai.dart", f"const key = String.fromEnvironment('{KEY}');"),
        ("ai.ts", f"import {{ API_URL, {KEY} }} from '@env'"),
    ],
)
def test_found(engine: Engine, path: str, text: str) -> None:
    assert exposed(engine, path, text) == [(1, "high", "high")]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("server.ts", STRINGIFIED),
        ("vite.config.ts", f"const key = env.{KEY}"),
        ("vite.config.ts", "define: { KEY: JSON.stringify(env.STRIPE_PUBLISHABLE_KEY) }"),
        ("next.config.mjs", f"export default {{ serverRuntimeConfig: {{ key: process.env.{KEY} }} }}"),
        ("nuxt.config.ts", f"defineNuxtConfig({{ runtimeConfig: {{ key: process.env.{KEY}, public: {{ a: 1 }} }} }})"),
        ("server.js", f"new EnvironmentPlugin(['{KEY}'])"),
        ("webpack.config.js", f"if (process.env.{KEY}) plugins.push(new EnvironmentPlugin(['PORT']))"),
        ("Info.plist", "<key>ClientConfig</key><string>$(PRODUCT_NAME)</string>"),
        ("env.mjs", f"export default {{ env: {{ KEY: process.env.{KEY} }} }}"),
        ("next.config.mjs", f"const key = process.env.{KEY}; export default {{ env: {{ A: process.env.PORT }} }}"),
        ("app.kt", "BuildConfig.DEBUG || BuildConfig.API_KEY == null"),  # some are made for clients
        ("main.py", f"dotenv.get('{KEY}')"),
        ("ai.dart", f"Platform.environment['{KEY}']"),
        ("ai.ts", "import { environment } from '@env'"),
    ],
)
def test_not_reported(engine: Engine, path: str, text: str) -> None:
    assert exposed(engine, path, text) == []


def test_a_name_with_a_prefix_is_told_of_once(engine: Engine) -> None:
    text = f"define: {{ KEY: JSON.stringify(env.{SHIPPED}) }}"
    assert exposed(engine, "vite.config.ts", text) == [(1, "high", "high")]
