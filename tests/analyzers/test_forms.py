"""Forms in which a value is bound to a name: what stands between them hides nothing, what is no binding is none."""

from __future__ import annotations

import random
import string

from keytrace.engine import Engine
from keytrace.findings import find
from keytrace.model import Confidence, FileProvenance
from keytrace.text.document import Document

_RANDOM = random.Random(11)
_LETTERS = string.ascii_letters + string.digits
# In the tables, each of these signs stands for a value that looks like a real one.
VALUES = {
    "~P": "Mx94-" + "quartz-lamp",
    "~W": "otter" + "falls",
    "~K": "".join(_RANDOM.choices(_LETTERS, k=32)),
    "~R": "".join(_RANDOM.choices(_LETTERS, k=32)),
    "~H": "".join(_RANDOM.choices("0123456789abcdef", k=32)),
    "~T": "kdvt bqm4 " + "ye3w n5rj x7fa 2hcu",
    **dict(
        zip(
            ("~a", "~b", "~c", "~d", "~e"),
            "kfj.sqwe kq7.ps kqz.ps vkq7.pszz QKZ.WVTRX".replace(".", "").split(),
            strict=True,
        )
    ),
    **dict(zip(("~f", "~g", "~h"), "kzs.fq9 wbe.ux9 qfua.edt9".replace(".", "").split(), strict=True)),
    "~F": "gravel4." + "hollow." + "meander.thistle",  # words that have nothing to do with each other
    "~G": "gravel4-" + "hollow-" + "meander-thistle-quarry",
    "~L": "gravel-" + "hollow-" + "meander-thistle-quarry",
    "~N": "new" + "Pw1",
    "~w": "kest" + "rel41",
    "~m": "Abc%" + "d9xY!",  # %d by chance
    "~B": "".join(_RANDOM.choices(_LETTERS, k=43)) + "=",  # base64 of 32 bytes
}

