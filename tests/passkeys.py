"""A passkey in software: what a phone or a security key does when the browser asks it."""

from __future__ import annotations

import hashlib
import os
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

FLAG = AuthenticatorData.FLAG


class Passkey:
    """Made for one site; `verifies` tells whether it makes sure that its owner holds it."""

    def __init__(self, *, site: str = "testserver", verifies: bool = True) -> None:
        self.site, self.verifies = site, verifies
        self.id = os.urandom(16)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.owner = b""  # as the site names its accounts

    def answer_to_making(self, options: dict[str, Any]) -> dict[str, Any]:
        """What the browser sends when a new passkey has been made, as JSON has it."""
        self.owner = websafe_decode(options["publicKey"]["user"]["id"])
        kept = AttestedCredentialData.create(
            Aaguid(bytes(16)), self.id, ES256.from_cryptography_key(self.key.public_key())
        )
        data = AuthenticatorData.create(self.site_hash, self.flags | FLAG.AT, 0, bytes(kept))
        return self.answer(
            clientDataJSON=self.told("webauthn.create", options),
            attestationObject=AttestationObject.create("none", data, {}),
        )

    def answer_to_asking(self, options: dict[str, Any]) -> dict[str, Any]:
        """What the browser sends when the passkey has signed what it was given, as JSON has it."""
        told = self.told("webauthn.get", options)
        data = AuthenticatorData.create(self.site_hash, self.flags, 0)
        signed = self.key.sign(bytes(data) + hashlib.sha256(told).digest(), ec.ECDSA(hashes.SHA256()))
        return self.answer(
            clientDataJSON=told, authenticatorData=data, signature=signed, userHandle=self.owner
        )

    @property
    def site_hash(self) -> bytes:
        return hashlib.sha256(self.site.encode()).digest()

    @property
    def flags(self) -> Any:
        return FLAG.UP | FLAG.UV if self.verifies else FLAG.UP

    def told(self, kind: str, options: dict[str, Any]) -> bytes:
        """What the browser vouches for: which site asked, and for what."""
        return CollectedClientData.create(
            type=kind, challenge=options["publicKey"]["challenge"], origin=f"https://{self.site}"
        )

    def answer(self, **response: bytes) -> dict[str, Any]:
        name = websafe_encode(self.id)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "response": {part: websafe_encode(bytes(value)) for part, value in response.items()},
            "clientExtensionResults": {},
        }
