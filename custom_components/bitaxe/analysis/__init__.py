"""What the history says about each operating point, over any span.

Everything here is pure: `history` reads the recorder, and `results.queries` is the way
in for actions, cards, Discord, charts and Assist.
"""
