"""Ratios of our times and memory to those of bare tools, measured in one run. Not tests of time."""
