"""Seals: one digest over everything that was written, so that a later change of any row is found."""
