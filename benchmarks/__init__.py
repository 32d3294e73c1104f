"""Ratios that the project promises, measured in one process: ``python -m benchmarks``."""
