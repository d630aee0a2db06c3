"""Read by order."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0036"
down_revision: str | None = "0035"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "audit_order",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "organisation_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="whose cases",
        ),
        sa.Column("reference", sa.String(), nullable=False, comment="of the written order"),
        sa.Column("ordered_by", sa.String(), nullable=False, comment="which authority or office"),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False, comment="included"),
        sa.Column("by", sa.Integer(), nullable=False, comment="account that wrote it down"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "ended", sa.DateTime(timezone=True), nullable=True, comment="before its last day"
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_audit_order_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_audit_order_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_order")),
    )
    with op.batch_alter_table("audit_order", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_order_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_audit_order_organisation_id"), ["organisation_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("audit_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_order_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_audit_order_account_id"))

    op.drop_table("audit_order")
