"""Give out what is held."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "disclosure",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column(
            "channel", sa.String(), nullable=False, comment="letter, phone, meeting or portal"
        ),
        sa.Column(
            "kinds",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
            comment="codes of kinds of information",
        ),
        sa.Column("recipient", sa.LargeBinary(), nullable=False, comment="sealed"),
        sa.Column("ground", sa.String(), nullable=False, comment="consent or law"),
        sa.Column("consent_id", sa.Uuid(), nullable=True),
        sa.Column("law", sa.String(), nullable=False, comment="the rule, where the ground is law"),
        sa.Column("by", sa.Integer(), nullable=False, comment="account"),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_disclosure_case_id_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
    )
    with op.batch_alter_table("disclosure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_disclosure_case_id"), ["case_id"], unique=False)

    op.create_table(
        "persons_request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False, comment="access or rectification"),
        sa.Column("asked", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column(
            "identity", sa.String(), nullable=False, comment="how it was made sure who asks: code"
        ),
        sa.Column("by", sa.Integer(), nullable=False, comment="account that registered it"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "left_out",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
            comment="ids of entries",
        ),
        sa.Column("released_by", sa.Integer(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name=op.f("fk_persons_request_case_id_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons_request")),
    )
    with op.batch_alter_table("persons_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_persons_request_case_id"), ["case_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("persons_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_persons_request_case_id"))

    op.drop_table("persons_request")
    with op.batch_alter_table("disclosure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_disclosure_case_id"))

    op.drop_table("disclosure")
