"""Let words of mails go."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "bounced",
                sa.String(),
                nullable=True,
                comment="code with which the mail server would not take the address",
            )
        )
        batch_op.add_column(
            sa.Column(
                "digest",
                sa.LargeBinary(),
                nullable=True,
                comment="of address and words, under a key; once they are gone",
            )
        )
    op.execute("update mail set subject = '', body = '' where sent is not null")
    op.execute("update mail set subject = '', body = '', address = '' where refused is not null")


def downgrade() -> None:
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_column("digest")
        batch_op.drop_column("bounced")
