"""Alembic's way in: run the versions on the engine that was handed over."""

from alembic import context

from base.migrations.lock import take_turns
from base.migrations.references import loosened, require_whole

with context.config.attributes["engine"].connect() as connection, loosened(connection):
    take_turns(connection)
    context.configure(
        connection=connection,
        target_metadata=context.config.attributes.get("metadata"),
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    require_whole(connection)
    connection.commit()
