"""The repository keeps its promises: what it documents is so, and nothing in it belongs to one machine."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.pictures import VIEWS

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


DOCUMENTS = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "docs").rglob("*.md"))]


def read(name: str) -> str:
    return (ROOT / name).read_text()


def tracked_files() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for name in listing.stdout.split("\0") if name and (path := ROOT / name).is_file()]


# Configuration


def test_each_environment_variable_is_documented_and_each_documented_one_is_read():
    settings = set(re.findall(r"""(?:env\.\w+|required)\(\s*"([A-Z_]+)\"""", read("portal/settings.py")))
    script = set(re.findall(r"\$\{(PORT|PYTHON)\b", read("run")))
    compose = set(re.findall(r"\$\{([A-Z_]+)", read("docker-compose.yml")))

    documented = set(re.findall(r"^#? ?([A-Z_]+)=", read(".env.example"), re.MULTILINE))

    assert settings | script | compose == documented


NOT_FOR_COMPOSE = {
    "PRODUCTION": "the image says it",
    "DEBUG": "never in production",
    "DEMO_PASSWORD": "never in production",
    "PYTHON": "for ./run alone",
}
"""What compose doesn't let anyone set, and why."""


def test_whatever_can_be_set_in_production_can_be_set_by_way_of_compose():
    documented = set(re.findall(r"^#? ?([A-Z_]+)=", read(".env.example"), re.MULTILINE))
    compose = read("docker-compose.yml")
    passed_on = {
        name for name in documented if re.search(rf"^ +{name}: .+|\$\{{{name}\b", compose, re.MULTILINE)
    }

    assert documented - passed_on == set(NOT_FOR_COMPOSE)


def test_compose_runs_a_postgresql_that_is_supported():
    [version] = re.findall(r"image: postgres:(\d+)", read("docker-compose.yml"))

    assert int(version) >= 15


def test_the_image_runs_a_python_that_the_project_allows():
    [version] = re.findall(r"^FROM python:3\.(\d+)", read("Dockerfile"), re.MULTILINE)

    assert PROJECT["project"]["requires-python"] == ">=3.11"
    assert int(version) >= 11


def test_the_image_runs_as_an_ordinary_user():
    assert re.findall(r"^USER (\w+)", read("Dockerfile"), re.MULTILINE)[-1] != "root"


# What the documents name


@pytest.mark.parametrize("document", ["README.md", "SECURITY.md", *DOCUMENTS])
def test_each_test_that_a_document_names_exists(document):
    named = set(re.findall(r"\btests/[\w/.-]*[\w/]|\btest_\w+\.py", read(document)))
    files = {str(path.relative_to(ROOT)) for path in tracked_files() if path.is_relative_to(ROOT / "tests")}
    names = {Path(file).name for file in files}

    missing = {name for name in named if "/" in name and not (ROOT / name).exists()}
    missing |= {name for name in named if "/" not in name and name not in names}

    assert missing == set()


# Dependencies


def test_the_readme_shows_each_picture_that_is_made_and_they_are_small():
    shown = re.findall(r"!\[[^]]{20,}\]\((docs/pictures/[\w-]+\.png)\)", read("README.md"))
    pictures = [*(ROOT / "docs" / "pictures").iterdir()]

    assert {*shown} == {str(each.relative_to(ROOT)) for each in pictures}
    assert {each.stem for each in pictures} == {each.name for each in VIEWS} | {"pdf"}
    assert sum(each.stat().st_size for each in pictures) < 600_000


def test_each_dependency_says_what_it_is_for():
    declared = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]

    explained = re.findall(r'^ {4}"(.+[<>=].+)", +# \w+', read("pyproject.toml"), re.MULTILINE)

    assert sorted(explained) == sorted(declared)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_each_locked_package_has_its_hashes(lock):
    packages = re.findall(r"^\S+==.+(?:\n +.+)*", read(lock), re.MULTILINE)

    assert packages
    assert all("--hash=sha256:" in package for package in packages)


def test_the_development_lock_holds_the_other_one_whole():
    def pins(lock: str) -> set[str]:
        return set(re.findall(r"^[\w.\[\]-]+==[\w.]+", read(lock), re.MULTILINE))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


# What is in the files


def test_no_file_names_a_package_registry_or_a_folder_of_somebodys_machine():
    somebodys = re.compile(
        rb"https?://\S*/simple\b|--(?:extra-)?index-url|--find-links|/(?:home|Users)/\w|/root/"
    )

    offenders = [
        str(path)
        for path in tracked_files()
        if path != Path(__file__) and somebodys.search(path.read_bytes())
    ]

    assert offenders == []
