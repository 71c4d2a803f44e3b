"""A home to look at: a real Home Assistant and a swarm of simulated miners."""
