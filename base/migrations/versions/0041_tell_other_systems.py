"""Tell other systems."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0041"
down_revision: str | None = "0040"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "hook",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column(
            "events",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("secret", sa.LargeBinary(), nullable=False, comment="signs; sealed"),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "former_secret",
            sa.LargeBinary(),
            nullable=True,
            comment="signs as well for a while; sealed",
        ),
        sa.Column("former_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "last_taken",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when the system last took something",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_hook_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook")),
    )
    with op.batch_alter_table("hook", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_hook_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "hook_delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hook_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column(
            "thing", sa.String(), nullable=False, comment="id of a step, code of a milestone…"
        ),
        sa.Column("state", sa.String(), nullable=False, comment="waiting, taken or given_up"),
        sa.Column("answered", sa.Integer(), nullable=True, comment="status of the last answer"),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name=op.f("fk_hook_delivery_case_id_case")
        ),
        sa.ForeignKeyConstraint(
            ["hook_id"], ["hook.id"], name=op.f("fk_hook_delivery_hook_id_hook")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook_delivery")),
    )
    with op.batch_alter_table("hook_delivery", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hook_delivery_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_hook_delivery_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hook_delivery_hook_id"), ["hook_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("hook_delivery", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hook_delivery_hook_id"))
        batch_op.drop_index(batch_op.f("ix_hook_delivery_case_id"))
        batch_op.drop_index(batch_op.f("ix_hook_delivery_at"))

    op.drop_table("hook_delivery")
    with op.batch_alter_table("hook", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hook_organisation_id"))

    op.drop_table("hook")