FOUND = [
    ("a.py", 'if password == "~P":'),
    ("a.py", '"mysql+pymysql://ada:~P@db7.shop.net/test"'),
    ("a.json", '"SecretAccessKey": "~RExample~K"'),
    ("a.html", "<tr><th>API key:</th><td><code>~K</code></td></tr>"),
    ("a.html", "<b>Password:</b> ~P<br>"),
    ("a.csv", "name,user,password\nshop,ada,~P\n"),
    ("a.md", "| user | password |\n|---|---|\n| ada | ~K |\n"),
    ("a.js", 'auth: { user: "ada", pass: "~W" }'),
    ("a.js", 'const dbPassword = // legacy\n  "~P";'),
    ("a.ts", 'const apiKey: string = /* old */ "~K";'),
    ("a.go", 'apiKey := /* x */ "~K"'),
    ("A.java", 'String apiKey = // from console\n    "~K";'),
    ("a.rb", 'api_key = # old\n  "~K"'),
    ("a.php", '$apiKey = # old\n "~K";'),
    ("a.lua", 'local apiKey = -- old\n "~K"'),
    ("a.sql", "SET api_key = -- x\n '~K'"),
    ("a.clj", '(def api-key ; old\n  "~K")'),
    ("a.vb", 'Dim apiKey As String = _\n  "~K"'),
    ("a.ps1", '$apiKey = `\n "~K"'),
    ("a.ps1", '$apiKey = <# old #> "~K"'),
    ("a.c", '#define API_KEY \\\n  "~K"'),
    ("a.css.html", "<password><!-- old -->~P</password>"),
    ("a.xml", "<apiKey>\n <!-- old -->\n ~K\n</apiKey>"),
    ("a.yaml", "password: # note\n  ~P\n"),
    ("a.yaml", 'password: # note\n  "~P"\n'),
    ("a.sh", "PASSWORD=\\\n~P\n"),
    ("a.properties", "password=\\\n    ~P\n"),
    ("a.sh", "tool --token \\\n   ~K \\\n  --x"),
    ("a.ml", 'let api_key = (* old *) "~K"'),
    ("a.hs", 'apiKey = {- old -} "~K"'),
    ("a.py", 'password = (  # note\n    "~P"\n)'),
    ("a.py", 'password = \\\n    "~P"'),
    ("a.tf", 'api_key = # old\n "~K"'),
    ("a.json5", '{"apiKey": // old\n "~K"}'),
    ("a.json", '{"apiKey": /* old */ "~K"}'),
    ("a.js", 'const x = { apiKey /* old */: "~K" }'),
    ("a.erl", 'ApiKey = % old\n "~K".'),
    ("a.bat", "set API_KEY=^\n~K"),
    ("a.toml", 'api_key = # c\n "~K"'),
    ("Dockerfile", "ENV API_KEY=\\\n~K"),
    ("a.scala", 'val apiKey = // old\n // two lines\n "~K"'),
    ("a.js", 'f(\n apiKey, // old\n)\nconst token = ( // x\n "~K")'),
    ("s.yaml", "data:\n  password: ~B\n  rootPassword: ~K\n"),
    ("s.yaml", "storageKey: ~B\nclientSecret: ~K\n"),
    ("a.cs", 'const string proxyPass   = "~a";'),
    ("a.ini", "bind_pw          = ~b"),
    ("a.ini", "LDAP_BIND_PW=~c"),
    ("a.conf", "smtp_pass     : v~bzz"),
    ("a.md", "- **API key**: ~K"),
    ("a.md", "- **Token:** `~K`"),
    ("a.md", "*token*: ~K"),
    ("a.md", "- **password**: ~e"),
    ("a.rst", "API Key: ``~K``"),
    ("a.rb", "set_property(:auth0, :secret, '~K')"),
    ("a.rb", "let(:api_token) { '~H' }"),
    ("a.rb", "receive(:token) { '~H~H' }"),
    ("a.rb", "cookies[:remember_me_token] = { value: '~K' }"),
    ("a.json", '{"tokens":["~K","~R","~H"]}'),
    ("a.yaml", "tokens:\n  - ~K\n  - ~R\n  - ~H\n"),
    ("a.py", 'tokens = ["~K", "~R"]'),
    ("a.py", 'totp_secret = "~T"'),
    ("a.json", '{"key":"x-api-key","value":"~H"}'),
    ("a.json", '{"key":"X-API-Key","value":"~H"}'),
    ("a.json", '{"key":"api_key","type":"text","value":"~H"}'),
    ("a.json", '{"key":"client_secret","value":"~K","disabled":false}'),
    ("a.json", '[{"name":"DB_PASSWORD","secure":true,"value":"~P"}]'),
    ("a.json", '[{"ParameterKey":"DBPassword","ParameterValue":"~P"}]'),
    ("a.yaml", "- name: DB_PASSWORD\n  type: string\n  value: ~P\n"),
    ("a.yaml", "- key: client_secret\n  value: ~K\n"),
    ("a.xml", '<add key="ApiKey" lock="true" value="~K"/>'),
    ("a.xml", "<entry><key>api-key</key><value>~K</value></entry>"),
    ("a.xml", '<item key="client_secret" value="~K"/>'),
    ("a.xml", "<header><name>X-Api-Key</name><value>~K</value></header>"),
    ("a.tf", 'variable "db_password" {\n  type = string\n  description = "the password"\n  default = "~P"\n}'),
    ("a.tf", 'variable "db_password" {\n  default = "~P"\n}'),
    (
        "a.tf",
        'resource "aws_ssm_parameter" "x" {\n  name  = "/db_password"\n  type = "SecureString"\n  value = "~P"\n}',
    ),
    ("a.json", '{"apiToken": {"value": "~K", "x": 1}}'),
    ("a.yaml", "apiToken:\n  value: ~K\n"),
    ("a.json", '{"value":"~K","key":"client_secret"}'),
    ("a.hcl", 'env {\n name = "API_TOKEN"\n value = "~K"\n}'),
    (".env", "APP_KEY=base64:~B"),
    (".env.example", "APP_KEY=base64:~B"),
    ("a.yaml", "KEY_URL: https://x.acme.io/?apiKey=~K"),
    ("a.yaml", "OPSGENIE_API_KEY_URL: https://x.acme.io/?a=1&apiKey=~K"),
    ("a.py", 'x = {"Apitoken": "{\\"name\\":\\"root\\",\\"sig\\":\\"~K\\"}"}'),
    ("a.json", '{"Apitoken": {"name":"root","sig":"~K"}}'),
]

