"""Raise alarms."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "case_alarm",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "organisation_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="which leads the case",
        ),
        sa.Column(
            "account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="the administrator",
        ),
        sa.Column(
            "reason",
            sa.LargeBinary(),
            nullable=True,
            comment="sealed: why the administrator looks in",
        ),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by", sa.Integer(), nullable=True, comment="account"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_case_alarm_account_id_account")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_alarm_case_id_case")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_case_alarm_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_alarm")),
    )
    with op.batch_alter_table("case_alarm", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_alarm_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_case_alarm_organisation_id"), ["organisation_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("case_alarm", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_alarm_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_case_alarm_case_id"))

    op.drop_table("case_alarm")
