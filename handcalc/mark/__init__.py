"""Answers that students type: read, and compared with what was worked out."""
