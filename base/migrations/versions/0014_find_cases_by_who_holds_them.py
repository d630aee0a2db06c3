"""Find cases by who holds them."""

from collections.abc import Sequence

from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.create_index("ix_case_lead_account", ["lead_account_id"], unique=False)
        batch_op.create_index("ix_case_referrer_account", ["referrer_account_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.drop_index("ix_case_referrer_account")
        batch_op.drop_index("ix_case_lead_account")
