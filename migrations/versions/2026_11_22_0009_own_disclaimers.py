"""Let a client have disclaimers of its own, beside standing ones or in place of those that are replaceable."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

TABLE = "disclaimer"
CHECKS = {
    "client": "(rule = 'CLIENT') = (client_id is not null)",
    "replaces": "replaces is null or client_id is not null",
}


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("client_id", sa.Uuid(), nullable=True))
    op.add_column(TABLE, sa.Column("replaces", sa.Text(collation="C"), nullable=True))
    op.create_foreign_key(op.f("fk_disclaimer_client_id"), TABLE, "client", ["client_id"], ["id"])
    for name, condition in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_disclaimer_{name}"), TABLE, condition)


def downgrade() -> None:
    op.execute("alter table disclaimer_version disable trigger user")
    op.execute(
        "delete from disclaimer_version v using disclaimer d where d.id = v.disclaimer_id and d.client_id is not null"
    )
    op.execute("alter table disclaimer_version enable trigger user")
    op.execute("delete from disclaimer where client_id is not null")
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_disclaimer_{name}"), TABLE)
    op.drop_constraint(op.f("fk_disclaimer_client_id"), TABLE)
    op.drop_column(TABLE, "replaces")
    op.drop_column(TABLE, "client_id")
