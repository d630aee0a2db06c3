"""Keep the file of a case: attached files, notes on entries, how measures go."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column(
            "name", sa.LargeBinary(), nullable=False, comment="sealed: what the file is called"
        ),
        sa.Column("media_type", sa.String(), nullable=False, comment="as found in the content"),
        sa.Column("size", sa.Integer(), nullable=False, comment="bytes before sealing"),
        sa.Column(
            "category",
            sa.String(),
            nullable=False,
            comment="kind of information; own: stays with us",
        ),
        sa.Column(
            "purpose", sa.String(), nullable=True, comment="of the consent it is shared under"
        ),
        sa.Column("author_account_id", sa.Integer(), nullable=False),
        sa.Column("author_organisation_id", sa.Integer(), nullable=False),
        sa.Column("author_unit_id", sa.Integer(), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("struck", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_attachment_case_id_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index("ix_attachment_case", ["case_id", "created"], unique=False)

    op.create_table(
        "attachment_content",
        sa.Column("attachment_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="sealed"),
        sa.ForeignKeyConstraint(
            ["attachment_id"],
            ["attachment.id"],
            name=op.f("fk_attachment_content_attachment_id_attachment"),
        ),
        sa.PrimaryKeyConstraint("attachment_id", name=op.f("pk_attachment_content")),
    )
    op.create_table(
        "entry_note",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column(
            "entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.String(), nullable=False, comment="correction or comment"),
        sa.Column(
            "text", sa.LargeBinary(), nullable=False, comment="sealed: what is right, and why"
        ),
        sa.Column("author_account_id", sa.Integer(), nullable=False),
        sa.Column("author_organisation_id", sa.Integer(), nullable=False),
        sa.Column("author_unit_id", sa.Integer(), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_entry_note_case_id_case")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["case_entry.id"], name=op.f("fk_entry_note_entry_id_case_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_note")),
    )
    with op.batch_alter_table("entry_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entry_note_case_id"), ["case_id"], unique=False)

    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "reason", sa.LargeBinary(), nullable=True, comment="sealed: why it is not possible"
            )
        )
        batch_op.add_column(sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("reported_by", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.drop_column("reported_by")
        batch_op.drop_column("reported_at")
        batch_op.drop_column("reason")

    with op.batch_alter_table("entry_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_entry_note_case_id"))

    op.drop_table("entry_note")
    op.drop_table("attachment_content")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index("ix_attachment_case")

    op.drop_table("attachment")
