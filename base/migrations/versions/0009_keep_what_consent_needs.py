"""Keep what consent needs: what a case's procedure accepts, exceptions, who named whom."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # The default stays: SQLite would have to make the table anew, which others refer to.
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "written_only",
                sa.Boolean(),
                nullable=False,
                server_default=sa.true(),
                comment="its procedure takes no oral consent",
            )
        )
    op.execute("UPDATE \"case\" SET written_only = (procedure <> 'sip')")

    with op.batch_alter_table("case_access", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "added_by",
                sa.String(),
                nullable=False,
                server_default="system",
                comment="account:ID, or what made somebody its lead",
            )
        )
        batch_op.add_column(sa.Column("added_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE case_access SET added_at = "
        '(SELECT opened FROM "case" WHERE "case".id = case_access.case_id)'
    )
    with op.batch_alter_table("case_access", schema=None) as batch_op:
        batch_op.alter_column("added_at", nullable=False)

    with op.batch_alter_table("consent_category", schema=None) as batch_op:
        for name in ("teller_id", "reader_id"):
            batch_op.add_column(sa.Column(name, _NUMBER, nullable=True))
            batch_op.create_foreign_key(
                batch_op.f(f"fk_consent_category_{name}_organisation"),
                "organisation",
                [name],
                ["id"],
            )


def downgrade() -> None:
    with op.batch_alter_table("consent_category", schema=None) as batch_op:
        for name in ("teller_id", "reader_id"):
            batch_op.drop_constraint(
                batch_op.f(f"fk_consent_category_{name}_organisation"), type_="foreignkey"
            )
            batch_op.drop_column(name)

    with op.batch_alter_table("case_access", schema=None) as batch_op:
        batch_op.drop_column("added_at")
        batch_op.drop_column("added_by")

    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.drop_column("written_only")
