"""Names bound to literals in many languages and formats: what is reported, what is not."""

from __future__ import annotations

import random
import string

import pytest

from keytrace.engine import Engine
from keytrace.findings import find
from keytrace.model import Confidence, FileProvenance, Match, Severity
from keytrace.text.document import Document
from tests.growing import grows_linearly

_RANDOM = random.Random(7)
# In the tables, each of these signs stands for a value that looks like a real one.
VALUES = {
    "~P": "Tr0ub4" + "dor7" + "Xq",  # a password that somebody thought of
    "~S": "vK9#mQ" + "2x!Lw7",  # one with punctuation
    "~K": "".join(_RANDOM.choices(string.ascii_letters + string.digits, k=32)),
    "~H": "".join(_RANDOM.choices("0123456789abcdef", k=40)),
    "~D": "uq4895" + "738!@#$%dfd",
    "~T": r"Tajn\u00e9",  # a text
}

FOUND = [
    ("app.php", "'passwords' => ['~P', 'required-by-nobody']"),
    ("README.md", "Secret key: ~H"),
    ("vars.yml", 'password: "~D"'),  # %d of nobody's format
    ("users.sql", '{"password": "~P", "salt": "b0x7Yw3Kp1mZ5tRq9vLd2g=="}'),  # no hash has this length
    ("a.ps1", 'Connect-Server -Password "~P" -Name a'),
    ("guide.md", "The password is ~P and the user admin"),
    ("app.env", "RESET_TOKEN=~K"),
    ("build.gradle", 'storePassword "~P"'),
    ("a.php", "public $partner_private_key = '~K';"),
    ("a.ts", "public key: string = '~K';"),
    # Python
    ("app.py", 'password = "~P"'),
    ("app.py", "PASSWORD = '~S'"),
    ("app.py", 'self._db_password: str = "~P"'),
    ("app.py", 'api_key: Final[str] = "~K"'),
    ("app.py", 'def connect(host, password="~P"):'),
    ("app.py", 'def connect(host: str, password: str = "~P") -> None:'),
    ("app.py", 'client = Client(user, api_key="~K")'),
    ("app.py", 'config["password"] = "~P"'),
    ("app.py", "config['SECRET_KEY'] = '~K'"),
    ("app.py", '{"user": "ada", "password": "~P"}'),
    ("app.py", 'if password == "~P":'),
    ("app.py", 'api_key: str | None = "~K"'),
    ("app.py", 'password = """~P"""'),
    ("app.py", 'API_KEY = (\n    "~K"\n)'),
    ("app.py", 'requests.get("https://api.acme.net/v1?api_key=~K")'),
    ("App.cs", 'public string Password { get; set; } = "~P";'),
    ("main.rs", 'const API_KEY: &str = "~K";'),
    ("main.rs", 'let password = String::from("~P");'),
    ("main.c", 'char password[] = "~P";'),
    ("app.r", 'api_key <- "~K"'),
    ("main.go", 'seed := []byte("~K")'),
    ("config.json", '{"name": "DB_PASSWORD", "value": "~P"}'),
    ("strings.xml", '<string name="api_key">~K</string>'),
    ("app.py", 'if user.password != "~P":'),
    ("app.py", 'token = rb"~K"'),
    ("app.py", 'token = os.getenv("API_TOKEN", "~K")'),
    ("app.py", 'token = os.environ.get("API_TOKEN") or "~K"'),
    ("app.py", 'client.set_password("~P")'),
    ("app.py", 'headers = {"Authorization": "Bearer ~K"}'),
    ("stubs.pyi", 'secret_key: str = "~K"'),
    # JavaScript, TypeScript
    ("app.js", 'const apiKey = "~K";'),
    ("app.js", "let dbPassword = '~S';"),
    ("app.js", "const password = `~P`;"),
    ("app.js", '{ user: "ada", password: "~P" }'),
    ("app.js", 'const key = process.env.API_KEY || "~K";'),
    ("app.js", 'const secret = process.env.APP_SECRET ?? "~K";'),
    ("app.js", 'if (password === "~P") {'),
    ("app.min.js", 'var a=1;e.apiKey="~K";f(a)'),
    ("app.ts", 'const apiKey: string = "~K";'),
    ("app.ts", 'private readonly clientSecret: string = "~K";'),
    ("app.tsx", '<Map accessToken="~K" />'),
    # Java, Kotlin, Scala, C#, Go, Rust, C, Swift
    ("App.java", 'private static final String DB_PASSWORD = "~P";'),
    ("App.java", 'props.put("password", "~P");'),
    ("App.java", 'config.setPassword("~P");'),
    ("App.kt", 'val apiKey: String = "~K"'),
    ("App.kt", 'const val API_KEY = "~K"'),
    ("build.gradle", "storePassword '~P'"),
    ("build.gradle", 'keyPassword "~P"'),
    ("App.scala", 'val secretKey = "~K"'),
    ("App.cs", 'private const string ApiKey = "~K";'),
    ("App.cs", 'var password = @"~P";'),
    ("main.go", 'password := "~P"'),
    ("main.go", "const apiKey = `~K`"),
    ("main.go", 'var secretKey string = "~K"'),
    ("main.go", 'cfg := Config{Password: "~P"}'),
    ("main.c", '#define DB_PASSWORD "~P"'),
    ("main.c", 'const char *api_key = "~K";'),
    ("main.swift", 'let apiKey = "~K"'),
    ("main.m", 'NSString *apiKey = @"~K";'),
    # Ruby, PHP, Perl, Lua, R, SQL, Terraform, PowerShell
    ("app.rb", "password = '~P'"),
    ("app.rb", ":password => '~P',"),
    ("app.rb", 'config.secret_key = "~K"'),
    ("app.rb", "ENV['API_KEY'] ||= '~K'"),
    ("app.php", "$password = '~P';"),
    ("app.php", "define('DB_PASSWORD', '~P');"),
    ("app.php", "'password' => '~P',"),
    ("app.php", "'key' => env('API_KEY', '~K'),"),
    ("app.pl", 'my $password = "~P";'),
    ("app.lua", 'local api_key = "~K"'),
    ("app.ex", 'secret_key_base: "~K"'),
    ("schema.sql", "CREATE USER ada WITH PASSWORD '~P';"),
    ("schema.sql", "ALTER ROLE ada PASSWORD '~P'"),
    ("main.tf", 'password = "~P"'),
    ("run.ps1", '$password = "~P"'),
    ("run.ps1", "$apiKey = '~K'"),
    # shell
    ("run.sh", "export DB_PASSWORD=~P"),
    ("run.sh", 'export DB_PASSWORD="~P"'),
    ("run.sh", "API_KEY='~K' ./deploy"),
    ("run.sh", "mysql --user=ada --password=~P shop"),
    ("run.bat", "set DB_PASSWORD=~P"),
    ("run.sh", 'curl -H "X-Api-Key: ~K" https://api.example.org/'),
    # options of commands
    ("run.sh", "deploy --token ~K --force"),
    ("run.sh", "mysql -u root -p~P shop < schema.sql"),
    ("run.sh", "curl -sS -u ada:~P https://files.acme.net/"),
    ("run.sh", "sshpass -p ~P ssh root@10.0.0.5"),
    ("run.sh", "export PGPASSWORD=~P; psql -h db"),
    ("run.sh", "cat > .my.cnf <<EOF\n[client]\npassword=~P\nEOF"),
    ("run.sh", "psql -c \"ALTER ROLE ada PASSWORD '~P'\""),
    ("run.sh", "API_TOKEN=${API_TOKEN:-~K}"),
    ("run.sh", 'if [ "$PASSWORD" = "~P" ]; then'),
    ("run.ps1", 'Connect-Server -User ada -Password "~P"'),
    ("run.ps1", '$p = ConvertTo-SecureString "~P" -AsPlainText -Force'),
    ("Jenkinsfile", 'withEnv(["DB_PASSWORD=~P"]) { sh "make" }'),
    ("Makefile", "DB_PASSWORD ?= ~P"),
    # SQL
    ("schema.sql", "CREATE USER 'ada'@'%' IDENTIFIED BY '~P';"),
    ("schema.sql", "ALTER USER ada IDENTIFIED BY ~P;"),
    ("schema.sql", "CREATE LOGIN ada WITH PASSWORD = N'~P';"),
    ("app.py", "cursor.execute(\"CREATE USER ada IDENTIFIED BY '~P'\")"),
    # environment files, properties, INI, TOML
    (".env", "DB_PASSWORD=~P"),
    (".env", 'SECRET_KEY="~K"'),
    (".env.production", "APP_SECRET=~H"),
    ("application.properties", "spring.datasource.password=~P"),
    ("application.properties", "db.password = ~P"),
    ("settings.ini", "[db]\npassword = ~S"),
    ("my.cnf", "password=~P"),
    ("settings.toml", 'api_key = "~K"'),
    (".pypirc", "username = ada\npassword = ~P"),
    # YAML
    ("config.yml", "password: ~P"),
    ("config.yml", 'password: "~P"'),
    ("config.yml", "  db-password: '~S'"),
    ("config.yml", "api_key: ~K  # of the test account"),
    ("config.yml", "- name: DB_PASSWORD\n  value: ~P"),
    ("config.yml", '- name: DB_PASSWORD\n  value: "~P"'),
    ("values.yaml", "auth:\n  rootPassword: ~P"),
    ("values.yaml", "password: |\n    ~P\n"),
    ("values.yaml", "password: >-\n    ~P\n"),
    ("cassette.yaml", "    Authorization:\n    - Bearer ~K\n"),
    ("workflow.yml", "env:\n  DEPLOY_TOKEN: ~K"),
    ("playbook.yml", "- hosts: web\n  vars:\n    ansible_become_password: ~P"),
    ("inventory.ini", "web1 ansible_host=10.0.0.5 ansible_ssh_pass=~P"),
    ("docker-compose.yml", "command: redis-server --requirepass ~P"),
    ("docker-compose.yml", "environment:\n  - MYSQL_ROOT_PASSWORD=~P"),
    ("docker-compose.yml", "environment:\n  POSTGRES_PASSWORD: ~P"),
    # JSON
    ("config.json", '{"password": "~P"}'),
    ("config.json", '{"apiKey":"~K"}'),
    ("session.har", '{"headers": [{"name": "X-Api-Key", "value": "~K"}]}'),
    ("postman.json", '{"auth": {"apikey": [{"key": "value", "value": "x"}, {"key": "apikey", "value": "~K"}]}}'),
    ("rows.ndjson", '{"id": 1}\n{"id": 2, "password": "~S"}\n'),
    ("terraform.tfstate", '"attributes": {"username": "ada", "password": "~P"}'),
    ("cassette.json", '{"headers": {"X-Api-Key": ["~K"]}}'),
    ("config.json", '{"client_secret" : "~K"}'),
    ("config.json", '{\n  "client_secret":\n    "~K"\n}'),
    ("dump.json", '{"body": "{\\"password\\": \\"~P\\"}"}'),
    # XML
    ("web.config", '<add key="ApiKey" value="~K" />'),
    ("beans.xml", '<property name="password" value="~P"/>'),
    ("settings.xml", "<password>~P</password>"),
    ("settings.xml", "<server password='~P'/>"),
    ("Info.plist", "<key>ApiKey</key>\n\t<string>~K</string>"),
    ("core-site.xml", "<property>\n<name>db.password</name>\n<value>~P</value>\n</property>"),
    ("unattend.xml", "<AdministratorPassword>\n  <Value>~P</Value>\n</AdministratorPassword>"),
    (".npmrc", "//registry.acme.net/:_authToken=~K"),
    (".netrc", "machine git.acme.net login ada password ~P"),
    (".pgpass", "db.acme.net:5432:shop:ada:~P"),
    ("auth.log", 'level=info msg="login" user=ada password=~P'),
    ("dump.php", 's:8:"password";s:12:"~P";'),
    ("web.config", 'connectionString="Server=sql.acme.net;Database=shop;User Id=app;Password=~P;"'),
    (".env", "DATABASE_URL=postgres://ada:~P@db.acme.net/shop"),
    (".env", "REDIS_URL=redis://:~P@cache.acme.net:6379/0"),
    # Dockerfile, notes
    ("Dockerfile", "ENV DB_PASSWORD=~P"),
    ("Dockerfile", "ENV DB_PASSWORD ~P"),
    ("Dockerfile", "ARG API_KEY=~K"),
    ("notes.md", "password: ~P"),
    ("notes.md", "Log in as ada; the password is `~P`."),
    ("notes.md", "```sh\nexport API_KEY=~K\n```"),
    ("notes.rst", "::\n\n    client = Client(api_key='~K')\n"),
    ("api.http", "GET /v1/items HTTP/1.1\nX-Api-Key: ~K\n"),
    # names in other words
    ("app.py", 'dbPassword2 = "~P"'),
    ("app.py", 'contrasena = "~P"'),
    ("app.py", 'kennwort = "~P"'),
    ("app.java", '@Value("${app.secret.key:~K}")'),
    ("app.go", 'key, _ := hex.DecodeString("~H")'),
    ("app.go", 'Tokens: []string{"~K"},'),
    ("app.py", 'key = bytes.fromhex("~H")'),
    ("app.java", 'cipher.setSecretKey(Base64.getDecoder().decode("~K"));'),
    ("app.js", 'const secret = Buffer.from("~H", "hex");'),
]

