"""`python -m kanfa` is the `kanfa` command."""

from kanfa.cli import main

main()
