"""What the text around a value says of it: a secret by the grammar, none by the place. Whole inputs, scanned alone."""
# ruff: noqa: E501 -- an input of many lines stands on one

from __future__ import annotations

import base64
import random
import string

from keytrace.engine import Engine
from keytrace.findings import find
from keytrace.model import Confidence, FileProvenance
from keytrace.text.document import Document

_RANDOM = random.Random(12)
_LETTERS = string.ascii_letters + string.digits
# In the tables, each of these signs stands for a value.
VALUES = {
    "~K": "".join(_RANDOM.choices(_LETTERS, k=32)),
    "~H": "".join(_RANDOM.choices("0123456789abcdef", k=32)),
    "~S": "Ag" + "".join(_RANDOM.choices(_LETTERS + "+/", k=300)),
    "~P": "tr8-Kes" + "trel-41",
    "~C": base64.b64encode(b"vK7-" + b"wolfhound-22").decode(),
    "~D": "vK7-wolf" + "hound-22",
    "~W": "Kestr" + "el41xQ",
    "~M": "hX92m" + "mQpZ1!",
    "~w": "kest" + "rel41",
    "~N": "pQ7-wa" + "lrus-18",
    "~O": "vR8-co" + "ndor-5",
    "~L": "vkqzx" + "wpbrt",
    "~o": "vR8co" + "ndor5",
    "~k": "tr8-kes" + "trel-41",
    "~q": "it'" + "'s9x",
    "~G": "Winter" + "garden",
    "~1": "9f86d081" + "884c7d65",
    "~2": "8f86d081" + "884c7d61",
    "~3": "7f86d081" + "884c7d62",
    "~4": "af86d081" + "884c7d63",
    "~5": "bf86d081" + "884c7d64",
    "~6": "cf86d081" + "884c7d69",
    "~7": "0f86d081" + "884c7d69",
    "~i": "k3x" + "9ab",
    "~9": "9f86" + "d081",
    "~b": "Bevest" + "iging2x",
}

FOUND = [
    ("config/shop-prod.yaml", "rabbit:\n  username: condor\n  password: condor\n"),
    ("deploy/production/values.yml", "dbPassword: 'Condor'\n"),
    (".env.production", "DB_PASSWORD=condor\n"),
    ("a.yaml", "kind: Secret\nstringData:\n  password: ~P\n"),
    ("a.yaml", "kind: Secret\nstringData:\n  admin: ~W\n"),
    ("a.yaml", "apiVersion: v1\nstringData:\n  blob: ~K\nkind: Secret\n"),
    (
        "a.yaml",
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  a: b\n---\napiVersion: v1\nkind: Secret\ndata:\n  thing: ~C\n",
    ),
    (
        "a.yaml",
        "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  data:\n    thing: ~C\n- kind: ConfigMap\n  data:\n    x: y\n",
    ),
    ("a.json", '{"apiVersion":"v1","kind":"Secret","data":{"thing":"~C"}}'),
    ("a.json", '{\n "kind": "Secret",\n "stringData": {\n  "thing": "~D"\n }\n}'),
    (
        "templates/s.yaml",
        "{{- if .Values.x }}\napiVersion: v1\nkind: Secret\nmetadata:\n  name: {{ .Release.Name }}\nstringData:\n  {{- if .y }}\n  admin: ~W\n  {{- end }}\n{{- end }}\n",
    ),
    ("a.yaml", 'kind: "Secret"\nstringData:\n  "thing": "~D"\n'),
    ("a.sql", "INSERT INTO users (login, password) VALUES ('bob', '~M');"),
    ("a.sql", "insert into `app`.`users` (`id`,`login`,`password`) values (1,'bob','~qQ'),\n (2,'eve','~w');"),
    ("a.sql", "COPY public.users (id, login, password) FROM stdin;\n1\tbob\t~wxQ\n\\.\n"),
    (
        "a.sql",
        "REPLACE INTO settings (k, val, name) VALUES (1, 'x', 'y'); INSERT INTO settings (name, value) VALUES ('smtp_password', '~N');",
    ),
    ("a.py", "db.execute(\"INSERT INTO users (login, password) VALUES ('bob', '~M')\")"),
    ("a.sql", "CREATE USER 'app'@'%' IDENTIFIED BY '~G';"),
    ("a.sql", "CREATE ROLE x WITH LOGIN PASSWORD '~O';"),
    ("a.sql", "CREATE ROLE x WITH LOGIN PASSWORD ~L;"),
    ("a.sql", "CREATE LOGIN x WITH PASSWORD = ''''~O''''"),
    ("a.js", "jwt.sign({id: u.id}, '~k')"),
    ("a.js", "crypto.createHmac('sha256', '~k')"),
    ("a.rb", "OpenSSL::HMAC.hexdigest('SHA256', '~k', data)"),
    ("a.sh", 'curl -u "~H:" https://api.acme.io'),
    ("a.sh", 'curl -u ":~K" https://dev.azure.com/acme'),
    ("a.sh", "smbclient //x/y -U bob%~o"),
    ("a.sh", "snmpwalk -v3 -A ~o 10.0.0.1"),
    ("c.yaml", "    Set-Cookie:\n    - acme-auth.sid=s%3A~K.~K; path=/"),
    ("c.yaml", "    Cookie:\n    - session_id=~K; lang=en"),
]

