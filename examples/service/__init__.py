"""A small case-management service around the monitor: Flask before it, SQLite behind it."""

from .app import create_app

__all__ = ["create_app"]
