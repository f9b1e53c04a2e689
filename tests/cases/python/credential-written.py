"""Setup wizards, token caches, exporters and cookies."""
import base64
import configparser
import csv
import hashlib
import json
import os
import pickle
import secrets
import shelve
import tempfile
from getpass import getpass
from pathlib import Path

import bcrypt
import boto3
import joblib
import keyring
import tomli_w
import yaml
from argon2 import PasswordHasher
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.http import HttpResponse
from flask import make_response, request

# --- text files ---------------------------------------------------------------


def save_password(path, password):
    with open(path, "w") as fh:
        fh.write(password)  # finding: credential-written


def save_password_hash(path, password):
    with open(path, "wb") as fh:
        fh.write(bcrypt.hashpw(password.encode(), bcrypt.gensalt()))


def save_password_argon(path, password):
    hasher = PasswordHasher()
    with open(path, "w") as fh:
        fh.write(hasher.hash(password))


def save_password_encrypted(path, password, fernet: Fernet):
    with open(path, "wb") as fh:
        fh.write(fernet.encrypt(password.encode()))


def save_password_length(path, password):
    with open(path, "w") as fh:
        fh.write(f"length={len(password)}\n")


def write_dotenv(target):
    api_key = getpass("API key: ")
    with open(target, "a", encoding="utf-8") as env_file:
        env_file.write("REGION=eu-west-1\n")
        env_file.write(f"OPENAI_API_KEY={api_key}\n")  # finding: credential-written
        env_file.write("OPENAI_MODEL=gpt-4o-mini\n")


def write_dotenv_template(target):
    with open(target, "w", encoding="utf-8") as env_file:
        env_file.write("REGION=\n")
        env_file.write("OPENAI_API_KEY=\n")
        env_file.write("DB_PASSWORD=changeme\n")


def write_dotenv_keyring(target):
    api_key = getpass("API key: ")
    keyring.set_password("acme-cli", "api", api_key)
    with open(target, "w") as env_file:
        env_file.write("OPENAI_API_KEY_SOURCE=keyring\n")


def write_netrc(host, login, token):
    netrc = Path.home() / ".netrc"
    netrc.write_text("machine %s\nlogin %s\npassword %s\n" % (host, login, token))  # finding: credential-written
    netrc.chmod(0o600)


def write_ssh_config(host, login, identity_file):
    conf = Path.home() / ".ssh" / "config"
    conf.write_text("Host %s\n  User %s\n  IdentityFile %s\n" % (host, login, identity_file))


def write_git_credentials(user):
    github_token = os.environ["GITHUB_TOKEN"]
    lines = ["[credential]\n", f"\tusername = {user}\n", f"\tpassword = {github_token}\n"]
    with open(os.path.expanduser("~/.gitcred"), "w") as f:
        f.writelines(lines)  # finding: credential-written


def write_git_config(user):
    email = os.environ["GIT_EMAIL"]
    lines = ["[user]\n", f"\tname = {user}\n", f"\temail = {email}\n"]
    with open(os.path.expanduser("~/.gitconfig"), "w") as f:
        f.writelines(lines)


def cache_access_token(client):
    access_token = client.fetch_token()["access_token"]
    Path(".token_cache").write_text(access_token)  # finding: credential-written


def cache_token_expiry(client):
    token_expiry = client.fetch_token()["expires_at"]
    Path(".token_cache").write_text(str(token_expiry))


def cache_sealed_token(client, box):
    access_token = client.fetch_token()["access_token"]
    sealed = box.encrypt(access_token.encode())
    Path(".token_cache").write_bytes(sealed)


def cache_token_digest(client):
    access_token = client.fetch_token()["access_token"]
    Path(".token_seen").write_text(hashlib.sha256(access_token.encode()).hexdigest())


def pull_secret_to_disk(secret_id, dest):
    sm = boto3.client("secretsmanager")
    body = sm.get_secret_value(SecretId=secret_id)
    with open(dest, "w") as out:
        out.write(body["SecretString"])  # finding: credential-written


