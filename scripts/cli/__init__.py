"""The command line, for people on SSH."""
