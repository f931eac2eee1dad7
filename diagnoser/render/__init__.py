"""One small module per output format, each a function from a `Diagnosis` to text; escaping for that format is there."""
