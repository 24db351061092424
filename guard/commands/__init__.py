"""The doors and the other subcommands, one module each, imported when called."""
