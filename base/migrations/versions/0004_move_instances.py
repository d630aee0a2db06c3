"""Move instances."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "move_batch",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process", sa.String(), nullable=False),
        sa.Column(
            "from_release_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "to_release_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "renames",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
            comment="process, old id and new id of each",
        ),
        sa.Column("reverts", sa.Boolean(), nullable=False, comment="it takes moves back"),
        sa.Column("status", sa.String(), nullable=False, comment="running, stopped or done"),
        sa.Column("by", sa.String(), nullable=False, comment="pseudonym of the account"),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["from_release_id"], ["release.id"], name=op.f("fk_move_batch_from_release_id_release")
        ),
        sa.ForeignKeyConstraint(
            ["to_release_id"], ["release.id"], name=op.f("fk_move_batch_to_release_id_release")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_move_batch")),
    )
    with op.batch_alter_table("move_batch", schema=None) as batch_op:
        batch_op.create_index("ix_move_batch_status", ["status"], unique=False)

    op.create_table(
        "move_item",
        sa.Column(
            "batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(), nullable=False, comment="todo, done, blocked or failed"),
        sa.Column(
            "reasons",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
            comment="process, element, code and facts of the diagram",
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["move_batch.id"], name=op.f("fk_move_item_batch_id_move_batch")
        ),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["instance.id"], name=op.f("fk_move_item_instance_id_instance")
        ),
        sa.PrimaryKeyConstraint("batch_id", "instance_id", name=op.f("pk_move_item")),
    )
    with op.batch_alter_table("move_item", schema=None) as batch_op:
        batch_op.create_index("ix_move_item_batch_id_status", ["batch_id", "status"], unique=False)

    op.create_table(
        "moved",
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column(
            "release_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "rev", sa.Integer(), nullable=False, comment="of the instance right after the move"
        ),
        sa.Column("blob", sa.LargeBinary(), nullable=False, comment="personal data, sealed"),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["instance.id"], name=op.f("fk_moved_instance_id_instance")
        ),
        sa.ForeignKeyConstraint(
            ["release_id"], ["release.id"], name=op.f("fk_moved_release_id_release")
        ),
        sa.PrimaryKeyConstraint("instance_id", name=op.f("pk_moved")),
    )


def downgrade() -> None:
    op.drop_table("moved")
    with op.batch_alter_table("move_item", schema=None) as batch_op:
        batch_op.drop_index("ix_move_item_batch_id_status")

    op.drop_table("move_item")
    with op.batch_alter_table("move_batch", schema=None) as batch_op:
        batch_op.drop_index("ix_move_batch_status")

    op.drop_table("move_batch")