NOT_FOUND = [
    ("help.xml", "Get-PSSession -ComputerName Srv1 -Credential Domain01\\User01"),
    ("join.ps1", "Add-Computer -LocalCredential Domain55\\Admin02 -Restart"),
    ("data.yml", '- key: "ovn.kubernetes.io/ic-gw"'),
    ("data.json", '{"table-showproc-key": "/rsw/shm/mrib-mfdm"}'),
    ("user.yml", "update_password: always"),
    ("user.yml", "name: ada\nupdate_password: on_create"),
    ("values.yml", "# The initial password is autogenerated and stored in a Secret"),
    ("SECURITY.md", "send it to us with the GPG key: 5DE6C1A0F3B94D2A7C80E1B95F6A3D7C48" + "E2B109"),
    ("composer.lock", '"acme/teampass": "<3.1.3.1-dev",'),
    ("menus.md", '{"key": "bmF2X21l' + 'bnVfaXRlbTo2Mjk="}'),  # nav_menu_item:629
    ("tauri.json", '{"pubkey": "dW50cnVzdGVkIGNvbW1lbnQ6IG1pbmlzaWduIHB1YmxpYyBrZXk6' + 'IDRBQzgxQjc3MzJCMjZENEMK"}'),
    ("i18n.yml", 'deepl_api_key: "48E92789-57A3-466A-9959-' + '1A1A1A1A1A1A"'),
    ("plugin.yml", "auth: oauth2:implicit"),
    ("secret_test.yaml", 'client_secret: "dGVzdC1zZWNy' + 'ZXQ="'),  # test-secret
    ("values.yaml", 'htpasswd_auth: "ada:$2a$05$IPnI.TSgP8ek1/ESjk' + 'ULveq1LkZ8mPp0c3VxWkq7r2dY5tHnBzJ9C"'),
    ("page.html", '<input name="authenticity_token" value="~K~K">'),
    (
        "realm.json",
        r'"secretData": "{\"password\":\"qYy7Vg2hF3o8s9mL1xWk0pZt5uRb6cNd' + r'4eHjJaKiSgQ=\",\"salt\":\"b0x7Yw3K\"}"',
    ),
    (
        "data.json",
        '{"type": "password", "value": "qYy7Vg2hF3o8s9mL1xWk0pZt' + '5uRb6cNd4eHjJaKiSgQ=", "salt": "b0x7Yw3K"}',
    ),
    ("app.py", 'AWS_SECRET_ACCESS_KEY_ID = "~K"'),
    ("app.py", 'password.decode("utf-8")'),
    ("app.py", 'token = "sha256"'),
    ("app.js", 'const token = t("login.token2")'),
    ("playbook.yml", "password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6231326435"),
    ("Info.plist", "<key>CFBundleIconFile</key>\n\t<string>icon2.icns</string>"),
    ("app.py", 'key = "-----BEGIN PUBLIC KEY-----"'),
    ("app.py", "secret_id = 'arn:aws:secretsmanager:eu-west-1:1:secret:db2'"),
    ("values.yaml", "existingSecret: shop-db2-credentials"),
    ("secret.yaml", "secretName: tls-2024-cert"),
    ("app.go", 'token := r.Header.Get("X-Token2")'),
    ("docker-compose.yml", "image: docker://alpine:3.18@sha256:28ae1b73a98d"),
    ("run.bat", "set PGPASSWORD=%DB_PASSWORD1%"),
    ("app.yaml", "password: vault:secret/data/db2#password"),
    ("app.json", '{"kind": "password", "label9x": "what it is"}'),
    ("app.py", 'names = ["API_KEY",\n "AWS_IAM2"]'),
    ("style.py", 'Token: "#d0d0d0"'),
    ("curl.py", '["KEYPASSWD", "KRB4LEVEL"]'),
    ("six.py", 'Moved("HTTPPasswordMgrWithDefaultRealm", "urllib2")'),
    ("re.js", "createToken('GTLTQ', pattern)"),
    ("pg.conf", "password_encryption = scram-sha-256"),
    ("Makefile", "docker run -v $(PWD):/mnt9x:z"),
    # read from somewhere else
    ("app.py", 'password = os.environ["DB_PASSWORD"]'),
    ("app.py", 'password = os.getenv("DB_PASSWORD")'),
    ("app.py", 'password = os.getenv("DB_PASSWORD", "")'),
    ("app.py", 'token = secrets["service-token-2"]'),
    ("app.py", 'password = settings.DATABASES["default"]["PASSWORD"]'),
    ("app.py", "password = get_password(user_2)"),
    ("app.py", "api_key=settings.API_KEY_2024,"),
    ("app.js", "const apiKey = process.env.API_KEY;"),
    ("app.js", "const { password } = req.body;"),
    ("app.js", "const token = localStorage.getItem('token');"),
    ("app.js", "password: this.form.value.password1,"),
    ("app.ts", "apiKey: environment.mapsApiKey2,"),
    ("App.java", 'String password = System.getenv("DB_PASSWORD");'),
    ("App.java", "this.password = password1;"),
    ("App.java", '@Value("${db.password}") private String password;'),
    ("App.cs", 'var secret = Configuration["Jwt:Secret"];'),
    ("App.cs", "public string Password { get; set; }"),
    ("main.go", 'password := os.Getenv("DB_PASSWORD")'),
    ("main.go", 'Password string `json:"password,omitempty"`'),
    ("main.rs", 'let api_key = env::var("API_KEY2").unwrap();'),
    ("app.rb", "password = ENV['DB_PASSWORD']"),
    ("app.rb", "password = ENV.fetch('DB_PASSWORD')"),
    ("app.php", "$password = $_POST['password'];"),
    ("app.php", "$password = getenv('DB_PASSWORD');"),
    ("main.tf", "password = var.db_password_2"),
    ("main.tf", 'password = data.vault_generic_secret.db.data["password"]'),
    ("run.sh", "DB_PASSWORD=$DB_PASSWORD_2"),
    ("run.sh", 'DB_PASSWORD="${DB_PASSWORD}"'),
    ("run.sh", "PASSWORD=$(cat /run/secrets/db2)"),
    ("run.sh", "TOKEN=`vault read -field=token auth/x1`"),
    ("run.sh", "mysql --password=$MYSQL_PASSWORD1"),
    ("run.ps1", "$password = Read-Host -AsSecureString"),
    # templates
    ("config.yml", "password: ${DB_PASSWORD}"),
    ("config.yml", "password: {{ db_password2 }}"),
    ("config.yml", 'password: "{{ vault.db_password2 }}"'),
    ("config.yml", "token: ${{ secrets.DEPLOY_TOKEN_2 }}"),
    ("config.yml", "password: !vault |"),
    ("config.yml", "password: ENC[AES256_GCM,data:x1]"),
    ("config.yml", "secretKeyRef:\n  name: db-credentials-2"),
    ("app.properties", "db.password=@db.password@"),
    ("app.properties", "db.password=${env.DB_PASSWORD2}"),
    ("app.py", 'url = f"token={token2}"'),
    ("app.py", 'line = "password=%s" % secret2'),
    ("beans.xml", '<property name="password" value="${db.password2}"/>'),
    ("Dockerfile", "ENV DB_PASSWORD=${DB_PASSWORD2}"),
    ("Dockerfile", "ENV DB_PASSWORD $DB_PASSWORD2"),
    ("Dockerfile", "ARG DB_PASSWORD"),
    # placeholders
    ("app.py", 'password = ""'),
    ("app.py", "password = None"),
    ("app.py", 'password = "password"'),
    ("app.py", 'password = "changeme"'),
    ("app.py", 'api_key = "YOUR_API_KEY"'),
    ("app.py", 'api_key = "<your-api-key-1>"'),
    ("app.py", 'api_key = "xxxxxxxxxxxxxxxxxxxxxxxx"'),
    ("app.py", 'secret = "*****"'),
    ("app.py", 'token = "..."'),
    ("app.py", 'token = "0000000000000000000000"'),
    (".env.example", "API_KEY=your-api-key-here"),
    (".env.example", "API_KEY="),
    (".env.example", "SECRET_KEY=replace_me_1"),
    ("config.json", '{"password": null}'),
    ("config.json", '{"password": "string"}'),
    ("config.json", '{"apiKey": ""}'),
    # words for people
    ("app.py", 'password = input("Password: ")'),
    ("app.py", 'password = getpass.getpass("Enter your password 2: ")'),
    ("app.py", 'raise ValueError("invalid password: 2 tries left")'),
    ("app.js", 'label_password: "Enter your password"'),
    ("app.js", '<input type="password" placeholder="Your password" />'),
    ("app.js", 'passwordPlaceholder: "At least 8 characters"'),
    ("app.js", 'errors.password = "Must have 8 characters or more"'),
    ("messages.properties", "password.tooShort=Password must have at least 8 characters"),
    ("messages.yml", "password: Enter your new password twice"),
    ("notes.md", "password: see the wiki page of team 2"),
    # types and declarations
    ("app.py", "password: str"),
    ("app.py", "def login(user: str, password: str) -> Token2:"),
    ("app.py", "password = CharField(max_length=128)"),
    ("app.ts", "interface Login { password: string; token2: AccessToken2 }"),
    ("app.ts", "apiKey?: string;"),
    ("App.kt", "val password: CharArray"),
    ("main.go", "type Login struct { Password string }"),
    ("schema.sql", "password VARCHAR(255) NOT NULL"),
    ("schema.graphql", "login(password: String!): AuthToken2"),
    # names that tell about a secret
    ("app.py", 'password_hash = "~K"'),
    ("app.py", 'public_key = "~K"'),
    ("app.py", 'token_url = "https://login.example.org/oauth2/token"'),
    ("app.py", 'secret_name = "prod/db2/main"'),
    ("app.py", 'PASSWORD_FIELD = "login_password_2"'),
    ("app.py", 'API_KEY_HEADER = "X-Service-Key-2"'),
    ("app.py", 'cache_key = "~K"'),
    ("app.py", 'primary_key = "customer_id_0042"'),
    ("app.py", 'next_page_token = "~K"'),
    ("app.py", 'eos_token = "<|endoftext|>"'),
    ("app.py", 'keyboard = "~K"'),
    ("app.py", 'author = "~K"'),
    ("app.js", 'csrfToken: "~K"'),
    ("config.yml", "max_tokens: 4096"),
    ("config.yml", "password_min_length: 12345"),
    ("package-lock.json", '"integrity": "sha512-~K"'),
    # values of another kind
    ("app.py", 'secret = "https://vault.example.org/v1/app2"'),
    ("app.py", 'password = "$2b$12$~K"'),
    ("app.py", 'token = "2026-11-23"'),
    ("app.py", 'key_file = "/etc/ssl/private/key2.pem"'),
    ("app.py", 'private_key = "/etc/ssl/private/server2.pem"'),
    ("run.sh", "export PASSWORD_FILE=/run/secrets/db2"),
    ("app.go", 'import "crypto/secret2"'),
    # what is told by the text before a value
    (
        "yarn.lock",
        '    "@aws-sdk/token-providers": "npm:^3.972.8"\n    minipass: "npm:^7.1.2"\n    x-token: "workspace:*"',
    ),
    ("package.json", '{"dependencies": {"csrf-token": "npm:@acme/csrf@^1.2"}}'),
    ("values.yaml", "## Note: /etc/passwd is automatically mounted"),
    ("values.yaml", "  # eg redis://:<password>@hostname:6379"),
    ("_helpers.tpl", '{{- $password := index .Values (printf "%sPassword" .Chart.Name) -}}'),
    ("Request.php", "'new_password' => ['required', 'confirmed', 'secure_password', 'min:16'],"),
    ("Request.php", "'password' => ['confirmed', 'secure_password'],"),
    ("README.md", "    Public key:  ~H~H"),
    ("values.yaml", "    defaultPassword: cGFzc3dvcmQ="),
    ("k8s.yaml", "  NEXTAUTH_SECRET: 'REPLACE_WITH_GENERATED_SECRET'"),
    ("locales/cs.json", '{"oauth_client_secret": "~T", "create": "Vytvo\\u0159it klienta"}'),
    ("package.json", '{"dependencies": {"@acme/auth-token": "5.0.0-1667386184.dfbbb54"}}'),
    ("Migration.php", "$this->renameIndex('oauth2_access_tokens', 'idx_368a4209a76ed395', 'user_id');"),
    ("strength.js", "options.rules.commonPasswords = ['abc123', 'monkey7', 'shadow12']"),
    ("main.c", 'pwd = getpwnam("mosquitto7");'),
    ("nsswitch.conf", "pass" + "wd:         compat\ngroup:          compat\nshadow:         compat\n"),
    ("configmap.yaml", "  DATABASE_PASSWORD_CMD: |-\n    echo ${DATABASE_PASSWORD} | python3"),
]


