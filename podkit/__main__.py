"""Where `podkit` and `python -m podkit` start."""

import sys


def main() -> None:
    """Run the command line and exit with its code."""
    from podkit.cli import run  # noqa: PLC0415 (child processes import this module)

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
