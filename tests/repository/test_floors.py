"""No package is older than the version that mended a known flaw in it.

A flaw that becomes known is a line here, a higher floor in pyproject.toml where the package is named, and
`./run lock`.
"""

from __future__ import annotations

import re

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from tests.repository.test_repository import PROJECT, read

MENDED = {
    "cryptography": ("50.0.0", "CVE-2026-69247: what it decrypts can be guessed from its errors"),
    "django": ("5.2.15", "GHSA-8cjm-8mp7-r2xf, and CVE-2026-3902 and CVE-2026-33034 in 5.2.13"),
    "django-allauth": ("65.19.4", "CVE-2026-97764: accents raise the limit of failed log-ins"),
    "fonttools": ("4.61.0", "CVE-2025-66034: writes outside its folder"),
    "markdown-it-py": ("2.2.0", "CVE-2023-26303: some texts make it fail"),
    "pillow": ("13.0.0", "CVE-2026-96639: pictures that write outside their memory"),
    "pyjwt": ("2.12.0", "CVE-2026-32597: critical headers aren't heeded"),
    "requests": ("2.33.0", "CVE-2026-25645: unpacked files can be exchanged"),
    "urllib3": ("2.8.0", "CVE-2026-97689 and CVE-2026-97687: lines without end, proxies not verified"),
    "weasyprint": ("70.0", "CVE-2026-55073: pictures that are programs"),
}
"""The version that mended the latest flaw we know of, and which that is."""

DIRECT = {
    requirement.name: requirement.specifier
    for requirement in map(
        Requirement, [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    )
}


def floor_of(specifiers: SpecifierSet) -> Version:
    return max(Version(each.version) for each in specifiers if each.operator == ">=")


def locked(lock: str) -> dict[str, Version]:
    pins = re.findall(r"^([\w.-]+)==([\w.]+)", read(lock), re.MULTILINE)
    return {name: Version(version) for name, version in pins}


@pytest.mark.parametrize("package", sorted(set(MENDED) & set(DIRECT)))
def test_no_version_with_a_known_flaw_is_asked_for(package):
    version, flaw = MENDED[package]

    assert floor_of(DIRECT[package]) >= Version(version), flaw


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
@pytest.mark.parametrize("package", MENDED)
def test_no_version_with_a_known_flaw_is_installed(package, lock):
    version, flaw = MENDED[package]

    assert locked(lock)[package] >= Version(version), flaw


def test_every_package_that_the_portal_asks_for_has_a_floor():
    assert [name for name, specifiers in DIRECT.items() if not floor_of(specifiers)] == []
