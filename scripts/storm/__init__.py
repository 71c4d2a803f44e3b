"""Home Assistant with many miners, while all that can go wrong does."""
