"""Terraform."""

from __future__ import annotations

from keytrace.lifecycle.definitions.terraform import claims, read
from tests.lifecycle.saying import said

TEXT = """\
# comment = "x"
variable "stripe_key" {
  type      = string
  sensitive = true
}
variable "level" { default = "debug" }
/* a = "b"
*/
resource "aws_db_instance" "main" {
  password = var.db_password // why
  environment {
    variables = { STRIPE_KEY = var.stripe_key }
  }
  policy = <<EOT
  token = "no"
EOT
  text = "{ ${a} "
}
resource "x" "y" {
  api_token = "sunrise"
  env = [{ name = "B_KEY", value = local.b_key }]
}
"""


def test_blocks() -> None:
    assert said(read, TEXT, "a.tf") == [
        ("stripe_key", 2, "reference"), ("level", 6, "reference"), ("level", 6, "value"),
        ("main.password", 10, "reference"), ("STRIPE_KEY", 12, "reference"), ("main.policy", 14, "empty"),
        ("main.text", 17, "placeholder"), ("y.api_token", 20, "value"), ("B_KEY", 21, "reference"),
    ]  # fmt: skip
    found = {one.name: one for one in read("a.tf", TEXT.encode())}
    assert found["stripe_key"].is_kept
    assert not found["level"].is_kept
    assert found["STRIPE_KEY"].refers == ("stripe_key",)
    assert found["main.password"].refers == ("db_password",)


def test_variables_of_a_container() -> None:
    text = 'resource "a" "b" {\n  env {\n    name  = "A_KEY"\n    value = "sunrise"\n  }\n'
    text += '  env { name = "B_KEY", value = "moonlit" }\n  env {\n    name = "C_KEY"\n    value_source {\n'
    assert said(read, text, "a.tf") == [
        ("A_KEY", 4, "value"), ("B_KEY", 6, "value"), ("C_KEY", 8, "reference"),
    ]  # fmt: skip


def test_what_a_provider_is_handed_is_read_there() -> None:
    text = 'provider "acme" {\n  api_key = var.acme_key\n  token   = "sunrise"\n}\n'
    assert [(one.role.value, one.name, one.line) for one in read("a.tf", text.encode())] == [
        ("read", "acme_key", 2), ("defined", "acme.token", 3),
    ]  # fmt: skip


def test_values() -> None:
    text = 'region = "eu"\nstripe_key   = "sunrise"\nkeys = {\n  "a_key" = "moonlit"\n}\n'
    assert said(read, text, "a.tfvars") == [
        ("region", 1, "placeholder"), ("stripe_key", 2, "value"), ("a_key", 4, "value"),
    ]  # fmt: skip
    assert said(read, '{"a": {"b_key": "sunrise"}}', "a.tfvars.json") == [("a.b_key", 1, "value")]


def test_which_files() -> None:
    assert all(
        claims(path, b"") for path in ("a.tf", "prod.tfvars", "a.auto.tfvars", "a.tfvars.json", "terragrunt.hcl")
    )
    assert not claims("a.tfstate", b"")
