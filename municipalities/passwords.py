"""Which passwords are too easy to guess.

The rule (docs/decisions/0014). A password has at least twelve characters of any sort, and must not be
little more than words that come to mind first: those of the work, municipalities, seasons, keyboard rows,
the person's own name. Digits and other signs are decoration and weigh nothing, and a sign that stands for a
letter is read as that letter: `H4ndl1ngspl@n 2026!!` is "handlingsplan". When such words are taken away, at
least `LEFT` letters of something else must be left, so they may well be part of a sentence. Nor may a
password be one or two of the world's commonest, one thing over and over, or without letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LEFT = 8
"""How many letters must be left when the words that are easy to guess are taken away."""

FEW = 5
"""How many different characters a password must have."""

AT_MOST = 1000
"""The longest password in characters; far above any sentence, and cheap to judge."""

DATA = Path(__file__).parent / "data"

ROWS = [
    *("qwertyuiopå", "asdfghjklöä", "zxcvbnm", "abcdefghijklmnopqrstuvwxyzåäö"),
    *("1234567890", "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "1q2w3e4r5t6y7u8i9o0p"),
]
"""Keys beside each other, and the alphabet; any four of them, in either direction, are easy to guess."""

LETTERS = {
    "a": "åäàáâãæ@4",
    "b": "8",
    "c": "ç",
    "e": "éèêë3",
    "i": "l1!|íìï",
    "o": "öøòóôõ0",
    "s": "5$",
    "t": "7+",
    "u": "üúù",
}
READ_AS = str.maketrans({sign: letter for letter, signs in LETTERS.items() for sign in signs})
"""Which letter a sign is read as. 1 may be an i or an l, so those are the same here."""


def read(text: str) -> str:
    """The letters that `text` is read as: the same for `Åtgärd`, `atgard` and `4tg@rd`; as long as it is."""
    return plain(text).translate(READ_AS)


def plain(text: str) -> str:
    """`text` in small letters, each with its dots and rings in the same character."""
    return unicodedata.normalize("NFKC", text).casefold()


def is_letter(sign: str) -> bool:
    """Whether `sign` says something; digits, punctuation and spaces are decoration, a picture isn't."""
    kind = unicodedata.category(sign)
    return kind[0] in "LM" or kind == "So"


def words_of(text: str) -> Iterator[str]:
    """The words of `text`, as they are read: whole, and each part of a name such as Malung-Sälen."""
    for word in re.split(r"[\s,]+", text):
        yield from (read(part) for part in {word, *re.split(r"[\W\d_]+", word)} if len(part) > 2)


def entries(name: str) -> Iterator[str]:
    """What a list in `data/` holds; its own headings, such as the county's, belong to it."""
    for line in (DATA / name).read_text().splitlines():
        if not line.startswith("#"):
            yield line.replace(":", " ")


@cache
def easy_words() -> frozenset[str]:
    """The words of our own lists, and every four keys in a row."""
    words = {
        word
        for name in ("municipalities.txt", "guessable.txt")
        for text in entries(name)
        for word in words_of(text)
    }
    for row in map(read, ROWS):
        for keys in (row, row[::-1]):
            words.update(keys[start : start + 4] for start in range(len(keys) - 3))
    return frozenset(words)


@cache
def common_passwords() -> frozenset[str]:
    """The commonest passwords of the world, from Django's list."""
    return frozenset(read(each) for each in CommonPasswordValidator().passwords if len(each) > 3)


def words_about(user: AbstractBaseUser | None) -> frozenset[str]:
    """The parts of the person's name and e-mail address, without the address's last part (.se)."""
    about = f"{getattr(user, 'name', '')} {getattr(user, 'email', '').rpartition('.')[0]}".replace("@", " ")
    return frozenset(words_of(about))


def is_easy_to_guess(password: str, user: AbstractBaseUser | None = None) -> bool:
    """Whether the rule above refuses the password of `user`, who may be nobody yet."""
    text = plain(password)
    without_signs = "".join(sign for sign in text if sign.isalnum() or is_letter(sign))
    letters = "".join(filter(is_letter, text))
    if not letters or len(set(text)) < FEW or is_one_thing_repeated(read(letters)):
        return True
    words = easy_words() | words_about(user)
    return is_common(words, text) or any(
        is_little_more_than(words, view) for view in (text, without_signs, letters)
    )


