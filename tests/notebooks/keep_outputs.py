"""Run the model notebooks and keep their outputs as plain text.

`.venv/bin/python tests/notebooks/keep_outputs.py`

A project manager's chart and widgets stay out of the file: what is kept is what
nbval compares, and a person can read in a difference.
"""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbclient import NotebookClient

MODELS = Path(__file__).parents[2] / "notebooks" / "models"
UNCOMPARED = "# NBVAL_IGNORE_OUTPUT"


def keep_outputs(path: Path) -> None:
    """Execute a notebook from scratch and write it back with plain-text outputs only."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, resources={"metadata": {"path": str(path.parent)}}).execute()
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(code, 1):
        cell.metadata.pop("execution", None)
        cell.execution_count = number  # nbval takes a cell without one for never run
        if cell.source.startswith(UNCOMPARED):
            cell.outputs = []
        for output in cell.outputs:
            if "data" in output:
                output["data"] = {"text/plain": output["data"]["text/plain"]}
            if output["output_type"] == "execute_result":
                output["execution_count"] = number
    notebook.metadata.pop("widgets", None)
    nbformat.write(notebook, path)


if __name__ == "__main__":
    for model in sorted(MODELS.glob("*.ipynb")):
        keep_outputs(model)
