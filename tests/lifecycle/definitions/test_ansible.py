"""Ansible."""

from __future__ import annotations

from keytrace.lifecycle.definitions.ansible import claims, read
from tests.lifecycle.saying import said

TEXT = """\
---
stripe_key: "{{ vault_stripe_key }}"
vaulted: !vault |
  $ANSIBLE_VAULT;1.1;AES256
  6162
app:
  env: {A_KEY: sunrise}
  db: {pass_word: moonlit}
"""


def test_variables() -> None:
    assert said(read, TEXT, "group_vars/all.yml") == [
        ("stripe_key", 2, "reference"), ("vaulted", 3, "encrypted"), ("A_KEY", 7, "value"),
        ("app.db.pass_word", 8, "value"),
    ]  # fmt: skip
    assert next(read("x.yml", TEXT.encode())).refers == ("vault_stripe_key",)
    assert said(read, "$ANSIBLE_VAULT;1.1;AES256\n6162\n", "group_vars/vault.yml") == []


def test_what_tasks_look_up() -> None:
    text = "- name: x\n  shell: use {{ lookup('env', 'A_KEY') }} {{ query(\"env\", 'B_KEY') }}\n"
    found = [(one.name, one.line) for one in read("roles/r/tasks/main.yml", text.encode()) if one.role.value == "read"]
    assert found == [("A_KEY", 2), ("B_KEY", 2)]


def test_inventories_and_plays() -> None:
    assert said(read, "[all:vars]\na_key = sunrise\n# b_key=1\nhost1 c_key='x'\n", "ansible/hosts.ini") == [
        ("a_key", 2, "value"), ("c_key", 4, "placeholder"),
    ]  # fmt: skip
    play = b"- hosts: all\n  vars:\n    a_key: sunrise\n"
    assert claims("deploy.yml", play)
    assert [one.name for one in read("deploy.yml", play)] == ["hosts", "a_key"]


def test_which_files() -> None:
    assert all(claims(path, b"") for path in ("group_vars/prod/a.yml", "roles/a/vars/main.yml", "ansible/site.yml"))
    assert not claims("vars.yml", b"a: 1")
