"""Appoint representatives."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

#: Whoever sits there has been told long ago.
_KEEP = """
INSERT INTO representative (
    seat_id, account_id, deputy, valid_from, appointed, valid_until, acknowledged, handed_over
)
SELECT id, {column}, {deputy}, valid_from, CURRENT_TIMESTAMP, valid_until, CURRENT_TIMESTAMP, false
FROM seat WHERE {column} IS NOT NULL
"""
_TAKE_BACK = """
UPDATE seat SET {column} = (
    SELECT max(account_id) FROM representative
    WHERE seat_id = seat.id AND deputy = {deputy} AND valid_until IS NULL
)
"""


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind", sa.String(), nullable=False, comment="appointed, left, declined or vacant"
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("on", sa.Date(), nullable=False, comment="the day from which it holds"),
        sa.Column(
            "group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="whom it is about",
        ),
        sa.Column("deputy", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_notice_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["local_group.id"], name=op.f("fk_notice_group_id_local_group")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_notice_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_notice_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_table(
        "notice_reader",
        sa.Column(
            "notice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("read", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_notice_reader_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_notice_reader_notice_id_notice")
        ),
        sa.PrimaryKeyConstraint("notice_id", "account_id", name=op.f("pk_notice_reader")),
    )
    with op.batch_alter_table("notice_reader", schema=None) as batch_op:
        batch_op.create_index("ix_notice_reader_unread", ["account_id", "read"], unique=False)

    op.create_table(
        "representative",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("deputy", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("appointed", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "appointed_by", sa.Integer(), nullable=True, comment="account; None: at installation"
        ),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("acknowledged", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "handed_over",
            sa.Boolean(),
            nullable=False,
            comment="ended, and open steps have gone to whoever came after",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_representative_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["seat.id"], name=op.f("fk_representative_seat_id_seat")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_representative")),
    )
    with op.batch_alter_table("representative", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_representative_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_representative_seat_id"), ["seat_id"], unique=False)

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "names_public",
                sa.Boolean(),
                server_default="0",
                nullable=False,
                comment="whether its people's names stand on the public page",
            )
        )

    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "warned",
                sa.Date(),
                nullable=True,
                comment="since when it was vacant when that was last warned of",
            )
        )
    for column, deputy in (("account_id", "false"), ("deputy_account_id", "true")):
        op.execute(_KEEP.format(column=column, deputy=deputy))
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seat_account_id"))
        batch_op.drop_index(batch_op.f("ix_seat_deputy_account_id"))
    # Not by rebuilding the table, as SQLite otherwise would: representatives refer to it by now.
    op.execute("ALTER TABLE seat DROP COLUMN deputy_account_id")
    op.execute("ALTER TABLE seat DROP COLUMN account_id")


def downgrade() -> None:
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.add_column(sa.Column("account_id", sa.INTEGER(), nullable=True))
        batch_op.add_column(sa.Column("deputy_account_id", sa.INTEGER(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_seat_deputy_account_id"), ["deputy_account_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_seat_account_id"), ["account_id"], unique=False)
        batch_op.drop_column("warned")
    for column, deputy in (("account_id", "false"), ("deputy_account_id", "true")):
        op.execute(_TAKE_BACK.format(column=column, deputy=deputy))

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_column("names_public")

    with op.batch_alter_table("representative", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_representative_seat_id"))
        batch_op.drop_index(batch_op.f("ix_representative_account_id"))

    op.drop_table("representative")
    with op.batch_alter_table("notice_reader", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_reader_unread")

    op.drop_table("notice_reader")
    op.drop_table("notice")
