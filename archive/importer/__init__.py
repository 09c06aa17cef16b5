"""An archive again from its own exports: a package of tables, or JSON Lines."""
