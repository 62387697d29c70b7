"""The model notebooks keep their figures, and nbval has something to compare."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tests.notebooks.keep_outputs import MODELS, UNCOMPARED

NOTEBOOKS = sorted(MODELS.glob("*.ipynb"))
PAGES = sorted(path for path in MODELS.parent.glob("*.ipynb"))


def nbval(folder: Path) -> subprocess.CompletedProcess[str]:
    """nbval in its strict form, in a pytest of its own."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider", str(folder)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_there_is_a_model_notebook():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_compared_cell_keeps_an_output(path: Path):
    # nbval passes a cell whose outputs were stripped: this is what catches it
    notebook = nbformat.read(path, as_version=4)

    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    bare = [cell.source for cell in code if not cell.outputs]

    assert code
    assert [source for source in bare if not source.startswith(UNCOMPARED)] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_outputs_are_plain_text(path: Path):
    notebook = nbformat.read(path, as_version=4)

    outputs = [out for cell in notebook.cells for out in cell.get("outputs", [])]

    assert {kind for out in outputs for kind in out.get("data", {})} <= {"text/plain"}
    assert not any("Traceback" in str(out) for out in outputs)


def test_page_notebooks_carry_no_outputs():
    notebooks = {path.name: nbformat.read(path, as_version=4) for path in PAGES}

    kept = {
        name
        for name, notebook in notebooks.items()
        if any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells)
    }

    assert kept == set()


@pytest.mark.slow
def test_the_models_compute_the_figures_they_show():
    run = nbval(MODELS)

    assert run.returncode == 0, run.stdout[-3000:]


@pytest.mark.slow
def test_a_changed_figure_turns_the_model_red(tmp_path: Path):
    original = (MODELS / "allocation_model.ipynb").read_text(encoding="utf-8")
    assert original.count("36250.00") > 1
    (tmp_path / "changed.ipynb").write_text(
        original.replace("| 36250.00 | 30812.50 ", "| 36250.01 | 30812.50 "), encoding="utf-8"
    )

    run = nbval(tmp_path)

    assert run.returncode == 1
    assert "36250.01" in run.stdout
    assert "1 failed" in run.stdout
