"""Tests of what protects miners by itself."""
