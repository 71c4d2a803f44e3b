"""Who asks the analysis, and how its answers look."""