def pull_secret_version(secret_id, dest):
    sm = boto3.client("secretsmanager")
    body = sm.get_secret_value(SecretId=secret_id)
    with open(dest, "w") as out:
        out.write(body["VersionId"])


def password_list(count):
    passwords_out = Path("words.txt")
    passwords_out.write_text("\n".join(f"word-{n}" for n in range(count)))


def vocab_dump(tokenizer, path):
    with open(path, "w") as f:
        for token, index in tokenizer.get_vocab().items():
            f.write(f"{token}\t{index}\n")


# --- structured files -------------------------------------------------------


def dump_json(path, username, password):
    with open(path, "w") as f:
        json.dump({"username": username, "password": password}, f)  # finding: credential-written


def dump_json_public(path, username, password):
    with open(path, "w") as f:
        json.dump({"username": username, "has_password": bool(password)}, f)


def dump_json_masked(path, username, password):
    with open(path, "w") as f:
        json.dump({"username": username, "password": "*" * len(password)}, f)


def dump_profile(profile_path, profile):
    data = {"region": profile.region}
    data["client_secret"] = profile.client_secret
    profile_path.write_text(json.dumps(data, indent=2))  # finding: credential-written


def dump_profile_public(profile_path, profile):
    data = {"region": profile.region}
    data["client_id"] = profile.client_id
    profile_path.write_text(json.dumps(data, indent=2))


def dump_yaml(cfg_path, db_password):
    doc = {"db": {"host": "db.acme.io", "password": db_password}}
    with cfg_path.open("w") as stream:
        yaml.dump(doc, stream)  # finding: credential-written


def dump_yaml_reference(cfg_path, secret_arn):
    doc = {"db": {"host": "db.acme.io", "password_ref": secret_arn}}
    with cfg_path.open("w") as stream:
        yaml.dump(doc, stream)


def dump_yaml_safe(kube_path, bearer_token):
    users = [{"name": "ci", "user": {"token": bearer_token}}]
    with open(kube_path, "w") as stream:
        yaml.safe_dump({"kind": "Config", "users": users}, stream)  # finding: credential-written


def dump_yaml_safe_exec(kube_path):
    users = [{"name": "ci", "user": {"exec": {"command": "kubelogin", "args": ["get-token"]}}}]
    with open(kube_path, "w") as stream:
        yaml.safe_dump({"kind": "Config", "users": users}, stream)


def pickle_creds(creds):
    with open("token.pickle", "wb") as token:
        pickle.dump(creds, token)  # finding: credential-written


def pickle_model(model):
    with open("model.pickle", "wb") as token:
        pickle.dump(model, token)


def pickle_token_counts(texts, tokenizer):
    with open("counts.pickle", "wb") as out:
        pickle.dump([len(tokenizer(t)) for t in texts], out)


def toml_write(path, registry_token):
    with open(path, "wb") as f:
        tomli_w.dump({"registry": {"url": "https://pypi.acme.io", "token": registry_token}}, f)  # finding: credential-written


def toml_write_plain(path, registry_name):
    with open(path, "wb") as f:
        tomli_w.dump({"registry": {"url": "https://pypi.acme.io", "name": registry_name}}, f)


def export_accounts(rows, out_path):
    with open(out_path, "w", newline="") as f:
        writer = csv.writer(f)
        writer.writerow(["login", "password"])
        for row in rows:
            writer.writerow([row.login, row.password])  # finding: credential-written


def export_logins(rows, out_path):
    with open(out_path, "w", newline="") as f:
        writer = csv.writer(f)
        writer.writerow(["login", "password_changed_at"])
        for row in rows:
            writer.writerow([row.login, row.password_changed_at])


def export_dicts(rows, out_path):
    with open(out_path, "w", newline="") as f:
        writer = csv.DictWriter(f, fieldnames=["id", "api_key"])
        writer.writeheader()
        for row in rows:
            writer.writerow({"id": row.id, "api_key": row.api_key})  # finding: credential-written