def is_one_thing_repeated(letters: str) -> bool:
    """Such as `blommablomma`; a few letters among many signs may be alike."""
    repeated = re.fullmatch(r"(.+?)\1+", letters)
    return repeated is not None and len(repeated[1]) < LEFT <= len(letters)


def is_little_more_than(words: frozenset[str], text: str) -> bool:
    """Whether `words` stand in `text`, and too little beside them."""
    found = places(text, words)
    return bool(found) and letters_left(text, found) < LEFT


def is_common(words: frozenset[str], text: str) -> bool:
    """Whether `text` is one or two of the world's commonest passwords, beside `words` and decoration."""
    common = places(text, common_passwords())
    return bool(common) and letters_left(text, places(text, words), common, at_most=2) <= 2


Places = dict[int, list[int]]
"""Where words start, and where those that start there end."""


def places(text: str, words: frozenset[str]) -> Places:
    """Where `words` stand in `text`; those of three letters only by themselves, or among other words."""
    as_read = text.translate(READ_AS)
    longest = max(map(len, words))
    found = [
        (start, end)
        for start in range(len(text))
        for end in range(start + 3, min(start + longest, len(text)) + 1)
        if as_read[start:end] in words
    ]
    begins, ends = borders(text), borders(text)
    for start, end in found:
        if end - start > 3 or start in begins:
            begins.add(end)
    for start, end in reversed(found):
        if end - start > 3 or end in ends:
            ends.add(start)
    places: Places = {}
    for start, end in found:
        if end - start > 3 or (start in begins and end in ends):
            places.setdefault(start, []).append(end)
    return places


def borders(text: str) -> set[int]:
    """The places in `text` that don't have a letter on both sides."""
    beside = zip([False, *map(is_letter, text)], [*map(is_letter, text), False], strict=True)
    return {place for place, letters in enumerate(beside) if not all(letters)}


def letters_left(text: str, words: Places, common: Places | None = None, at_most: int = 0) -> int:
    """How few letters are left of `text` when `words`, and `at_most` of the `common` ones, are taken away."""
    weights = [is_letter(sign) for sign in text]
    # left[used][place]: the fewest letters left before `place`, when so many of the common ones were taken
    left = [[len(text)] * (len(text) + 1) for _used in range(at_most + 1)]
    left[0][0] = 0
    for start, weight in enumerate(weights):
        for used, row in enumerate(left):
            row[start + 1] = min(row[start + 1], row[start] + weight)
            for end in words.get(start, []):
                row[end] = min(row[end], row[start])
            if common and used < at_most:
                for end in common.get(start, []):
                    left[used + 1][end] = min(left[used + 1][end], row[start])
    return min(row[-1] for row in left)


class NotEasyToGuess:
    """For AUTH_PASSWORD_VALIDATORS: refuses what comes to mind first, however it is decorated."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if len(password) <= AT_MOST and is_easy_to_guess(password, user):
            raise ValidationError(
                _(
                    "Lösenordet är för lätt att gissa. Namn på kommuner, årstider, ord från arbetet och "
                    "ditt eget namn går att gissa även med siffror och tecken omkring. "
                    "Välj hellre några ord som inte hör ihop."
                ),
                code="password_easy_to_guess",
            )

    def get_help_text(self) -> str:
        return _("Välj gärna några ord som inte hör ihop. Siffror och tecken behövs inte.")


class OfSensibleLength:
    """For AUTH_PASSWORD_VALIDATORS: refuses what is too long to judge, and what no form can send."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if len(password) > AT_MOST:
            raise ValidationError(
                _("Lösenordet är för långt. Det får ha högst %(most)s tecken.") % {"most": AT_MOST},
                code="password_too_long",
            )
        if "\0" in password:
            raise ValidationError(
                _("Lösenordet innehåller ett tecken som inte går att använda. Skriv det igen."),
                code="password_with_null",
            )

    def get_help_text(self) -> str:
        return _("Det får ha högst %(most)s tecken.") % {"most": AT_MOST}
