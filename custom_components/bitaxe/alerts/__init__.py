"""What must not go unnoticed: conditions, rules, and who is notified."""
