"""Deploy helpers, backup jobs and test rigs that start other programs."""
import asyncio
import os
import shlex
import subprocess
import subprocess as sp
import sys
from getpass import getpass
from subprocess import PIPE, Popen, check_output, run

import boto3
import pexpect
from django.conf import settings
from fabric import Connection
from invoke import task

# --- databases ----------------------------------------------------------------


def dump_mysql(user, password, db):
    subprocess.run(["mysqldump", "-u", user, f"-p{password}", db], check=True)  # finding: credential-in-command


def dump_mysql_env(user, password, db):
    subprocess.run(["mysqldump", "-u", user, db], check=True, env={**os.environ, "MYSQL_PWD": password})


def dump_mysql_defaults(user, cnf_path, db):
    subprocess.run(["mysqldump", f"--defaults-extra-file={cnf_path}", "-u", user, db], check=True)


def dump_mysql_prompt(user, db):
    subprocess.run(["mysqldump", "-u", user, "-p", db], check=True)


def restore_postgres(dump, db):
    pw = os.environ["PGPASSWORD"]
    os.system(f"PGPASSWORD={pw} pg_restore -d {db} {dump}")  # finding: credential-in-command


def restore_postgres_env(dump, db):
    os.environ.setdefault("PGSSLMODE", "require")
    os.system(f"pg_restore -d {shlex.quote(db)} {shlex.quote(dump)}")


def restore_postgres_passfile(dump, db, password_file):
    sp.check_call(["pg_restore", "-d", db, dump], env=dict(os.environ, PGPASSFILE=password_file))


def psql_count(conn, table):
    return check_output(["psql", "-h", conn.host, "-U", conn.user, "-c", f"select count(*) from {table}"])


def mongo_export(cfg):
    cmd = ["mongoexport", "--db", cfg["db"], "--username", cfg["user"]]
    cmd += ["--password", cfg["password"]]
    return sp.check_output(cmd)  # finding: credential-in-command


def mongo_export_config(cfg):
    cmd = ["mongoexport", "--db", cfg["db"], "--username", cfg["user"]]
    cmd += ["--config", cfg["password_file"]]
    return sp.check_output(cmd)


def redis_flush(host):
    sp.call("redis-cli -h %s -a %s FLUSHDB" % (host, settings.REDIS_PASSWORD), shell=True)  # finding: credential-in-command


def redis_flush_env(host):
    sp.call("redis-cli -h %s FLUSHDB" % host, shell=True, env={"REDISCLI_AUTH": settings.REDIS_PASSWORD})


def sqlcmd(server, query):
    login = boto3.client("secretsmanager").get_secret_value(SecretId="sql")["SecretString"]
    run(
        ["sqlcmd", "-S", server, "-U", "sa", "-P", login, "-Q", query],  # finding: credential-in-command
        check=True,
        text=True,
    )


def sqlcmd_trusted(server, query):
    run(
        ["sqlcmd", "-S", server, "-E", "-Q", query],
        check=True,
        text=True,
    )


# --- curl and friends -----------------------------------------------------------


def curl_status(api_token):
    return subprocess.getoutput("curl -s -H 'Authorization: Bearer " + api_token + "' https://api.quillmark.io/status")  # finding: credential-in-command


def curl_status_open():
    return subprocess.getoutput("curl -s -H 'Accept: application/json' https://api.quillmark.io/status")


def curl_status_stdin(api_token):
    conf = f'header = "Authorization: Bearer {api_token}"\n'
    return subprocess.run(["curl", "-s", "-K", "-", "https://api.quillmark.io/status"], input=conf, text=True, capture_output=True).stdout


def curl_netrc():
    return os.popen("curl --netrc -s https://api.quillmark.io/status").read()


def curl_upload(user, passwd, path):
    return os.popen("curl -T {} -u {}:{} https://dav.quillmark.io/".format(path, user, passwd)).read()  # finding: credential-in-command


def curl_upload_key(user, key_path, path):
    return os.popen("curl -T {} --key {} sftp://{}@dav.quillmark.io/".format(path, key_path, user)).read()


def wget_private():
    args = ["wget", "-q", "--header", "PRIVATE-TOKEN: " + os.environ["CI_JOB_TOKEN"]]
    subprocess.check_call(args + ["https://gitlab.quillmark.io/api/v4/projects"])  # finding: credential-in-command


def wget_public():
    args = ["wget", "-q", "--header", "Accept: " + os.environ["CI_ACCEPT"]]
    subprocess.check_call(args + ["https://gitlab.quillmark.io/api/v4/projects"])


# --- containers, clusters, clouds -------------------------------------------------


def docker_login(registry, user, registry_token):
    Popen(["docker", "login", registry, "-u", user, "-p", registry_token]).wait()  # finding: credential-in-command


def docker_login_stdin(registry, user, registry_token):
    proc = Popen(["docker", "login", registry, "-u", user, "--password-stdin"], stdin=PIPE)
    proc.communicate(registry_token.encode())


