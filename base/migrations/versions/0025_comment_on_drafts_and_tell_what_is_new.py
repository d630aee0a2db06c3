"""Comment on drafts, and tell what is new."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0025"
down_revision: str | None = "0024"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "news",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pack_id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False, comment="of the pack"),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True, comment="of the version; a draft's"),
        sa.Column(
            "at", sa.DateTime(timezone=True), nullable=True, comment="since when it is in use"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news")),
    )
    with op.batch_alter_table("news", schema=None) as batch_op:
        batch_op.create_index("ix_news_published", ["pack_id", "at"], unique=False)

    op.create_table(
        "draft_comment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pack_id", sa.String(), nullable=False),
        sa.Column("process", sa.String(), nullable=False),
        sa.Column("element", sa.String(), nullable=False, comment="empty: the diagram as a whole"),
        sa.Column("element_name", sa.String(), nullable=False, comment="as it was called then"),
        sa.Column("text", sa.String(), nullable=False, comment="no personal data of clients"),
        sa.Column(
            "by_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(), server_default="", nullable=False),
        sa.Column(
            "answered_by_account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("answered", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_account_id"],
            ["account.id"],
            name=op.f("fk_draft_comment_answered_by_account_id_account"),
        ),
        sa.ForeignKeyConstraint(
            ["by_account_id"], ["account.id"], name=op.f("fk_draft_comment_by_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_draft_comment_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_comment")),
    )
    with op.batch_alter_table("draft_comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_comment_pack_id"), ["pack_id"], unique=False)

    op.create_table(
        "news_reader",
        sa.Column("news_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_news_reader_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["news_id"], ["news.id"], name=op.f("fk_news_reader_news_id_news")
        ),
        sa.PrimaryKeyConstraint("news_id", "account_id", name=op.f("pk_news_reader")),
    )


def downgrade() -> None:
    op.drop_table("news_reader")
    with op.batch_alter_table("draft_comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_comment_pack_id"))

    op.drop_table("draft_comment")
    with op.batch_alter_table("news", schema=None) as batch_op:
        batch_op.drop_index("ix_news_published")

    op.drop_table("news")
