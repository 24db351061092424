"""treeguard: refuses, in a second, what otherwise costs an afternoon."""

__version__ = "0.1.0"
