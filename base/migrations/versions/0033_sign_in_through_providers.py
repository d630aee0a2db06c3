"""Sign in through providers."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0033"
down_revision: str | None = "0032"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "provider_request",
        sa.Column("browser_digest", sa.LargeBinary(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("verifier", sa.String(), nullable=False),
        sa.Column(
            "code",
            sa.LargeBinary(),
            nullable=True,
            comment="digest of the one-time code that links; None: to sign in",
        ),
        sa.Column("next_path", sa.String(), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("browser_digest", name=op.f("pk_provider_request")),
    )
    with op.batch_alter_table("provider_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_provider_request_ends"), ["ends"], unique=False)

    op.create_table(
        "provider_link",
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False, comment="as the provider names them"),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_provider_link_account_id_account")
        ),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_provider_link")),
    )
    with op.batch_alter_table("provider_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_provider_link_account_id"), ["account_id"], unique=False
        )

    with op.batch_alter_table("account_session", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "provider",
                sa.String(),
                nullable=False,
                server_default="",
                comment="code of whom they signed in through; empty: with a password",
            )
        )

    with op.batch_alter_table("half_session", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "provider",
                sa.String(),
                nullable=False,
                server_default="",
                comment="as in the session",
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("half_session", schema=None) as batch_op:
        batch_op.drop_column("provider")

    with op.batch_alter_table("account_session", schema=None) as batch_op:
        batch_op.drop_column("provider")

    with op.batch_alter_table("provider_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_provider_link_account_id"))

    op.drop_table("provider_link")
    with op.batch_alter_table("provider_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_provider_request_ends"))

    op.drop_table("provider_request")
