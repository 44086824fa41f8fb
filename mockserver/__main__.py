"""`python -m mockserver` is the command."""

from mockserver.faces.cli import main

main()
