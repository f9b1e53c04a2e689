"""What programs read, by patterns."""

from __future__ import annotations

import pytest

from keytrace.lifecycle.reads.patterns import language_of, reads

CASES = {
    "a.ts": [
        "const a = process.env.A_KEY!", "process.env['A_KEY']", "process.env?.A_KEY", "import.meta.env.A_KEY",
        "const { A_KEY, B: b = 'x' } = process.env;", "Deno.env.get('A_KEY')", "env.str('A_KEY')", "Bun.env.A_KEY",
        "import { A_KEY } from '$env/static/private';", "this.configService.get<string>('A_KEY')",
        "const NAME = 'A_KEY'; process.env[NAME]", "  A_KEY: z.string().min(1),", "getEnv('A_KEY')", "c.env.A_KEY",
        "env.A_KEY", "env['A_KEY']", "z0.object({ B: z0.number(), A_KEY: z0.string() }).parse(process.env)",
    ],
    "a.conf.j2": ["pass = {{ A_KEY }}", "{{- A_KEY | default('') }}"],
    "a.go": [
        'os.Getenv("A_KEY")', 'v, ok := os.LookupEnv("A_KEY")', 'viper.GetString("A_KEY")',
        'viper.BindEnv("x", "A_KEY")',
        '  Key string `env:"A_KEY,required"`', '`envconfig:"A_KEY" json:"a"`', 'const name = "A_KEY"\nos.Getenv(name)',
        'EnvVars: []string{"A_KEY"},', 'mustGetEnv("A_KEY")', 'getenv("A_KEY", "")', 'env.GetString("A_KEY")',
    ],
    "a.rb": ["ENV['A_KEY']", 'ENV.fetch("A_KEY")', "ENV.fetch 'A_KEY', nil", "<%= ENV[\"A_KEY\"] %>"],
    "A.java": [
        'System.getenv("A_KEY")', '@Value("${A_KEY:}")', 'System.getenv().get("A_KEY")', 'env.getProperty("A_KEY")',
        '@ConfigProperty(name = "A_KEY")', 'static final String N = "A_KEY"; System.getenv(N)', 'dotenv.get("A_KEY")',
    ],
    "a.gradle": ["storePassword project.property('A_KEY')", 'findProperty("A_KEY") ?: ""'],
    "A.kt": ['System.getenv("A_KEY") ?: ""', 'System.getenv()["A_KEY"]', '@Value("\\${A_KEY}")'],
    "a.php": ["getenv('A_KEY')", "env('A_KEY')", "$_ENV['A_KEY']", '$_SERVER["A_KEY"]'],
    "a.rs": [
        'env::var("A_KEY")', 'std::env::var_os("A_KEY")', 'option_env!("A_KEY")', 'dotenvy::var("A_KEY")',
        'const N: &str = "A_KEY"; env::var(N)', '#[arg(long, env = "A_KEY")]',
    ],
    "A.cs": [
        'Environment.GetEnvironmentVariable("A_KEY")', 'configuration["A_KEY"]', 'builder.Configuration["A_KEY"]',
        'config.GetValue<string>("A_KEY")',
    ],
    "a.sh": ["curl -H \"$A_KEY\"", "${A_KEY:?}", 'A_KEY="${A_KEY:-}"'],
    "Makefile": ["\tdeploy $(A_KEY)"],
    "a.exs": ['System.get_env("A_KEY")', 'System.fetch_env!("A_KEY")'],
    "a.swift": ['ProcessInfo.processInfo.environment["A_KEY"]'],
    "a.dart": ["Platform.environment['A_KEY']", "String.fromEnvironment('A_KEY')"],
    "a.bat": ["curl %A_KEY%"],
    ".npmrc": ["//npm.example.com/:_authToken=${A_KEY}"],
    "database.yml": ['password: <%= ENV["A_KEY"] %>', "password: <%= ENV.fetch('A_KEY') { '' } %>"],
    "services.yaml": ["dsn: '%env(A_KEY)%'", "key: '%env(resolve:A_KEY)%'"],
    "settings.xml": ["<password>${env.A_KEY}</password>"],
    "app.yaml": ["token: ${A_KEY}", 'token: "${A_KEY:-none}"'],
    "nginx.conf.template": ["proxy_set_header X-Key $A_KEY;"],
    "a.pl": ["$ENV{A_KEY}", "$ENV{'A_KEY'}"],
    "a.ps1": ["$env:A_KEY", "${env:A_KEY}"],
    "a.c": ['getenv("A_KEY")'],
}  # fmt: skip


