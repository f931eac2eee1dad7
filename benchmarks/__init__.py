"""What speed costs: ratios of CPU time against public tools, in one run. `make bench`."""
