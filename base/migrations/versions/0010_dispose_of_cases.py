"""Dispose of cases."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "disposal",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False, comment="class"),
        sa.Column("closed", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="which led the case"),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "begun_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="from here on nothing holds it back",
        ),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_disposal")),
    )
    with op.batch_alter_table("disposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_disposal_erased_at"), ["erased_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_disposal_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "log_horizon",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("until", sa.Date(), nullable=False, comment="included"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_horizon")),
    )
    op.create_table(
        "erased_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "programme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("procedure", sa.String(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False, comment="year"),
        sa.Column("closed", sa.Integer(), nullable=True, comment="year"),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"], ["local_group.id"], name=op.f("fk_erased_case_group_id_local_group")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_erased_case_programme_id_programme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erased_case")),
    )
    with op.batch_alter_table("erased_case", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_erased_case_programme_id"), ["programme_id"], unique=False
        )

    op.create_table(
        "retention_override",
        sa.Column(
            "programme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("code", sa.String(), nullable=False, comment="the pack's class"),
        sa.Column("after", sa.String(), nullable=False, comment="ISO period"),
        sa.Column("reference", sa.String(), nullable=False, comment="of the decision"),
        sa.Column("by", sa.Integer(), nullable=False, comment="account"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_retention_override_programme_id_programme"),
        ),
        sa.PrimaryKeyConstraint("programme_id", "code", name=op.f("pk_retention_override")),
    )
    op.create_table(
        "hold",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False, comment="code"),
        sa.Column("reference", sa.String(), nullable=False, comment="of the decision"),
        sa.Column("by", sa.Integer(), nullable=False, comment="account"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.Date(), nullable=True, comment="included"),
        sa.Column("lifted_by", sa.Integer(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_hold_case_id_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
    )
    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hold_case_id"), ["case_id"], unique=False)
    _let_old_looks_go()


def _let_old_looks_go() -> None:
    """Who looked may be forgotten up to the horizon, and no further."""
    kept = "select 1 from log_horizon where old.day <= until"
    why = "the trace is added to, never changed"
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop trigger access_log_delete on access_log")
        op.execute(
            "create function refuse_forgetting() returns trigger language plpgsql as $$ begin "
            f"if exists ({kept}) then return old; end if; raise exception '{why}'; end $$"
        )
        op.execute(
            "create trigger access_log_delete before delete on access_log "
            "for each row execute function refuse_forgetting()"
        )
    else:
        op.execute("drop trigger access_log_delete")
        op.execute(
            "create trigger access_log_delete before delete on access_log "
            f"when not exists ({kept}) begin select raise(abort, '{why}'); end"
        )


def _keep_all_looks() -> None:
    why = "the trace is added to, never changed"
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop trigger access_log_delete on access_log")
        op.execute("drop function refuse_forgetting()")
        op.execute(
            "create trigger access_log_delete before delete on access_log "
            "for each row execute function refuse_change()"
        )
    else:
        op.execute("drop trigger access_log_delete")
        op.execute(
            "create trigger access_log_delete before delete on access_log "
            f"begin select raise(abort, '{why}'); end"
        )


def downgrade() -> None:
    _keep_all_looks()
    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hold_case_id"))

    op.drop_table("hold")
    op.drop_table("retention_override")
    with op.batch_alter_table("erased_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_erased_case_programme_id"))

    op.drop_table("erased_case")
    op.drop_table("log_horizon")
    with op.batch_alter_table("disposal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_disposal_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_disposal_erased_at"))

    op.drop_table("disposal")
