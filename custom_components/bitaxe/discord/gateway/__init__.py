"""The connection to Discord: the only modules that import nextcord."""
