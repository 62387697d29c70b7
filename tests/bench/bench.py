"""Print one table of ratios: `.venv/bin/python tests/bench/bench.py [--only plans-10m …]`.

This process imports neither polars nor pandas: a child begins with the peak memory of
the process it was forked from, so a heavy parent would be measured in every row.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench import parts
from tests.bench.measure import Row

HEADINGS = ("what", "ours", "other", "ratio", "target", "ok?")


def main() -> None:
    """Measure the parts asked for and print the table; exit 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, prog="bench")
    parser.add_argument(
        "--only", action="append", choices=list(parts.PARTS), metavar="PART",
        help=f"one of {', '.join(parts.PARTS)}; may be repeated",
    )  # fmt: skip
    chosen = parser.parse_args().only or list(parts.PARTS)
    rows: list[Row] = []
    for name in chosen:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        rows += parts.PARTS[name]()
    print(table(rows))
    sys.exit(any(row.met is False for row in rows))


def table(rows: list[Row]) -> str:
    """The rows as Markdown."""
    cells = [HEADINGS, tuple("---" for _ in HEADINGS), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


if __name__ == "__main__":
    main()
