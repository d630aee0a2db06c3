"""Ask remote services."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "service_answer",
        sa.Column("token_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "answer", sa.LargeBinary(), nullable=False, comment="sealed with the key of the case"
        ),
        sa.PrimaryKeyConstraint("token_id", name=op.f("pk_service_answer")),
    )
    with op.batch_alter_table("service_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_answer_case_id"), ["case_id"], unique=False)

    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "organisation_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
            )
        )
        batch_op.alter_column("account_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_unique_constraint(
            batch_op.f("uq_mail_organisation_id_day"), ["organisation_id", "day"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_mail_organisation_id_organisation"),
            "organisation",
            ["organisation_id"],
            ["id"],
        )


def downgrade() -> None:
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_mail_organisation_id_organisation"), type_="foreignkey"
        )
        batch_op.drop_constraint(batch_op.f("uq_mail_organisation_id_day"), type_="unique")
        batch_op.alter_column("account_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("organisation_id")

    with op.batch_alter_table("service_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_answer_case_id"))

    op.drop_table("service_answer")
