"""Keep reports."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "case_id",
            sa.Uuid(),
            nullable=False,
            comment="what its steps hang on; no person's case",
        ),
        sa.Column("number", sa.String(), nullable=False, comment="GGVV-R-2027-001"),
        sa.Column(
            "kind", sa.String(), nullable=False, comment="a code of the pack: deviation, dilemma …"
        ),
        sa.Column("type", sa.String(), nullable=False, comment="a code of the form"),
        sa.Column("area", sa.String(), nullable=False, comment="a code of the form"),
        sa.Column("happened", sa.String(), nullable=False),
        sa.Column("consequence", sa.String(), nullable=False),
        sa.Column("proposal", sa.String(), nullable=False),
        sa.Column(
            "organisations",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
            comment="codes of organisations concerned",
        ),
        sa.Column(
            "reporter_account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="None: it arose by itself in a diagram",
        ),
        sa.Column(
            "reporter_organisation_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("filed", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "anonymous", sa.Boolean(), nullable=False, comment="only the federation sees who"
        ),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("process", sa.String(), nullable=True, comment="the diagram concerned"),
        sa.Column("element", sa.String(), nullable=True, comment="its step concerned"),
        sa.Column("solved_locally", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("acknowledged", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed", sa.String(), nullable=False, comment="with the responsible manager"),
        sa.Column("pattern", sa.String(), nullable=False, comment="what the working group found"),
        sa.Column("feedback", sa.String(), nullable=False, comment="to the reporter"),
        sa.Column("lesson", sa.String(), nullable=False, comment="published for everybody"),
        sa.Column("reference", sa.String(), nullable=False, comment="in an outside register"),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_report_case_id_case")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["local_group.id"], name=op.f("fk_report_group_id_local_group")
        ),
        sa.ForeignKeyConstraint(
            ["reporter_account_id"],
            ["account.id"],
            name=op.f("fk_report_reporter_account_id_account"),
        ),
        sa.ForeignKeyConstraint(
            ["reporter_organisation_id"],
            ["organisation.id"],
            name=op.f("fk_report_reporter_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("case_id", name=op.f("uq_report_case_id")),
        sa.UniqueConstraint("number", name=op.f("uq_report_number")),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_group_id"), ["group_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_report_reporter_account_id"), ["reporter_account_id"], unique=False
        )
        batch_op.create_index("ix_report_status_filed", ["status", "filed"], unique=False)

    op.create_table(
        "report_answer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_report_answer_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_report_answer_report_id_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_answer")),
        sa.UniqueConstraint(
            "report_id", "organisation_id", name=op.f("uq_report_answer_report_id_organisation_id")
        ),
    )
    with op.batch_alter_table("report_answer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_report_answer_report_id"), ["report_id"], unique=False
        )

    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "subject",
                sa.String(),
                server_default="person",
                nullable=False,
                comment="what it is about: person, group, report",
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.drop_column("subject")

    with op.batch_alter_table("report_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_answer_report_id"))

    op.drop_table("report_answer")
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_index("ix_report_status_filed")
        batch_op.drop_index(batch_op.f("ix_report_reporter_account_id"))
        batch_op.drop_index(batch_op.f("ix_report_group_id"))

    op.drop_table("report")
