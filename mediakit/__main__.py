"""`python -m mediakit` is the command `mediakit`."""

from mediakit.cli.main import run

if __name__ == "__main__":
    run()
