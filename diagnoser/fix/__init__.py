"""Patches for the Dockerfile and `.dockerignore`: where the log failed, what a remedy changes there, a unified diff."""

from __future__ import annotations

from diagnoser.fix.edits import NAMES, checked
from diagnoser.fix.files import module_folder, nearest
from diagnoser.fix.patch import Patch, StaleError, apply, propose
from diagnoser.fix.place import Place
from diagnoser.fix.value import EditError

__all__ = [
    "NAMES",
    "EditError",
    "Patch",
    "Place",
    "StaleError",
    "apply",
    "checked",
    "module_folder",
    "nearest",
    "propose",
]
