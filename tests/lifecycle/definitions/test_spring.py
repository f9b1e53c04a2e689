"""Settings of Spring."""

from __future__ import annotations

from keytrace.lifecycle.definitions.spring import claims, read

YAML = """\
stripe: {api-key: "${STRIPE_KEY:}"}
---
spring: {config: {activate: {on-profile: prod}}}
stripe:
  api-key: sunrise
"""
PROPERTIES = """\
# a=b
stripe.api-key=sunrise
%prod.other.key: moonlit
#---
spring.config.activate.on-profile=staging
third.key = horizon
"""


def test_profiles_in_yaml() -> None:
    found = [(one.name, one.line, one.environment) for one in read("application.yml", YAML.encode())]
    assert ("stripe.api-key", 1, "") in found
    assert ("stripe.api-key", 5, "prod") in found


def test_properties() -> None:
    found = [(one.name, one.line, one.environment) for one in read("application.properties", PROPERTIES.encode())]
    assert found == [
        ("stripe.api-key", 2, ""), ("other.key", 3, "prod"), ("spring.config.activate.on-profile", 5, "staging"),
        ("third.key", 6, "staging"),
    ]  # fmt: skip


def test_which_files() -> None:
    assert all(claims(path, b"") for path in ("application-prod.yml", "bootstrap.yaml", "a.properties"))
    assert not any(claims(path, b"") for path in ("i18n/messages.properties", "messages_de.properties", "app.yml"))


def test_references() -> None:
    text = "a.key=${A_KEY}\nb.key=${B_KEY:}\nc.key=${other.key:sunrise9}\nurl=jdbc:x://${HOST:localhost}/y\n"
    found = [(one.name, one.refers, str(one.holds)) for one in read("application.properties", text.encode())]
    assert found == [
        ("a.key", ("A_KEY",), "reference"), ("b.key", ("B_KEY",), "reference"), ("c.key", ("other.key",), "value"),
        ("url", (), "placeholder"),
    ]  # fmt: skip
