"""The words that Chinese news pages use, as data."""
