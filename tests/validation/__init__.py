"""What hassfest and the HACS validator ask of a custom integration."""
