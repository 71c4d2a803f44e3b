"""Developer tools: set-up, checks, demo, benchmarks and the miner simulator."""
