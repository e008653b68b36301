"""The server's side of Cognito's SRP, written from the RFCs and not from the studio's module.

RFC 5054 (the 3072-bit prime), RFC 2945 and SRP-6a for the numbers, RFC 5869 for the key; what the
parts are joined to is the public SDKs' wire format.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

# RFC 3526, 4: 2^3072 - 2^3008 - 1 + 2^64 * ([2^2942 pi] + 1690314). Computed, so that no digit can
# have been copied wrongly in both places.
_PI_BITS = 2942


def _pi_scaled(bits: int) -> int:
    """floor(pi * 2^bits), by Machin's formula with 64 bits to spare."""
    one = 1 << (bits + 64)

    def arctan_of_one_over(x: int) -> int:
        power = one // x
        total, sign, n = power, -1, 3
        while power:
            power //= x * x
            total += sign * (power // n)
            sign, n = -sign, n + 2
        return total

    return (4 * (4 * arctan_of_one_over(5) - arctan_of_one_over(239))) >> 64


N = 2**3072 - 2**3008 - 1 + 2**64 * (_pi_scaled(_PI_BITS) + 1690314)
G = 2


def signed_bytes(number: int) -> bytes:
    """Two's complement, big-endian, as few bytes as hold it."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True)


def _hash(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha256(b"".join(parts)).digest(), "big")


@dataclass(frozen=True)
class Server:
    """One user's row at the server, and the secret of one sign-in."""

    pool_id: str
    user_id: str
    password: str
    salt: str
    secret: int
    secret_block: str

    @property
    def verifier(self) -> int:
        name = self.pool_id.split("_", 1)[1]
        identity = hashlib.sha256(f"{name}{self.user_id}:{self.password}".encode()).digest()
        return pow(G, _hash(signed_bytes(int(self.salt, 16)), identity), N)

    @property
    def public(self) -> int:
        k = _hash(signed_bytes(N), signed_bytes(G))
        return (k * self.verifier + pow(G, self.secret, N)) % N

    def expects(self, client_public: int, timestamp: str) -> str:
        """PASSWORD_CLAIM_SIGNATURE of who knows the password; from the server's own secret."""
        u = _hash(signed_bytes(client_public), signed_bytes(self.public))
        shared = pow(client_public * pow(self.verifier, u, N), self.secret, N)
        extracted = hmac.new(signed_bytes(u), signed_bytes(shared), "sha256").digest()
        key = hmac.new(extracted, b"Caldera Derived Key\x01", "sha256").digest()[:16]
        name = self.pool_id.split("_", 1)[1]
        told = f"{name}{self.user_id}".encode() + base64.b64decode(self.secret_block)
        signature = hmac.new(key, told + timestamp.encode(), "sha256").digest()
        return base64.b64encode(signature).decode()


def random_server(password: str) -> Server:
    # Every leading bit comes up: a salt of 0x00… and one of 0x80… are padded differently.
    return Server(
        pool_id="eu-west-3_AbCdEf123",
        user_id=f"user-{secrets.token_hex(8)}",
        password=password,
        salt=secrets.token_hex(16),
        secret=secrets.randbelow(N - 2) + 1,
        secret_block=base64.b64encode(secrets.token_bytes(200)).decode(),
    )
