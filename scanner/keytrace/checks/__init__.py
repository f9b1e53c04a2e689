"""What can be verified offline about a key: checksums, encodings, structure. `CHECKS` is the registry by name.

A check takes the secret's bytes, whatever they are, and never raises. Its note is shown to users and holds nothing
of the secret but public names in it: accounts, issuers, projects, dates, kinds of key.
"""

from __future__ import annotations

from collections.abc import Callable

from keytrace.checks import aws, azure, crc, encoded, jwt, macaroon, pem, userpass, wallet
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
    "azure-storage-key": azure.storage_key,
    "basic-auth": userpass.basic_auth,
    "bitcoin-wif-key": wallet.bitcoin_wif_key,
    "bitbucket-app-password": crc.bitbucket_app_password,
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
    "jwt": jwt.json_web_token,
    "mapbox-token": encoded.mapbox_token,
    "nats-nkey-seed": crc.nats_nkey_seed,
    "npm-token": crc.npm_token,
    "onepassword-token": encoded.onepassword_token,
    "openssh-private-key": pem.openssh_private_key,
    "password": userpass.password,
    "pem-private-key": pem.pem_private_key,
    "pgp-private-key": pem.pgp_private_key,
    "putty-private-key": pem.putty_private_key,
    "pypi-token": macaroon.pypi_token,
    "saladcloud-key": crc.saladcloud_key,
    "secp256k1-key": wallet.secp256k1_key,
    "sentry-organization-token": encoded.sentry_organization_token,
    "service-account-json": pem.service_account_json,
    "solana-key-pair": wallet.solana_key_pair,
    "stellar-secret-seed": wallet.stellar_secret_seed,
    "teamcity-token": encoded.teamcity_token,
    "telegram-bot-token": encoded.telegram_bot_token,
    "vercel-token": crc.vercel_token,
    "zuplo-key": crc.zuplo_key,
}
