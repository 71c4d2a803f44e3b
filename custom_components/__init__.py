"""Makes this folder the one that tests load custom integrations from."""
