"""The house rules that no linter of ours holds: sizes, docstrings, what travels in the wheel."""

from __future__ import annotations

import ast
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import toolkit

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "toolkit").rglob("*.py"))
TOP = {
    "notebooks", "toolkit", "templates", "data", "tests", "pyproject.toml", "README.md",
    "Makefile", "requirements.lock", "CHANGELOG.md",
}  # fmt: skip


def functions(path: Path) -> list[ast.FunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_modules_and_functions_stay_small(path: Path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    long = {f.name: (f.end_lineno or 0) - f.lineno + 1 for f in functions(path)}

    assert lines < 300
    assert {name: size for name, size in long.items() if size > 40} == {}


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_public_functions_say_what_they_return(path: Path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    public = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name[0] != "_"]

    assert ast.get_docstring(tree)
    assert [f.name for f in public if not ast.get_docstring(f)] == []


def test_the_top_level_holds_what_the_design_names():
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()

    top = {path.split("/")[0] for path in tracked}

    assert {entry for entry in top if not entry.startswith(".")} <= TOP


def test_nothing_tracked_names_a_registry_or_a_path_of_a_machine():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")

    assert "://" not in lock
    assert "file:" not in lock
    assert "--index-url" not in lock


@pytest.mark.slow
def test_a_wheel_works_from_any_folder(tmp_path: Path):
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")

    run = subprocess.run(
        [sys.executable, "-m", "toolkit", "allocate", "2022/2023-1", "--input",
         str(tmp_path / "site/toolkit/shipped/data/sample/published")],
        cwd=tmp_path, env={"PYTHONPATH": str(tmp_path / "site"), "PATH": ""},
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip

    assert run.returncode == 0, run.stderr
    assert "19\u00a0986,50" in run.stdout
    assert toolkit.__version__ in wheel.name
