"""Tokens that are an encoding of something readable: dates, accounts and marks inside them must make sense."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from scanner.analyzers.checksums.verdict import Verdict, is_past, json_object, moment, plain, unbase64

_UUID = rb"[0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12}"
_UUID_ONLY = re.compile(_UUID)
_INTERCOM = re.compile(rb"tok:" + _UUID + rb":\d+:\d+")
_JFROG = re.compile(rb"reftkn:\d\d:(\d{10}):[!-~]{16,}")
_JIRA = re.compile(rb"\d{12}:.{20}", re.DOTALL)
_SNOWFLAKE = re.compile(rb"\d{17,20}")
_DISCORD_EPOCH = 1_420_070_400_000
_DISCORD_SAMPLE = b"198622483471925248"  # the bot of Discord's documentation
_ACCOUNT = re.compile(r"[0-9a-f]{32}")


def discord_bot_token(value: bytes) -> Verdict:
    parts = value.split(b".")
    number = unbase64(parts[0]) or b""
    if len(parts) != 3 or not _SNOWFLAKE.fullmatch(number):
        return Verdict(False, "not a Discord token: its first part is not a bot's number")
    if number == _DISCORD_SAMPLE:
        return Verdict(False, "the sample token of Discord's documentation")
    created = moment((int(number) >> 22) + _DISCORD_EPOCH)
    if created is None or not is_past(created):
        return Verdict(False, "not a Discord token: its bot would be of the future")
    return Verdict(True, f"belongs to a Discord bot created on {created:%Y-%m-%d}")


def jfrog_reference_token(value: bytes) -> Verdict:
    found = _JFROG.fullmatch(unbase64(value) or b"")
    if not found:
        return Verdict(False, "not a JFrog reference token: it does not decode")
    expiry = datetime.fromtimestamp(int(found[1]), UTC)
    if not int(found[1]):
        return Verdict(True, "decodes to a JFrog reference that never expires")
    if is_past(expiry):
        return Verdict(None, f"decodes to a JFrog reference that expired on {expiry:%Y-%m-%d}")
    return Verdict(True, f"decodes to a JFrog reference that expires on {expiry:%Y-%m-%d}")


def teamcity_token(value: bytes) -> Verdict:
    parts = value.split(b".")
    decoded = [unbase64(part) or b"" for part in parts]
    header = json_object(decoded[0]) or {}
    if len(parts) != 3 or header.get("typ") != "TCV2" or not decoded[1] or not _UUID_ONLY.fullmatch(decoded[2]):
        return Verdict(False, "not a TeamCity token: its parts do not decode")
    return Verdict(True, "its three parts decode as TeamCity makes them")


def onepassword_token(value: bytes) -> Verdict:
    claims = json_object(unbase64(value.removeprefix(b"ops_")))
    if claims is None or not {"signInAddress", "secretKey"} <= claims.keys():
        return Verdict(False, "not a 1Password service account token: it does not decode")
    account = plain(claims["signInAddress"])
    return Verdict(True, "decodes to a 1Password service account" + (f" of {account}" if account else ""))


def intercom_token(value: bytes) -> Verdict:
    if _INTERCOM.fullmatch(unbase64(value) or b""):
        return Verdict(True, "decodes as Intercom makes its tokens")
    return Verdict(False, "not an Intercom token: it does not decode")


def jira_dc_token(value: bytes) -> Verdict:
    if _JIRA.fullmatch(unbase64(value.removeprefix(b"BBDC-")) or b""):
        return Verdict(True, "decodes to the number of a token and 20 random bytes")
    return Verdict(False, "not a Data Center token: it does not decode")


def cloudflare_tunnel_token(value: bytes) -> Verdict:
    claims = json_object(unbase64(value)) or {}
    account, tunnel, secret = plain(claims.get("a")), plain(claims.get("t")), claims.get("s")
    if not _ACCOUNT.fullmatch(account) or not _UUID_ONLY.fullmatch(tunnel.encode()) or not isinstance(secret, str):
        return Verdict(False, "not a Cloudflare Tunnel token: it does not decode")
    if not unbase64(secret.encode(errors="replace")):
        return Verdict(False, "not a Cloudflare Tunnel token: its secret does not decode")
    return Verdict(True, f"decodes to a tunnel of Cloudflare account {account}")
