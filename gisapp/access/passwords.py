"""Passwords: what is refused, and the Argon2 hash that is all that is kept of one."""

from __future__ import annotations

import secrets
import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from gisapp.access.limits import limits
from gisapp.errors import InvalidParameterError

#: Beginnings that make a long password a guess; a whole password of them, digits and signs is refused.
COMMON = (
    "password", "passw0rd", "katasandi", "rahasia", "sandi", "admin", "administrator", "qwerty", "qwertyuiop", "asdfgh",
    "asdfghjkl", "zxcvbnm", "iloveyou", "sayang", "indonesia", "merdeka", "bismillah", "welcome", "selamatdatang",
    "letmein", "gisapp", "pemutakhiran", "kemiskinan", "dtsen", "labuhanbatu", "labuhanbatuselatan", "langkat",
    "bappeda", "dinsos", "dinassosial", "tkpk", "monkey", "dragon", "changeme", "default", "abcdefghijkl",
)  # fmt: skip


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    """Argon2id with the library's parameters (RFC 9106, low-memory profile)."""
    return PasswordHasher()


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def require_good(password: str, *, name: str) -> None:
    """Refuse a password that is short, long, the user's name, or among the first that anybody tries."""
    bounds, plain = limits(), _plain(password)
    if len(plain) < bounds.password_min_length:
        raise _weak(
            f"it has fewer than {bounds.password_min_length} characters; four words in a row are easy to remember",
            f"kurang dari {bounds.password_min_length} karakter; empat kata berurutan mudah diingat",
        )
    if len(plain) > bounds.password_max_length:
        raise _weak(
            f"it has more than {bounds.password_max_length} characters",
            f"lebih dari {bounds.password_max_length} karakter",
        )
    letters = "".join(sign for sign in plain.casefold() if sign.isalpha())
    own = "".join(sign for sign in _plain(name).casefold() if sign.isalpha())
    if own and (letters == own or (own in letters and letters.replace(own, "") in ("", *COMMON))):
        raise _weak("it is the user's name", "sama dengan nama pengguna")
    if not letters or len(set(plain.casefold())) < 5 or _only_common(letters):
        raise _weak("it is among the first that anybody tries", "termasuk yang pertama ditebak orang")


def _only_common(letters: str) -> bool:
    """Whether the letters are one common word, once or again and again."""
    return any(letters.replace(word, "") == "" for word in COMMON)


def _weak(en: str, id: str) -> InvalidParameterError:
    return InvalidParameterError(
        f"This password is refused: {en}.", f"Kata sandi ini ditolak: {id}.", code="weak_password"
    )


def hash_password(password: str) -> str:
    """Argon2id hash with its own salt and parameters in it."""
    return _hasher().hash(_plain(password))


@lru_cache(maxsize=1)
def _nobody() -> str:
    return hash_password("there is no user of this name")


def verify(stored: str | None, password: str) -> bool:
    """Whether the password is the one; without a stored hash the same work is done, so that time tells nothing."""
    if len(password) > 4 * limits().password_max_length:
        return False
    try:
        matched = _hasher().verify(_nobody() if stored is None else stored, _plain(password))
    except (VerificationError, InvalidHashError):
        return False
    return bool(matched) and stored is not None


def outdated(stored: str) -> bool:
    """Whether a hash was made with weaker parameters than today's."""
    return bool(_hasher().check_needs_rehash(stored))


def temporary_password() -> str:
    """A password to hand over once, easy to read out: three groups of three syllables, about 55 bits."""
    consonants, vowels = "bdgjklmnprstwy", "aeiou"

    def group() -> str:
        return "".join(secrets.choice(consonants) + secrets.choice(vowels) for _ in range(3))

    return "-".join(group() for _ in range(3))
