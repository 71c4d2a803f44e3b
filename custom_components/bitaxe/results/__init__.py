"""Asks the analysis, and presents its answers as JSON, text, files and pictures."""
