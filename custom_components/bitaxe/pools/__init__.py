"""What mining pools say of the miners, for those who opt in."""
