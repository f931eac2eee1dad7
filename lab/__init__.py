"""Real builds that are made to fail, and what the diagnoser must say of each: see README.md."""