FOUND += [
    ("a.json", '"file":"http://cdn.acme.io/5dcb?e=1973634298&token=~K"'),
    ("a.md", "see https://badger.acme.io/x?token=~K"),  # the value of an entry before its name, in a list of them
    ("a.yaml", "env:\n  - value: ~K\n    name: DB_PASSWORD\n  - name: LEVEL\n    value: x\n"),
    ("a.yaml", "env:\n  - name: A\n    value: b\n  - value: ~P\n    name: DB_PASSWORD\n"),
    ("a.yaml", "env:\n  - name: API_TOKEN\n    value: ~K\n  - value: b\n    name: OTHER\n"),
    ("a.yaml", 'env:\n  - value: "~P"\n    name: DB_PASSWORD\n'),
    ("a.sql", "\\set POSTGRES_PASS ~P\n"),
    # words that have nothing to do with each other
    (".env", "NEXTAUTH_SECRET=~G\n"),
    ("a.yaml", "session_secret: ~L\n"),
    ("a.ini", "db_password = ~F\n"),
    ("a.yaml", "db:\n  pass: ~w\n"),
    ("a.yaml", "smtp:\n  host: mail.shop.net\n  user: mailer\n  pass: ~W\n"),
    ("a.conf", "sql_user = ada\nsql_pass = ~W\n"),
    (".env", "DB_PASSWORD=~m\n"),
    ("a.yaml", "password: k7%s~f~h\n"),
    ("a.conf", "bindpw ~W\n"),
    ("a.cs", '{ "Data:CertificatePassword", "Alongside-Unworthy-' + 'Query3-Cozy" },'),
    ("a.js", 'if (username === "ada" && password === "~W") { enter(); }'),
    ("msmtprc", "user mailer\npassword ~w\n"),
    (".fetchmailrc", 'poll mail.shop.net user "ada" password "~w" is ada here\n'),
    ("chap-secrets", "ada * ~w *\n"),
    ("sasl_passwd", "[smtp.shop.net]:587 mailer@shop.net:~w\n"),
    ("rsyncd.secrets", "ada:~w\n"),
    (".env", "KIBANA_AUTH=elastic:~w\n"),
    ("a.go", 'auth := smtp.PlainAuth("", "mailer@shop.net", "~w", "smtp.shop.net")'),
    ("a.php", '$m = new mysqli("localhost", $user, "~w", "shop");'),
    ("a.pl", "my $db = DBI->connect($dsn, 'shop', '~w');"),
    ("a.cr", 'basic_auth "admin", "~w"'),
]

