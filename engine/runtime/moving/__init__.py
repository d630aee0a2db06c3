"""Instances in another version of their diagrams, and tokens put elsewhere by hand."""

from engine.runtime.moving.migrating import Migrated, migrate, revert_migration
from engine.runtime.moving.preview import Group, foresee_migration, plan_migration
from engine.runtime.moving.tokens import NotAVariable, move_token, set_variables

__all__ = [
    "Group",
    "Migrated",
    "NotAVariable",
    "foresee_migration",
    "migrate",
    "move_token",
    "plan_migration",
    "revert_migration",
    "set_variables",
]
