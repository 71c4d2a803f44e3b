"""The pictures of README and documentation, taken of a running demo."""
