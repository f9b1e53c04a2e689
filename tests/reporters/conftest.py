"""The canonical report that every format is tried on: all that a report can hold, secrets made up on the spot."""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from io import StringIO

import pytest

from keytrace.model import (
    Confidence,
    Evidence,
    FileProvenance,
    Finding,
    Liveness,
    Location,
    Provenance,
    Reason,
    Report,
    Rule,
    ScanError,
    Secret,
    Severity,
    Skipped,
    StagedProvenance,
    Statistics,
    StreamProvenance,
    Suppression,
    SuppressionKind,
    Verification,
)  # fmt: skip
from keytrace.reporters import ReporterOptions, write
from keytrace.text.document import Document

HOSTILE_PATH = "odd/\x1b[31m\u202e[bold]100%\udcff name#?.env"
ROOT = "/home/dev/shop"

_RANDOM = random.Random(0)


def _letters(count: int) -> str:
    return "".join(_RANDOM.choices(string.ascii_letters + string.digits, k=count))


KEY = "sk_demo_" + _letters(32)
OTHER_KEY = "sk_demo_" + _letters(32)
ACCESS_ID = "DEMOID" + _letters(14)
ACCESS_SECRET = _letters(40)
PASSWORD = 'pä+/ "\\=%<&> ' + _letters(12)
PEM = "-----BEGIN DEMO KEY-----\n" + "\n".join(_letters(64) for _ in range(3)) + "\n-----END DEMO KEY-----"
SECRETS = [KEY, OTHER_KEY, ACCESS_SECRET, PASSWORD, PEM]

PAYMENT_RULE = Rule(
    id="demo-payment-key",
    name="Demo payment key",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    analyzer="pattern",
    description="Signs requests to the payment service as your company.",
    impact="Whoever holds it takes payments, issues refunds and reads the names and addresses of all customers.",
    remediation="Roll the key at https://pay.example/keys; read the new one from DEMO_PAYMENT_KEY.",
    references=("https://pay.example/docs/keys", "https://pay.example/docs/rolling"),
    cwe=(798,),
    tags=("payments",),
)
CLOUD_RULE = Rule(
    id="demo-cloud-credentials",
    name="Demo cloud credentials",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    analyzer="pattern",
    description="Key id and secret of a cloud account.",
    impact="Whoever holds them runs machines at your cost.",
    remediation="Deactivate the pair in the console.",
    references=("https://cloud.example/docs",),
    cwe=(798, 200),
)
LOGGED_RULE = Rule(
    id="secret-is-logged",
    name="Secret is logged",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    analyzer="python",
    description="A value read from a secret's environment variable reaches a log.",
    impact="Logs are kept for long and read by many.",
    remediation="Log that the key is set, not the key.",
    references=("https://docs.example/logging",),
    cwe=(532,),
)
FOREIGN_RULE = Rule("their-rule", "A rule that was imported", Severity.LOW, Confidence.LOW, "pattern")
FILE_RULE = Rule(
    "keystore-file", "Keystore file", Severity.INFO, Confidence.HIGH, "pattern", description="Holds keys.", cwe=(538,)
)


def locate(provenance: Provenance, text: str, span: str, note: str = "") -> Location:
    """The first place of `span` in `text`, with all secrets masked in its excerpt."""
    data = text.encode()
    start = data.index(span.encode())
    end = start + len(span.encode())
    masks = sorted((data.index(item.encode()), len(item.encode())) for item in SECRETS if item.encode() in data)
    document = Document(provenance, data)
    excerpt = document.excerpt(start, end, [(at, at + size) for at, size in masks])
    return Location(provenance, start, end, document.region(start, end), excerpt, note)


