"""The version, apart from the package itself so that any floor may read it."""

VERSION = "0.1.0"
