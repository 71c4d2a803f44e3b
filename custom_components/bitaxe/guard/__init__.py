"""What protects a miner by itself: from heat, and from standing still."""
