"""Many logs at once: which there are, one diagnosed, all of them on several cores, and what they come to."""
