"""Begin a draft on its day."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("begins", sa.Date(), nullable=True, comment="first day in use")
        )
        batch_op.add_column(
            sa.Column(
                "agreed_by_account_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
                comment="the second person, until that day",
            )
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_proposal_agreed_by_account_id_account"),
            "account",
            ["agreed_by_account_id"],
            ["id"],
        )


def downgrade() -> None:
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_proposal_agreed_by_account_id_account"), type_="foreignkey"
        )
        batch_op.drop_column("agreed_by_account_id")
        batch_op.drop_column("begins")
