"""Tell who has looked."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "access_listed",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "day", "account_id", name=op.f("pk_access_listed")),
    )
    op.create_table(
        "log_review",
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("month", sa.Date(), nullable=False, comment="its first day"),
        sa.Column(
            "note",
            sa.String(),
            nullable=False,
            comment="what came of it; no personal data of clients",
        ),
        sa.Column("by", sa.Integer(), nullable=False, comment="account"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_log_review_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "month", name=op.f("pk_log_review")),
    )
    op.create_table(
        "look_reason",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False, comment="code from a fixed list"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_look_reason_account_id_account")
        ),
        sa.PrimaryKeyConstraint("case_id", "account_id", "day", name=op.f("pk_look_reason")),
    )
    op.create_table(
        "names_staff",
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("by", sa.Integer(), nullable=False, comment="account"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_names_staff_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_names_staff")),
    )
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.create_index(
            "ix_access_log_organisation", ["organisation_id", "day"], unique=False
        )

    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(
            "ix_audit_refused",
            ["organisation_id", "at"],
            unique=False,
            sqlite_where=sa.text("code <> ''"),
            postgresql_where=sa.text("code <> ''"),
        )
    _guard()


def _guard() -> None:
    """What was seen in lists is kept as what was opened is."""
    why = "the trace is added to, never changed"
    kept = "select 1 from log_horizon where old.day <= until"
    if op.get_bind().dialect.name == "postgresql":
        for what, function in (("update", "refuse_change"), ("delete", "refuse_forgetting")):
            op.execute(
                f"create trigger access_listed_{what} before {what} on access_listed "
                f"for each row execute function {function}()"
            )
    else:
        refuse = f"begin select raise(abort, '{why}'); end"
        op.execute(f"create trigger access_listed_update before update on access_listed {refuse}")
        op.execute(
            "create trigger access_listed_delete before delete on access_listed "
            f"when not exists ({kept}) {refuse}"
        )


def downgrade() -> None:
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_audit_refused",
            sqlite_where=sa.text("code <> ''"),
            postgresql_where=sa.text("code <> ''"),
        )

    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.drop_index("ix_access_log_organisation")

    op.drop_table("names_staff")
    op.drop_table("look_reason")
    op.drop_table("log_review")
    op.drop_table("access_listed")
