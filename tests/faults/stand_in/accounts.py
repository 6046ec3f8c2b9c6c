"""Service accounts of the stand-in: their key files, and the tokens that they get for them.

Google's client signs a request for a token with the key of the file; the stand-in takes the name
out of it and gives a token that is the name. So every call tells who makes it.
"""

from __future__ import annotations

import base64
import json
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

if TYPE_CHECKING:
    from pathlib import Path

TOKEN_PATH: Final = "/token"  # noqa: S105 - a path
PREFIX: Final = "token-of-"


def email_of(account: str) -> str:
    """Return the address of an account of Terraform's, such as `nightly`."""
    return f"concord-{account}@concord-local.iam.example.test"


def write_keyfile(folder: Path, account: str, address: str) -> Path:
    """Write the key file of an account; its tokens come from the stand-in."""
    path = folder / f"key-{account}.json"
    facts = {
        "type": "service_account",
        "project_id": "concord-local",
        "client_email": email_of(account),
        "private_key": _private_key(),
        "token_uri": f"{address}{TOKEN_PATH}",
    }
    path.write_text(json.dumps(facts), encoding="utf-8")
    return path


def token_for(body: bytes) -> dict[str, Any]:
    """Answer a request for a token."""
    [assertion] = parse_qs(body.decode())["assertion"]
    claims = assertion.split(".")[1]
    issuer = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["iss"]
    return {"access_token": PREFIX + issuer, "expires_in": 3600, "token_type": "Bearer"}


def account_of(authorization: str) -> str:
    """Return the account that a header names; empty for none."""
    return authorization.removeprefix("Bearer ").removeprefix(PREFIX)


@cache
def _private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
