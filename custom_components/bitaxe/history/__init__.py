"""The recorder: the only modules that read its database."""
