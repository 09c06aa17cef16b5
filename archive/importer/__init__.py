"""An archive again from its own exports: ``package.import_archive`` takes a package of tables, or JSON Lines.

What is wrong with one is a ``loader.PackageError``.
"""
