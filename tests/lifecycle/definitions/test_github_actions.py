"""GitHub Actions."""

from __future__ import annotations

from keytrace.lifecycle.definitions.github_actions import claims, read

TEXT = """\
on: push
env:
  A_KEY: ${{ secrets.A_KEY }}
jobs:
  deploy:
    environment: {name: production}
    env:
      B_KEY: ${{ secrets.PROD_B }}
      AUTOMATIC: ${{ secrets.GITHUB_TOKEN }}
    steps:
      - uses: some/action@v1
        with:
          token: ${{ secrets['D_TOKEN'] }}
          level: high
      - run: |
          echo start
          deploy --key ${{ secrets.E_KEY }}
        env:
          F_KEY: literal
  call:
    uses: ./.github/workflows/other.yml
    secrets:
      G_KEY: ${{ secrets.G_KEY }}
"""


def test_all_places() -> None:
    found = [(one.name, one.line, str(one.holds), one.environment, one.refers) for one in read("w", TEXT.encode())]
    assert found == [
        ("A_KEY", 3, "reference", "", ("A_KEY",)),
        ("B_KEY", 8, "reference", "production", ("PROD_B",)),
        ("D_TOKEN", 13, "reference", "production", ()),
        ("F_KEY", 19, "value", "production", ()),
        ("E_KEY", 17, "reference", "production", ()),
        ("G_KEY", 23, "reference", "", ()),
    ]


def test_which_files() -> None:
    assert claims(".github/workflows/ci.yml", b"")
    assert claims("tools/action.yml", b"")
    assert not claims("ci.yml", b"")