NOT_FOUND = [
    (".env", "HTTP_AUTH=localhost:8080\n"),
    ("sudoers.j2", "%{{ group }} ALL = (root) NOPASSWD: NGINX_STOP\n"),
    ("a.yml", "when: item.login is defined and item.password is truthy and item.x"),
    ("a.yml", "runner__apt_key: 'F6403F6544A38863DAA0" + "B6E03F01618A51312F3F'"),
    ("a.yml", "pwdExpireWarning: '1209600'"),
    ("a.yml", 'secrets: "BW-GHAPP-ID,BW-GHAPP-KEY"'),
    ("a.cs", 'Guid _passwordSendGuid = Guid.Parse("da36fa27-f0e8-4701-a585-d3d8c2f67c4b");'),
    ("a.yml", 'C: "Server=db;User Id=SA;Password=SET_A_PASSWORD_HERE_123;Encrypt=True"'),
    ("a.go", 'const totpSecret = "JBSWY3DPEHPK3PXP' + 'JBSWY3DPEHPK3PXP"'),
    ("resources/lang/aa-ER/auth.php", "<?php\nreturn ['password' => 'crwdns6846:0crwdne6846:0'];"),
    ("a.php", "$rules = ['password' => 'required|min:8'];"),
    ("mode-x.js", 'regex: x, token : "comment.doc.tag.storage.type",'),
    ("a.phar", "'passphrase' => CURLOPT_SSLKEYPASSWD,"),
    ("a.yml", "test: ['CMD', 'mysqladmin ping -u root -p\"$$MYSQL_ROOT_PASSWORD\"']"),
    ("a.rst", "https://drive.acme.com/folders/0B?resourcekey=0-SYjuhCohAIM7_pmysVc3Xg&usp=sharing"),
    ("a.sh", 'psql -c "update u set encryptedpass' + "word='\\$2a\\$10\\$~K~f'\""),
    ("a.rb", 'c = "CREATE ROLE x PASSWORD \'"+pgPassword+"\' LOGIN;"'),
    (
        "a.json",
        "".join(f'{{"reblog_key":"{key}"}},' for key in ("4S794HJO", "CQlLW9KL", "DcmfU690", "9nlKOdmm", "23XEJIHs")),
    ),
    ("a.yaml", "password: prefix-%s\n"),
    ("a.go", 'fmt.Sprintf("password=%s%d", password, 4)'),
    ("a.ts", 'const passwordStrengthLabels = ["Weak", "Fair", "Good", "Strong3!"];'),
    ("a.js", 'if (user.password === "LDAP") return;'),
    ("a.go", 'auth := &http.BasicAuth{Username: token, Password: "x-oauth-basic"}'),
    ("a.sh", "git clone https://$TOKEN:x-oauth-basic@github.com/shop/shop.git"),
    ("spec/a.js", "request(app).get('/').auth('admin', '~W')"),
    ("a.go", 'l.Bind("cn=reader,dc=shop,dc=net", password)'),
    ("a.yaml", "run: echo x | docker login -u x --password-stdin ccr.ccs.tencentyun.com"),
    ("a.yaml", 'adminSecretNamespace: "kube-system"'),
    ("a.yaml", "image: mall/mall-auth:1.0-SNAPSHOT"),
    ("pom.xml", "<artifactId>shop-auth</artifactId>\n<version>1.4.2.RELEASE</version>"),
    ("a.json", '"fileId":"http://cdn.acme.io/5dcb?e=1573634298&token=~K:~R"'),
    ("a.json", '"fileId":"http://cdn.acme.io/5dcb?e=1573634298&amp;token=~K:~R"'),
    ("a.json", '"fileId":"http://cdn.acme.io/5dcb?token=~K&expires=1573634298"'),
    ("a.md", "[![c](https://codecov.io/gh/a/b/branch/x/graph/badge.svg?token=~f~g)](https://x.io)"),
    ("a.md", "![c](https://circleci.com/gh/a/b.svg?circle-token=~H&style=svg)"),
    ("a.yaml", "env:\n  - name: DB_PASSWORD\n    valueFrom: x\n  - value: ~K\n    name: LEVEL\n"),
    ("a.yaml", "ingress:\n  value: ~W\n  secretName: web-token\n"),
    ("a.html", "<input value=~K name=token>"),
    ("a.yaml", "image: docker.io/valkey/valkey:9@sha256:~H~H"),
    ("a.yaml", "LISTENERS: INTERNAL://kafka1:9091,TOKEN://kafka1:10091,SSL://kafka1:11091"),
    ("a.conf", "ssl_cipher_list = ALL:!ADH:!MD5:!PSK:!DSS:!RC4:!SEED:+HIGH"),
    ("a.yaml", "- ADMIN_TOKEN=$$argon2id$$v=19$$m=19456,t=2,p=1$$~K$$~K"),
    ("a.yaml", "CONFIG_SECRET_SASL_MECHANISM: 'OAUTHBEARER'"),
    ("sync", "  $mysync->{password1} = firstline ( $mysync->{ passfile1 } ) ;"),
    ("a.html", "payload = {password: ~N, password2: ~N};"),
    ("a.twig", "payload = {password: ~N, password2: ~N}"),
    ("a.php", "$app_password = app_passwd(\"details\", $app_password['id']);"),
    ("a.conf.j2", "password_query = SELECT email, password FROM users WHERE email = '%u';"),
    ("a.sh", 'mysql -p"${MYSQL_PASSWORD:-secret}" shop'),
    (".env", "APP_SECRET=replace-with-some-long-random-secret\n"),
    ("a.yaml", "tls_secret: web-frontend-tls-cert-app\n"),
    ("a.py", "raise ValueError(\"Missing either 'PASSWORD' or 'HASHNT' !\")"),
    ("a.py", 'if context.identify(user.password) == "bcrypt":'),
    ("a.sh", "options --username --password --netrc --cookies"),
    ("a.sql", "the value of the entry that is identified by 'kestrel41'"),
    ("a.conf", "# (see the username= and password= options to add it)"),
    ("a.py", 'WS_KEY = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"'),
    ("a.py", 'if self.update_password == "always":'),
    ("a.py", "# to tune it, pass ``least=12``."),
    ("a.map", '"const onepass = re2.onepass;\\n"'),
    ("a.py", 'url = "?color=red&auth=%5BFiltered%5D"'),
    ("a.py", '"mysql+pymysql://scott:tiger@db7.shop.net/test"'),
    ("a.py", 'connect(user="scott", password="tiger", dsn=dsn)'),
    ("a.js", 'totpSecretQrCode: "iVBORw0KGgo~K~R"'),
    ("a.json", '"SecretAccessKey": "~REXAMPLEKEY"'),
    ("a.py", "{'password_transport': 'environment'}"),
    ("a.html", "<b>Password:</b> must contain a digit<br>"),
    ("a.csv", "field,token,note\nuser,word,the name\nlast,other,the rest\n"),
    ("a.js", 'rules: { field: "ada", pass: "~W" }'),
    ("a.yaml", "password: # note\nusername: bobby\n"),
    ("a.yaml", "password: # note\n  # more\nvhost: /xyzzy\n"),
    ("a.yaml", "rabbit:\n  password:\n  vhost: /xyzzy9\n"),
    ("a.sh", "PASSWORD= \\\n USER=foo9bar x"),
    ("a.sh", "tool --token \\\n  --force99x"),
    ("a.js", "const re = /'/g;\nconst o = { token: ~f, password: ~g, secretKey: ~h };"),
    ("b.min.js", 'var q=/["\']/g,t=s.replace(/\'/g,"x");x={token:kzsfqXa2,password:wbeux.co9x,apiKey:~hXk2m};'),
    ("build.gradle", "compile 'io.jsonwebtoken:jjwt-gson:0.11.2'"),
    ("b.gradle.kts", 'implementation("io.jsonwebtoken:jjwt-api:${jjwt2}")'),
    ("deps.yaml", "- io.jsonwebtoken:jjwt-impl:0.12.6"),
    ("pom.txt", "com.acme.token:acme-token-core:1.4.2-RC1"),
    ("a.json", '{"key":"password","value":"{{password}}"}'),
    ("a.json", '{"key":"X-Api-Key","value":""}'),
    ("a.py", 'def f(token, value="Kx82mQp91Zvb"):\n  pass'),
    ("a.json", '{"key":"token","type":"string","value":"$TOKEN_X2"}'),
    ("a.yaml", "password:\n  type: string\n  description: x9y8z7w6\n"),
    ("openapi.yaml", "properties:\n  password:\n    type: string\n    format: x9y8z7w6\n"),
    ("a.js", 'case TOKEN: // c\n  foo("kx82mqp")'),
    ("a.ts", 'const token = t("a2b"); // "Kx82mQp91Zvb"'),
]


