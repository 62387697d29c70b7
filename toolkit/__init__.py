"""Grant administration for an ESF programme against early school leaving."""

__version__ = "0.1.0"
