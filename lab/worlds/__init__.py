"""Servers on loopback that misbehave, each in one way. `table.toml` says which fault lives at which address."""
