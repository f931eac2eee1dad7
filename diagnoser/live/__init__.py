"""Logs that are still being written: a paste, a pipe, a command that runs, and the watch over its silences."""