def docker_login_input(registry, user, registry_token):
    run(["docker", "login", registry, "-u", user, "--password-stdin"], input=registry_token, text=True, check=True)


def docker_run(image, api_key):
    run(["docker", "run", "--rm", "-e", f"OPENAI_API_KEY={api_key}", image], check=True)  # finding: credential-in-command


def docker_run_passthrough(image, api_key):
    run(["docker", "run", "--rm", "-e", "OPENAI_API_KEY", image], check=True, env={**os.environ, "OPENAI_API_KEY": api_key})


def docker_run_env_file(image, env_file):
    run(["docker", "run", "--rm", "--env-file", env_file, image], check=True)


def kubectl_secret(name, db_password):
    subprocess.run(args=["kubectl", "create", "secret", "generic", name, "--from-literal=password=" + db_password])  # finding: credential-in-command


def kubectl_secret_file(name, path):
    subprocess.run(args=["kubectl", "create", "secret", "generic", name, "--from-file=password=" + path])


def kubectl_apply(manifest, db_password):
    subprocess.run(args=["kubectl", "apply", "-f", "-"], input=manifest.replace("@@", db_password).encode())


def kubectl_describe(secret_name):
    subprocess.run(args=["kubectl", "describe", "secret", secret_name])


def helm_upgrade(release, chart):
    grafana_admin = os.environ["GRAFANA_ADMIN_PASSWORD"]
    subprocess.check_call(["helm", "upgrade", release, chart, "--set", f"grafana.adminPassword={grafana_admin}"])  # finding: credential-in-command


def helm_upgrade_values(release, chart):
    grafana_values = os.environ["GRAFANA_VALUES_FILE"]
    subprocess.check_call(["helm", "upgrade", release, chart, "-f", grafana_values, "--set", "grafana.existingSecret=grafana-admin"])


def az_login(tenant, app_id, client_secret):
    subprocess.run(["az", "login", "--service-principal", "-u", app_id, "-p", client_secret, "-t", tenant])  # finding: credential-in-command


def az_login_identity(tenant):
    subprocess.run(["az", "login", "--identity", "--allow-no-subscriptions", "-t", tenant])


def terraform(var_token):
    subprocess.run(["terraform", "apply", "-auto-approve"], env={**os.environ, "TF_VAR_api_token": var_token})


def aws_fetch(secret_id):
    return subprocess.check_output(["aws", "secretsmanager", "get-secret-value", "--secret-id", secret_id, "--output", "text"])


def op_read():
    return subprocess.check_output(["op", "read", "op://infra/deploy/password"], text=True).strip()


def gh_token():
    return subprocess.check_output(["gh", "auth", "token"], text=True).strip()


def gh_release(tag):
    github = subprocess.check_output(["gh", "auth", "token"], text=True).strip()
    subprocess.run(["hub", "release", "create", tag, "--token", github])  # finding: credential-in-command


def gh_release_env(tag):
    github = subprocess.check_output(["gh", "auth", "token"], text=True).strip()
    subprocess.run(["hub", "release", "create", tag], env={"GITHUB_TOKEN": github, "PATH": os.environ["PATH"]})


# --- async and exec ---------------------------------------------------------------


async def restic_backup(repo, restic_password):
    proc = await asyncio.create_subprocess_shell(f"RESTIC_PASSWORD='{restic_password}' restic -r {repo} backup /srv")  # finding: credential-in-command
    return await proc.wait()


async def restic_backup_env(repo, restic_password):
    proc = await asyncio.create_subprocess_shell(f"restic -r {repo} backup /srv", env={"RESTIC_PASSWORD": restic_password})
    return await proc.wait()


async def restic_backup_file(repo, password_file):
    proc = await asyncio.create_subprocess_exec("restic", "-r", repo, "--password-file", password_file, "backup", "/srv")
    return await proc.wait()


async def smbclient(share, user, credential):
    proc = await asyncio.create_subprocess_exec("smbclient", share, "-U", f"{user}%{credential}", "-c", "ls")  # finding: credential-in-command
    return await proc.communicate()


async def smbclient_kerberos(share, user):
    proc = await asyncio.create_subprocess_exec("smbclient", share, "-U", f"{user}@QM", "-k", "-c", "ls")
    return await proc.communicate()


def exec_agent(access_key):
    os.execvp("agent", ["agent", "--access-key", access_key, "--foreground"])  # finding: credential-in-command


def exec_agent_env(access_key):
    os.execvpe("agent", ["agent", "--foreground"], {**os.environ, "AGENT_ACCESS_KEY": access_key})


def ssh_session(host, user):
    secret = getpass(f"Password for {user}@{host}: ")
    child = pexpect.spawn(f"sshpass -p {secret} ssh {user}@{host}")  # finding: credential-in-command
    child.interact()


