"""``python -m execcheck``."""

from execcheck.cli import main

if __name__ == "__main__":
    main(prog_name="execcheck")