def fill(text: str) -> str:
    for sign, value in VALUES.items():
        text = text.replace(sign, value)
    return text


def reported(engine: Engine, path: str, text: str) -> list[str]:
    """The values that are found with enough confidence to be shown by default, but for what clients make of them."""
    findings = find(engine, Document(FileProvenance(path), fill(text).encode()), [])
    shown = (one for one in findings if one.confidence >= Confidence.MEDIUM and one.rule_id != "client-exposed-key")
    return [finding.secret.value.decode() for finding in shown]


def candidates(engine: Engine, path: str, text: str) -> list[Match]:
    """Return the matches of this analyzer; programs in Python are looked at by another one, too."""
    matches = engine.matches(Document(FileProvenance(path), fill(text).encode()))
    return [match for match in matches if engine.ruleset[match.found_by or match.rule_id].analyzer == "keyword"]


@pytest.mark.parametrize(("path", "text"), FOUND, ids=lambda part: part[:60])
def test_found(engine: Engine, path: str, text: str) -> None:
    assert reported(engine, path, text) == [value for sign, value in VALUES.items() if sign in text]


@pytest.mark.parametrize(("path", "text"), NOT_FOUND, ids=lambda part: part[:60])
def test_not_found(engine: Engine, path: str, text: str) -> None:
    assert reported(engine, path, text) == []


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("db_password", "generic-password"),
        ("smtpPwd", "generic-password"),
        ("GPG_PASSPHRASE", "generic-password"),
        ("apiKey", "generic-api-key"),
        ("storage_access_key", "generic-api-key"),
        ("refresh_token", "generic-token"),
        ("bearer", "generic-token"),
        ("client_secret", "generic-secret"),
        ("signing_key", "generic-secret"),
        ("credentials", "generic-secret"),
    ],
)
def test_the_name_chooses_the_rule(engine: Engine, name: str, rule: str) -> None:
    assert [match.found_by or match.rule_id for match in candidates(engine, "app.py", f'{name} = "~K"')] == [rule]


