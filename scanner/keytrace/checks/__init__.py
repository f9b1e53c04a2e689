"""What can be verified offline about a key: checksums, encodings, structure. `CHECKS` is the registry by name.

A check takes the secret's bytes, whatever they are, and never raises. Its note is shown to users and holds nothing
of the secret but public names in it: accounts, issuers, projects, dates, kinds of key.
"""

from __future__ import annotations

from collections.abc import Callable

from keytrace.checks import aws, azure, crc, encoded, jwk, jwt, macaroon, mnemonic, pem, userpass, wallet
from keytrace.checks.verdict import Verdict

__all__ = ["CHECKS", "Verdict"]

CHECKS: dict[str, Callable[[bytes], Verdict]] = {
    "age-secret-key": crc.age_secret_key,
    "apify-token": crc.apify_token,
    "atlassian-token": crc.atlassian_token,
    "aws-access-key-id": aws.access_key_id,
    "aws-bedrock-key": aws.bedrock_key,
    "azure-32-byte-key": azure.key_of_32_bytes,
    "azure-annotated-key": azure.annotated_key,
    "azure-shared-access-signature": encoded.shared_access_signature,
    "azure-storage-key": azure.storage_key,
    "basic-auth": userpass.basic_auth,
    "bitbucket-app-password": crc.bitbucket_app_password,
    "bitcoin-wif-key": wallet.bitcoin_wif_key,
    "canva-token": crc.canva_token,
    "cloudflare-token": crc.cloudflare_token,
    "cloudflare-tunnel-token": encoded.cloudflare_tunnel_token,
    "discord-bot-token": encoded.discord_bot_token,
    "docker-config": encoded.docker_config,
    "docker-config-auth": userpass.docker_config_auth,
    "elastic-api-key": encoded.elastic_api_key,
    "encoded-private-key": pem.encoded_private_key,
    "extended-private-key": wallet.extended_private_key,
    "facebook-app-token": encoded.facebook_app_token,
    "github-token": crc.github_token,
    "gitlab-routable-token": crc.gitlab_routable_token,
    "grafana-api-key": encoded.grafana_api_key,
    "grafana-cloud-token": encoded.grafana_cloud_token,
    "grafana-service-account": crc.grafana_service_account,
    "intercom-token": encoded.intercom_token,
    "jfrog-reference-token": encoded.jfrog_reference_token,
    "jira-dc-token": encoded.jira_dc_token,
    "json-web-key": jwk.json_web_key,
    "jwt": jwt.json_web_token,
    "mapbox-token": encoded.mapbox_token,
    "mnemonic-phrase": mnemonic.mnemonic_phrase,
    "nats-nkey-seed": crc.nats_nkey_seed,
    "netbird-token": crc.netbird_token,
    "nostr-secret-key": wallet.nostr_secret_key,
    "npm-token": crc.npm_token,
    "onepassword-token": encoded.onepassword_token,
    "openssh-private-key": pem.openssh_private_key,
    "password": userpass.password,
    "pem-private-key": pem.pem_private_key,
    "pgp-private-key": pem.pgp_private_key,
    "polar-token": crc.polar_token,
    "putty-private-key": pem.putty_private_key,
    "pypi-token": macaroon.pypi_token,
    "ripple-seed": wallet.ripple_seed,
    "saladcloud-key": crc.saladcloud_key,
    "secp256k1-key": wallet.secp256k1_key,
    "sentry-organization-token": encoded.sentry_organization_token,
    "service-account-json": pem.service_account_json,
    "slack-rotated-token": encoded.slack_rotated_token,
    "solana-key-pair": wallet.solana_key_pair,
    "stellar-secret-seed": wallet.stellar_secret_seed,
    "teamcity-token": encoded.teamcity_token,
    "telegram-bot-token": encoded.telegram_bot_token,
    "vercel-token": crc.vercel_token,
    "zuplo-key": crc.zuplo_key,
}
