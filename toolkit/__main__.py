"""`python -m toolkit` is `grants`."""

from toolkit.cli import main

main()
