"""Payment card numbers in a text: ISO/IEC 7812-1, with the prefixes and lengths that the schemes publish."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SEPARATOR = "[ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}\N{NON-BREAKING HYPHEN}\N{EN DASH}-]"
_DIGITS = re.compile(
    rf"(?<![0-9])(?:[0-9]{{4}}({_SEPARATOR}?)[0-9]{{4}}\1[0-9]{{4}}\1[0-9]{{2,7}}"
    rf"|3[47][0-9]{{2}}({_SEPARATOR}?)[0-9]{{6}}\2[0-9]{{5}})(?![0-9])"
)
_DINERS = re.compile(rf"(?<![0-9])3[0689][0-9]{{2}}({_SEPARATOR})[0-9]{{6}}\1[0-9]{{4}}(?![0-9])")
_CARD = re.compile(
    r"4[0-9]{15}(?:[0-9]{3})?|5[1-5][0-9]{14}|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{12}|"
    r"3[47][0-9]{13}|35[2-8][0-9]{13}|3(?:0[0-5]|[689][0-9])[0-9]{11}|"
    r"6(?:011|4[4-9][0-9]|5[0-9]{2}|2[0-9]{2})[0-9]{12}(?:[0-9]{3})?"
)
"""Visa, Mastercard, American Express, JCB, Diners, Discover, UnionPay.

An IMEI, a barcode, an ISBN or a time in milliseconds has another length or begins otherwise.
"""
_HEX_DIGITS = re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{24,}(?![0-9A-Fa-f])")
"""A digest: of the 64 digits of one, sixteen in a row are decimal by chance, in one of some thousands."""
_GUID = re.compile(r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}")
_ACCOUNT = re.compile(r"(?<![A-Z0-9])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Z0-9])")
_YEAR = r"(?:19|20)[0-9]{2}"
_MONTH_AND_YEAR = r"(?:0[1-9]|1[0-2])[2-4][0-9]"
_ROW_BEFORE = re.compile(rf"(?<![0-9])(?!{_YEAR})[0-9]{{4}}{_SEPARATOR}\Z")
_ROW_AFTER = re.compile(rf"{_SEPARATOR}(?!{_YEAR}|{_MONTH_AND_YEAR})[0-9]{{4}}(?![0-9/])")
_AROUND = 64
_DOUBLED = {str(digit): 2 * digit if digit < 5 else 2 * digit - 9 for digit in range(10)}


def card_numbers(text: str) -> Iterator[re.Match[str]]:
    """Every card number in a text."""
    for expression in (_DIGITS, _DINERS):
        yield from (match for match in expression.finditer(text) if _is_card(match, text))


def _is_card(match: re.Match[str], text: str) -> bool:
    """Whether digits are a card number, by prefix, length and check digit.

    No part of a fraction, a row of numbers with four digits, a GUID, a digest or a bank account.
    """
    number = match[0]
    separator = match[1] or (match[2] if match.re is _DIGITS else "")
    digits = number.replace(separator, "") if separator else number
    if not _CARD.fullmatch(digits) or not _luhn(digits) or len(set(digits)) == 1:
        return False
    before, after = text[max(0, match.start() - _AROUND) : match.start()], text[match.end() : match.end() + _AROUND]
    if re.search(r"[0-9][.]\Z", before) or re.match(r"[.][0-9]", after):
        return False
    if separator and (_ROW_BEFORE.search(before) or _ROW_AFTER.match(after)):
        return False
    around, start, end = before + number + after, len(before), len(before) + len(number)
    return not any(
        other.start() < end and other.end() > start and holds(other[0])
        for expression, holds in ((_HEX_DIGITS, _has_letter), (_GUID, bool), (_ACCOUNT, _is_account))
        for other in expression.finditer(around)
    )


def _has_letter(digits: str) -> bool:
    return not digits.isdecimal()


def _is_account(number: str) -> bool:
    """Whether the check digits of an international bank account number are right: ISO 13616."""
    plain = number.replace(" ", "")
    return int("".join(str(int(character, 36)) for character in plain[4:] + plain[:4])) % 97 == 1


def _luhn(digits: str) -> bool:
    """Whether the check digit is right: ISO/IEC 7812-1, annex B."""
    return (sum(map(int, digits[-1::-2])) + sum(_DOUBLED[digit] for digit in digits[-2::-2])) % 10 == 0
