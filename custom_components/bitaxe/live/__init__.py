"""What cards and the terminal view see of this moment."""
