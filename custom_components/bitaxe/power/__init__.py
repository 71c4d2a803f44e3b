"""Keeps the power of miners at or below a target, with the most hashrate it allows.

- `points`: what may be chosen from: operating points that were measured
- `choose`: the best choice for several miners together
- `controller`: when to act on it, and within which budget of writes
- `feeds`: targets that follow a surplus or a price
- `model`, `store`: what a person chose, and what outlives a restart
- `session`, `swarm`: one miner, and all of them, in Home Assistant
"""
