"""What is said: one message for each question people ask."""
