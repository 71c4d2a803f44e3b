"""What the recorder's history says about each setting, over any span.

Everything here is pure, but for `history`, the only module that queries the recorder.
`service` is the way in: actions, cards, Discord, charts and Assist only present what it
returns.
"""