def ssh_session_sendline(host, user):
    secret = getpass(f"Password for {user}@{host}: ")
    child = pexpect.spawn(f"ssh {user}@{host}")
    child.expect("[Pp]assword:")
    child.sendline(secret)
    child.interact()


def pexpect_passwd(user):
    return pexpect.run(f"passwd --status {user}")


# --- archives, signing, helpers -----------------------------------------------


def zip_encrypt(archive, files, zip_password):
    sp.run(["7z", "a", archive, *files, f"-p{zip_password}", "-mhe=on"])  # finding: credential-in-command


def zip_plain(archive, files, compression):
    sp.run(["7z", "a", archive, *files, f"-mx={compression}", "-mhe=on"])


def openssl_export(key_path, out, passphrase):
    sp.run(["openssl", "pkcs12", "-export", "-inkey", key_path, "-out", out, "-passout", "pass:" + passphrase])  # finding: credential-in-command


def openssl_export_fd(key_path, out, passphrase):
    sp.run(["openssl", "pkcs12", "-export", "-inkey", key_path, "-out", out, "-passout", "stdin"], input=passphrase.encode())


def openssl_export_env(key_path, out, passphrase):
    sp.run(["openssl", "pkcs12", "-export", "-inkey", key_path, "-out", out, "-passout", "env:P12"], env={"P12": passphrase})


def gpg_sign(path, passphrase):
    sp.run(["gpg", "--batch", "--pinentry-mode", "loopback", "--passphrase-fd", "0", "-b", path], input=passphrase, text=True)


def _sh(command):
    return subprocess.run(command, shell=True, capture_output=True, text=True)  # finding: credential-in-command


def twine_upload(dist):
    return _sh(f"twine upload -u __token__ -p {os.environ['PYPI_TOKEN']} {dist}")


def _sh_quiet(command):
    return subprocess.run(command, shell=True, capture_output=True, text=True)


def twine_check(dist):
    return _sh_quiet(f"twine check --strict {dist}")


def twine_upload_env(dist):
    return subprocess.run(["twine", "upload", dist], env={"TWINE_PASSWORD": os.environ["PYPI_TOKEN"], "TWINE_USERNAME": "__token__"})


class Notarizer:
    def __init__(self, apple_id, app_password):
        self.apple_id = apple_id
        self.app_password = app_password

    def submit(self, path):
        line = " ".join(["xcrun notarytool submit", shlex.quote(path), "--apple-id", self.apple_id, "--password", shlex.quote(self.app_password)])
        return subprocess.call(line, shell=True)  # finding: credential-in-command

    def history(self):
        line = " ".join(["xcrun notarytool history", "--apple-id", self.apple_id, "--keychain-profile", "ci"])
        return subprocess.call(line, shell=True)

    def store(self):
        return subprocess.run(["xcrun", "notarytool", "store-credentials", "ci", "--apple-id", self.apple_id], input=self.app_password, text=True)


@task
def pytest_cov(c, token_count=100):
    subprocess.run([sys.executable, "-m", "pytest", "-k", "password and not token", f"--maxfail={token_count}"])


def masked_echo(api_key):
    subprocess.run(["logger", f"key configured: {'yes' if api_key else 'no'}"])


def length_echo(password):
    subprocess.run(["notify-send", f"password of {len(password)} characters saved"])


def ssh_keygen(key_file):
    subprocess.run(["ssh-keygen", "-t", "ed25519", "-N", "", "-f", key_file])


def ipmi_power(bmc):
    status, out = subprocess.getstatusoutput(f"ipmitool -H {bmc.host} -U {bmc.user} -P {bmc.password} power status")  # finding: credential-in-command
    return status == 0 and out.endswith("on")


def ipmi_power_file(bmc):
    status, out = subprocess.getstatusoutput(f"ipmitool -H {bmc.host} -U {bmc.user} -f {bmc.password_file} power status")
    return status == 0 and out.endswith("on")


def vault_put(path, value):
    signing_key = os.environ["SIGNING_KEY"]
    with Popen("vault kv put %s key=%s" % (path, signing_key), shell=True, stdout=PIPE) as proc:  # finding: credential-in-command
        return proc.stdout.read()


def vault_put_stdin(path, value):
    signing_key = os.environ["SIGNING_KEY"]
    with Popen("vault kv put %s key=-" % path, shell=True, stdin=PIPE) as proc:
        proc.stdin.write(signing_key.encode())


def wifi_join(ssid, wpa_passphrase, iface):
    argv = ["nmcli", "dev", "wifi", "connect", ssid]
    argv.extend(["password", wpa_passphrase, "ifname", iface])
    run(argv, check=True)  # finding: credential-in-command


def wifi_forget(ssid, iface):
    argv = ["nmcli", "connection", "modify", ssid]
    argv.extend(["802-11-wireless-security.psk-flags", "1", "ifname", iface])
    run(argv, check=True)
