"""`python -m psfpolicy`."""

from psfpolicy.cli import main

if __name__ == "__main__":
    main()
