"""What is known of one miner beyond a single reading."""
