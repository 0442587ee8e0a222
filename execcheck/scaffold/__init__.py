"""Scaffolds: a new pack, or a new rule of any kind, that loads and passes its own examples as written.

The texts are templates beside this module; the event types are chosen from the vocabulary of the law book around
the pack, and the examples are built from the rule.
"""

from execcheck.scaffold.places import pack_folder
from execcheck.scaffold.writing import new_pack, new_rule

__all__ = ["new_pack", "new_rule", "pack_folder"]