def test_the_whole_match_is_the_binding(engine: Engine) -> None:
    text = fill('  config.db_password = "~P"  # of the shop')
    (match,) = candidates(engine, "app.py", text)
    assert text[match.start : match.end] == VALUES["~P"]
    assert text[match.whole.start : match.start] == 'config.db_password = "'
    assert match.whole.end == match.end


def test_what_is_rejected_says_why(engine: Engine) -> None:
    (match,) = candidates(engine, "app.py", 'password = "${DB_PASSWORD}"')
    assert match.confidence is None
    assert [item.text for item in match.evidence] == [
        "the value is a template, a reference or a look-up, not a literal"
    ]


@pytest.mark.parametrize("path", ["app.py", "tests/test_app.py", "examples/app.py"])
def test_a_random_value_of_a_strong_name_is_sure_anywhere(engine: Engine, path: str) -> None:
    assert [match.confidence for match in candidates(engine, path, 'api_key = "~K"')] == [Confidence.HIGH]


def test_code_needs_quotes_and_configuration_does_not(engine: Engine) -> None:
    assert reported(engine, "app.py", "password = ~P") == []
    assert reported(engine, "app.conf", "password = ~P") == [VALUES["~P"]]
    assert reported(engine, "conf.d/py", "password = ~P") == [VALUES["~P"]]


def test_names_and_values_on_one_long_line(engine: Engine) -> None:
    text = "".join(f'a{number}=f({number});password="~P";' for number in range(500))
    assert reported(engine, "app.min.js", text) == [VALUES["~P"]] * 500


def test_endless_line_of_names_ends_soon(engine: Engine) -> None:
    for piece in ("password", "password=", 'password="', "token: ", "key.key-", "secret\\"):
        assert grows_linearly(lambda size, piece=piece: candidates(engine, "app.js", piece * size), 5000), piece  # type: ignore[misc]


@pytest.mark.parametrize(
    ("path", "severity"),
    [("tests/login.php", Severity.LOW), ("app/login.php", Severity.HIGH), ("tests/login.env", Severity.LOW)],
)
def test_a_password_that_a_test_chose_is_of_low_severity(engine: Engine, path: str, severity: Severity) -> None:
    (match,) = (
        one for one in candidates(engine, path, "$db_password = 'kes" + "trel41';") if one.confidence is not None
    )
    assert match.severity is severity
