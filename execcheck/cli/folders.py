"""Which law book, which packs and which rule a path on the command line means."""

from execcheck.folders import Place, locate

__all__ = ["Place", "locate"]
