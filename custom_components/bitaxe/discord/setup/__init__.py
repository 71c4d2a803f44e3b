"""The forms that set up a channel and renew its token."""