NOT_FOUND = [
    ("config/shop-prod.yaml", "password: changeme\npassword_policy: strict\n"),
    ("config/shop-prod.yaml", "password: ${DB_PASSWORD}\n"),
    ("production/deploy.yml", "registry:\n  username: condor\n  password:\n    - SHOP_REGISTRY_PASSWORD\n"),
    ("config/products.yaml", "rabbit:\n  username: condor\n  password: condor\n"),
    ("tests/prod/a.yaml", "username: condor\npassword: condor\n"),
    ("a.yaml", "kind: Secret\ndata:\n  azurestorageaccountname: ~D\n"),
    ("a.yaml", "kind: ConfigMap\ndata:\n  admin: Kestrel41xR\n"),
    ("a.yaml", "kind: SealedSecret\nspec:\n  encryptedData:\n    password: ~S\n    api-token: ~S\n"),
    ("a.json", '{"kind":"SealedSecret","spec":{"encryptedData":{"password":"~S"}}}'),
    (
        "a.yaml",
        "kind: Secret\nmetadata:\n  name: db-cred9x\n  labels:\n    app: ~wxQ\ndata:\n  username: YWRtaW5pc3RyYXRvcjk=\n  host: ZGIuYWNtZS5pbw==\ntype: Opaque\n",
    ),
    (
        "a.yaml",
        "kind: Secret\nstringData:\n  password: {{ .Values.password | quote }}\n  token: ${TOKEN}\n  mode: production\n  password2: changeme\n",
    ),
    ("a.yaml", "kms_password: AQIC[cut]AHh~K~K~K"),
    ("a.yaml", "password: gAAAAAB~K~K~K"),
    (
        "nl.yml",
        "nl:\n  devise:\n    password: Wacht[cut]woord\n    current_password: Hui[cut]dig wacht[cut]woord\n    reset_password_token: Herstel[cut]code\n    password_confirmation: ~b\n",
    ),
    ("locales/hu.json", '{"LABEL_PASSWORD_AGAIN": "Jel[cut]szó ismét", "password": "Jel[cut]szó", "token": "Zseton"}'),
    (
        "app.json",
        '{"a": "Bestätigen", "LABEL_MY_PASSWORD": "Wacht[cut]woord wijzigen", "b": "Opslaan als", "c": "Terug naar start", "d": "Annuleren", "e": "Nieuwe regel toevoegen"}',
    ),
    (
        "values-da/strings.xml",
        '<resources><string name="password">Adgangs[cut]kode</string><string name="api_token">Jeton d\'acces</string></resources>',
    ),
    (
        "icons.js",
        'var a=["path",{d:"M12 19V5",key:"~i"}],["path",{d:"M1",key:"1a9xbq"}],["path",{d:"M1",key:"x1a9xb"}],["path",{d:"M1",key:"q1a9xb"}],["path",{d:"M1",key:"z1a9xb"}],["path",{d:"M1",key:"v1a9xb"}]',
    ),
    ("Podfile.lock", "SPEC CHECKSUMS:\n  AuthToken: ~H~9\n"),
    (
        "tab.json",
        '{"A::B::One": "~1", "A::B::Two": "~2", "A::B::Three": "~3", "A::B::ApiKey": "~4", "A::C": "~5", "A::D": "~6", "A::E": "~7"}',
    ),
    ("a.sql", "INSERT INTO users (login, password) VALUES ('bob', '$2y$10$~K~H');"),
    ("a.sql", "INSERT INTO users (login, password_reset_at) VALUES ('bob', '2024-01-01');"),
    ("a.sql", "INSERT INTO users (login, password) VALUES ('bob', 'password'), (?, ?), ('x', NULL);"),
    ("a.sql", "CREATE USER u IDENTIFIED BY 'changeme'; ALTER USER x PASSWORD EXPIRE;"),
    ("a.js", "jwt.sign(x, 'secret'); jwt.verify(token, key); createHmac('sha256', 'hex')"),
    ("a.sh", 'curl -u "$KEY:" https://x; curl -u admin: https://x'),
]


def reported(engine: Engine, path: str, text: str) -> list[int]:
    """Return the lines that are reported by default."""
    for sign, value in VALUES.items():
        text = text.replace(sign, value)
    text = text.replace("[cut]", "")
    findings = find(engine, Document(FileProvenance(path), text.encode()), [])
    return sorted({one.location.region.start_line for one in findings if one.confidence >= Confidence.MEDIUM})


def test_found(engine: Engine) -> None:
    missed = [(path, text) for path, text in FOUND if not reported(engine, path, text)]
    assert missed == []


def test_not_found(engine: Engine) -> None:
    wrong = [(path, text, lines) for path, text in NOT_FOUND if (lines := reported(engine, path, text))]
    assert wrong == []


def test_every_row_and_only_its_own_column(engine: Engine) -> None:
    text = "INSERT INTO t (name, password)\nVALUES ('~W', '~M'),\n('~O', '~k'),\n('x', NULL)"
    assert reported(engine, "a.sql", text) == [2, 3]


def test_only_the_secret_of_several_documents(engine: Engine) -> None:
    text = "kind: ConfigMap\ndata:\n  admin: ~W\n---\nkind: Secret\nstringData:\n  admin: ~W\n---\nkind: Pod\nx: ~W\n"
    assert reported(engine, "a.yaml", text) == [7]
