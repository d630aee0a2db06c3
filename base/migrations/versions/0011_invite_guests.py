"""Invite guests."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "guest_access",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "organisation_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="None: a person whom consent names",
        ),
        sa.Column("name", sa.LargeBinary(), nullable=True, comment="sealed: that person's name"),
        sa.Column("link_digest", sa.LargeBinary(), nullable=False),
        sa.Column("code_digest", sa.LargeBinary(), nullable=False),
        sa.Column("invited_by", sa.Integer(), nullable=False, comment="account"),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False, comment="wrong codes"),
        sa.Column("session_digest", sa.LargeBinary(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name=op.f("fk_guest_access_case_id_case")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["agenda_item.id"], name=op.f("fk_guest_access_item_id_agenda_item")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_guest_access_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_access")),
        sa.UniqueConstraint("link_digest", name=op.f("uq_guest_access_link_digest")),
        sa.UniqueConstraint("session_digest", name=op.f("uq_guest_access_session_digest")),
    )
    with op.batch_alter_table("guest_access", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guest_access_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_guest_access_item_id"), ["item_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("guest_access", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guest_access_item_id"))
        batch_op.drop_index(batch_op.f("ix_guest_access_case_id"))

    op.drop_table("guest_access")