def found(rule: Rule, location: Location, value: str, **more: object) -> Finding:
    marker = "sk_demo_" if value.startswith("sk_demo_") else ""
    number = random.Random(f"{rule.id}{location.provenance.path!a}{location.start}").getrandbits(128)
    fields: dict[str, object] = {"message": rule.name, "severity": rule.severity, "confidence": rule.confidence} | more
    secret = Secret(value.encode(), marker)
    return Finding(rule.id, location=location, secret=secret, fingerprint=f"{number:032x}", **fields)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def report() -> Report:
    settings = FileProvenance("src/settings.py")
    settings_text = f'import os\n\nPAYMENT_KEY = "{KEY}"\nCLOUD_ID = "{ACCESS_ID}"\nCLOUD_SECRET = "{ACCESS_SECRET}"\n'
    client = FileProvenance("src/client.py")
    client_text = 'key = os.environ["API_KEY"]\nheaders = {"key": key}\nlog.info("sent %s", headers)\n'
    hostile_text = f"\x1b]0;gotcha\x07\u202eKEY={KEY} # [red]x[/red]"
    emoji_text = f'\t"🔑 漢字": "{OTHER_KEY}",\n'
    payment = locate(settings, settings_text, KEY)
    evidence = (Evidence("has the format of: Demo payment key", 6), Evidence("near the word 'test'", -1.5))
    findings = (
        found(FILE_RULE, locate(FileProvenance("app.keystore"), "", ""), ""),
        found(PAYMENT_RULE, locate(StagedProvenance(HOSTILE_PATH), hostile_text, KEY), KEY),
        found(
            LOGGED_RULE,
            locate(client, client_text, "headers)"),
            "headers",
            message="The value of API_KEY is logged",
            flow=(
                locate(client, client_text, 'os.environ["API_KEY"]', 'read from os.environ["API_KEY"]'),
                locate(client, client_text, '{"key": key}', "put into headers"),
                locate(FileProvenance("src/log.py"), "def info(*args):\n    print(args)\n", "print(args)", "printed"),
            ),
        ),
        found(
            PAYMENT_RULE, locate(FileProvenance("src/i18n.json"), emoji_text, OTHER_KEY), OTHER_KEY,
            verification=Verification(Liveness.LIVE, "pay.example accepts it", "pay.example", (("account", "[shop]"),)),
        ),
        found(PAYMENT_RULE, payment, KEY, evidence=evidence),
        found(
            CLOUD_RULE,
            locate(settings, settings_text, ACCESS_SECRET),
            ACCESS_SECRET,
            related=(locate(settings, settings_text, ACCESS_ID, "the key id [public]"), payment),
        ),
        found(CLOUD_RULE, locate(FileProvenance("src/tls.py"), f'KEY = """{PEM}"""\n', PEM), PEM,
              verification=Verification(Liveness.UNKNOWN, "no rule says how to ask")),
        found(FOREIGN_RULE, locate(StreamProvenance("stdin"), f"password: {PASSWORD}\n", PASSWORD), PASSWORD),
        found(
            PAYMENT_RULE, locate(FileProvenance("tests/a.py"), f"a = '{KEY}'  # ignored", KEY), KEY,
            suppression=Suppression(SuppressionKind.INLINE, "keytrace:ignore on line 1: a sample"),
        ),
        found(
            PAYMENT_RULE, locate(FileProvenance("tests/b.py"), f"b = '{KEY}'", KEY), KEY,
            suppression=Suppression(SuppressionKind.ALLOWLIST, "test data"),
        ),
        found(
            CLOUD_RULE, locate(FileProvenance("tests/c.py"), f"c = '{ACCESS_SECRET}'", ACCESS_SECRET), ACCESS_SECRET,
            suppression=Suppression(SuppressionKind.BASELINE, "accepted in the baseline"),
        ),
        found(
            CLOUD_RULE, locate(FileProvenance("tests/d.py"), f"d = '{ACCESS_SECRET}'", ACCESS_SECRET), ACCESS_SECRET,
            suppression=Suppression(SuppressionKind.BASELINE, "rotated in May"),
        ),
    )  # fmt: skip
    return Report(
        root=ROOT,
        findings=findings,
        errors=(ScanError("caf\udce9.txt", "Permission denied"), ScanError("/mnt/big.log", "larger than 50 MB")),
        rules=(CLOUD_RULE, PAYMENT_RULE, FILE_RULE, LOGGED_RULE, FOREIGN_RULE),
        statistics=Statistics(
            files=1234,
            bytes=5_678_901,
            binary_files=1,
            hidden_findings=4,
            seconds=0.5,
            skipped={"binary": 1, ".gitignore": 2, "special file": 1, "symbolic link within the scan": 1},
        ),
        skipped=(
            Skipped("build/", Reason.GITIGNORE),
            Skipped("caf\udce9.o", Reason.GITIGNORE),
            Skipped("logo 1.png", Reason.BINARY),
            Skipped("pipe", Reason.SPECIAL),
            Skipped("shortcut", Reason.LINK_WITHIN),
        ),
        notes=("keytrace.toml: 'exclud' is not a setting",),
    )


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page as wide as it wants, and no job of a CI service."""
    for name in ("COLUMNS", "GITHUB_REPOSITORY", "GITHUB_SHA", "GITHUB_SERVER_URL", "CI_PROJECT_URL", "CI_COMMIT_SHA"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def rendered() -> Callable[..., str]:
    def render(kind: str, report: Report, **options: object) -> str:
        stream = StringIO()
        write(kind, report, stream, ReporterOptions(**options))  # type: ignore[arg-type]
        return stream.getvalue()

    return render


@pytest.fixture(scope="session")
def secrets() -> list[str]:
    return SECRETS