def export_dict_ids(rows, out_path):
    with open(out_path, "w", newline="") as f:
        writer = csv.DictWriter(f, fieldnames=["id", "api_key_id"])
        writer.writeheader()
        for row in rows:
            writer.writerow({"id": row.id, "api_key_id": row.api_key_id})


# --- keys -------------------------------------------------------------------


def make_keypair(path):
    private_key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    pem = private_key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    with open(path, "wb") as f:
        f.write(pem)  # finding: credential-written


def make_keypair_encrypted(path, passphrase):
    private_key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    protection = serialization.BestAvailableEncryption(passphrase)
    with open(path, "wb") as f:
        f.write(private_key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection))


def make_public(path, private_key):
    pub = private_key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    with open(path, "wb") as f:
        f.write(pub)


def new_fernet_key(path):
    Path(path).write_bytes(Fernet.generate_key())  # finding: credential-written


def new_salted_digest(path, password):
    Path(path).write_bytes(hashlib.scrypt(password.encode(), salt=os.urandom(16), n=2**14, r=8, p=1))


def first_admin_password(path):
    generated = secrets.token_urlsafe(24)
    with open(path, "w") as fh:
        fh.write("initial admin password: " + generated + "\n")  # finding: credential-written


def first_admin_user(path):
    generated = "admin-" + os.urandom(2).hex()
    with open(path, "w") as fh:
        fh.write("initial admin user: " + generated + "\n")


def obfuscated(path, secret_key):
    with open(path, "w") as fh:
        fh.write(base64.b64encode(secret_key.encode()).decode())  # finding: credential-written


def read_only(path):
    with open(path) as fh:
        password = fh.read().strip()
    return len(password) > 0


def write_with_helper(path, text):
    with open(path, "w") as fh:
        fh.write(text)  # finding: credential-written


def persist_jwt(path):
    write_with_helper(path, os.environ["SERVICE_JWT"])


def write_report(path, text):
    with open(path, "w") as fh:
        fh.write(text)


def persist_report(path):
    write_report(path, os.environ["REPORT_TITLE"])


class SessionStore:
    def __init__(self, root, refresh_token):
        self.root = Path(root)
        self.refresh_token = refresh_token
        self.refreshed_at = None

    def save(self):
        (self.root / "refresh").write_text(self.refresh_token)  # finding: credential-written

    def save_time(self):
        (self.root / "refreshed_at").write_text(str(self.refreshed_at))

    def save_sealed(self, fernet):
        (self.root / "refresh.enc").write_bytes(fernet.encrypt(self.refresh_token.encode()))

    def clear(self):
        (self.root / "refresh").write_text("")


def to_tempfile(sasl_password):
    with tempfile.NamedTemporaryFile("w", delete=False) as tmp:
        tmp.write(f"sasl.password={sasl_password}\n")  # finding: credential-written
        tmp.write("sasl.mechanism=PLAIN\n")
    return tmp.name


def joblib_scores(scores):
    joblib.dump(scores, "scores.joblib")


def ini_hosts(path, host):
    parser = configparser.ConfigParser()
    parser["server"] = {"host": host, "password_command": "pass show server"}
    with open(path, "w") as fh:
        parser.write(fh)


# --- cookies ------------------------------------------------------------------


def remember_login():
    resp = make_response("ok")
    resp.set_cookie("user", request.form["user"])
    resp.set_cookie("password", request.form["password"], max_age=86400)  # finding: credential-written
    return resp


def remember_theme():
    resp = make_response("ok")
    resp.set_cookie("theme", request.form["theme"], max_age=86400)
    resp.set_cookie("token_hint", "none", max_age=86400)
    return resp


def remember_key(request):
    response = HttpResponse("saved")
    response.set_cookie(key="apikey", value=request.POST["api_key"])  # finding: credential-written
    response.set_cookie(key="lang", value=request.POST["lang"])
    response.delete_cookie("password")
    return response


def remember_digest(request):
    response = HttpResponse("saved")
    response.set_cookie(key="apikey_fp", value=hashlib.sha256(request.POST["api_key"].encode()).hexdigest())
    return response
