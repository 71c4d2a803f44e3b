"""The fake Discord itself: it must be honest before others are measured by it."""