@pytest.mark.parametrize(("path", "text"), [(path, text) for path, texts in CASES.items() for text in texts])
def test_all_ways(path: str, text: str) -> None:
    data = f"// first line\n{text}\n".encode()
    language = language_of(path, data)
    found = {(one.name, one.line) for one in reads(language, data)}
    assert (
        "A_KEY",
        data.count(b"\n", 0, data.rindex(b"A_KEY" if b"Getenv(name)" not in data else b"Getenv")) + 1,
    ) in found


def test_names_with_sections() -> None:
    text = 'Configuration.GetSection("Stripe")["SecretKey"]; c.GetConnectionString("Main"); config["A:B"]'
    assert [one.name for one in reads("csharp", text.encode())] == ["Stripe:SecretKey", "ConnectionStrings:Main", "A:B"]
    assert [one.name for one in reads("java", b'@Value("${stripe.api-key}")')] == ["stripe.api-key"]


def test_sections_that_are_read_as_a_whole() -> None:
    text = 's.Configure<Mail>(c.GetSection("Mail")); c.Bind("Bank:Api", x); c.GetSection("A")["B"]'
    assert [one.name for one in reads("csharp", text.encode())] == ["Mail.*", "Bank:Api.*", "A:B"]
    for way in ('"shop.bank"', 'prefix = "shop.bank"'):
        text = f"@ConfigurationProperties({way})"
        assert [one.name for one in reads("java", text.encode())] == ["shop.bank.*"]


def test_what_is_no_variable_of_a_file_of_settings() -> None:
    text = b"# ${A_KEY}\na: $${B_KEY}\nb: ${shop.key}\nc: \\${C_KEY}\n"
    assert list(reads(language_of("a.yaml", text), text)) == []
    assert language_of("a.txt", b"${A_KEY}") == ""


def test_a_script_does_not_read_what_it_sets() -> None:
    text = b"A_KEY=$(cat file)\nuse $A_KEY $B_KEY\n# $C_KEY\n"
    assert [(one.name, one.line) for one in reads("shell", text)] == [("B_KEY", 2)]


def test_what_has_no_word_of_it_is_not_read() -> None:
    assert language_of("a.ts", b"const a = 1") == ""
    assert language_of("run", b"#!/bin/sh\n$A") == "shell"
    assert language_of("run", b"$A") == ""
    assert language_of("Gemfile", b"ENV['A']") == "ruby"


def test_names_that_are_taken_apart_over_lines_and_calls_over_lines() -> None:
    apart = b"first\nconst {\n  A_KEY,\n  B_KEY: b,\n} = process.env;\n"
    text = apart + b"\nget(\n  process.env.C_KEY,\n);\nx = getEnv(\n  'D_KEY')\n"
    assert [(one.name, one.line) for one in reads("javascript", text)] == [
        ("A_KEY", 3), ("B_KEY", 4), ("C_KEY", 8), ("D_KEY", 11),
    ]  # fmt: skip


def test_a_script_defines_what_it_fetches() -> None:
    text = b'export A_TOKEN=$(cat /run/secrets/a)\nexport B_TOKEN="$(op read op://b)"\nexport C_TOKEN=x D_KEY=1\nrun\n'
    found = [(one.role, one.name, one.line, one.holds) for one in reads("shell", text)]
    assert found == [("defined", "A_TOKEN", 1, "reference"), ("defined", "B_TOKEN", 2, "reference")]
