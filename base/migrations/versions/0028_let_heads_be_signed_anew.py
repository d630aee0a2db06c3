"""Let heads be signed anew."""

from collections.abc import Sequence

from alembic import op

revision: str = "0028"
down_revision: str | None = "0027"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_NEXT = "new.seq = old.seq + 1"
#: With another key; what the head says stays.
_SIGNED = "(new.seq = old.seq and new.digest = old.digest and new.signature <> old.signature)"


def upgrade() -> None:
    _guard(f"new.chain <> old.chain or not ({_NEXT} or {_SIGNED})")


def downgrade() -> None:
    _guard("new.chain <> old.chain or new.seq <> old.seq + 1")


def _guard(refused: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop trigger audit_head_update on audit_head")
        op.execute(
            "create trigger audit_head_update before update on audit_head "
            f"for each row when ({refused}) execute function refuse_change()"
        )
        return
    op.execute("drop trigger audit_head_update")
    op.execute(
        f"create trigger audit_head_update before update on audit_head when {refused} "
        "begin select raise(abort, 'the trace is added to, never changed'); end"
    )