def reported(engine: Engine, path: str, text: str) -> list[str]:
    """Return the lines that are reported by default."""
    for sign, value in VALUES.items():
        text = text.replace(sign, value)
    findings = find(engine, Document(FileProvenance(path), text.encode()), [])
    return [
        text.splitlines()[finding.location.region.start_line - 1]
        for finding in findings
        if finding.confidence >= Confidence.MEDIUM
    ]


def test_found(engine: Engine) -> None:
    missed = [(path, text) for path, text in FOUND if not reported(engine, path, text)]
    assert missed == []


def test_not_found(engine: Engine) -> None:
    wrong = [(path, text, lines) for path, text in NOT_FOUND if (lines := reported(engine, path, text))]
    assert wrong == []


def test_each_value_of_a_list(engine: Engine) -> None:
    assert len(reported(engine, "a.json", '{"tokens": ["~K", "~R", "~H"]}')) == 3
    assert len(reported(engine, "a.yaml", "tokens:\n  - ~K\n  - ~R\n  - ~H\nnames:\n  - ada\n")) == 3


def test_an_equals_sign_at_the_end_is_of_the_value(engine: Engine) -> None:
    text = "data:\n  password: ~B\n  rootPassword: ~K\n"
    assert [line.split(":")[0].strip() for line in reported(engine, "a.yaml", text)] == ["password", "rootPassword"]
