"""Create the tables of content and the outbox."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("set_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(collation="C"), nullable=False),
        sa.Column("locale", sa.Text(collation="C"), nullable=False),
        sa.Column("external_id", sa.Text(collation="C"), nullable=True),
        sa.Column("status", sa.Text(collation="C"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(collation="C"), nullable=False),
        sa.Column("question", sa.Text(collation="C"), nullable=False),
        sa.Column("question_key", sa.Text(collation="C"), nullable=False),
        sa.Column("question_match", sa.Text(collation="C"), nullable=False),
        sa.Column("method", sa.Text(collation="C"), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("reviewer", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("next_review_on", sa.Date(), nullable=True),
        sa.Column("retracted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retraction_reason", sa.Text(collation="C"), nullable=True),
        sa.Column("replacement_id", sa.Uuid(), nullable=True),
        sa.Column("draft_caveats", sa.LargeBinary(), nullable=False),
        sa.Column("change_position", sa.BigInteger(), nullable=False),
        sa.Column("change_kind", sa.Text(collation="C"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("identity_digests", postgresql.ARRAY(sa.Text(collation="C")), nullable=True),
        sa.CheckConstraint("(status = 'RETRACTED') = (retracted_at is not null)", name=op.f("ck_answer_retraction")),
        sa.CheckConstraint("status in ('PUBLISHED', 'RETRACTED', 'ERASED')", name=op.f("ck_answer_status")),
        sa.ForeignKeyConstraint(["replacement_id"], ["answer.id"], name=op.f("fk_answer_replacement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint("external_id", name=op.f("uq_answer_external_id")),
        sa.UniqueConstraint("locale", "slug", name=op.f("uq_answer_locale_slug")),
        sa.UniqueConstraint("set_id", "locale", name=op.f("uq_answer_set_id_locale")),
    )
    op.create_index("ix_answer_change_position_id", "answer", ["change_position", "id"], unique=False)
    op.create_index(
        "ix_answer_next_review_on",
        "answer",
        ["next_review_on"],
        unique=False,
        postgresql_where=sa.text("next_review_on is not null"),
    )
    op.create_index("ix_answer_published_at_id", "answer", ["published_at", "id"], unique=False)
    op.create_index("ix_answer_question_key_id", "answer", ["question_key", "id"], unique=False)
    op.create_index("ix_answer_question_match_locale", "answer", ["question_match", "locale"], unique=False)
    op.create_index(
        "ix_answer_replacement_id",
        "answer",
        ["replacement_id"],
        unique=False,
        postgresql_where=sa.text("replacement_id is not null"),
    )
    op.create_index("ix_answer_slug", "answer", ["slug"], unique=False)
    op.create_index("ix_answer_updated_at_id", "answer", ["updated_at", "id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(collation="C"), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=True),
        sa.Column("set_kind", sa.Text(collation="C"), nullable=True),
        sa.Column("set_id", sa.Uuid(), nullable=True),
        sa.Column("set_day", sa.Date(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(answer_id is null) <> (set_kind is null)", name=op.f("ck_outbox_subject")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_outbox")),
    )
    op.create_index(
        "ix_outbox_set", "outbox", ["position"], unique=False, postgresql_where=sa.text("set_kind is not null")
    )
    op.create_table(
        "outbox_horizon",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("reviews_until", sa.Date(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_outbox_horizon_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_horizon")),
    )
    op.create_table(
        "source",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(collation="C"), nullable=False),
        sa.Column("title", sa.Text(collation="C"), nullable=False),
        sa.Column("title_match", sa.Text(collation="C"), nullable=False),
        sa.Column("publisher", sa.Text(collation="C"), nullable=True),
        sa.Column("edition", sa.Text(collation="C"), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("url", sa.Text(collation="C"), nullable=True),
        sa.Column("doi", sa.Text(collation="C"), nullable=True),
        sa.Column("attribution", sa.Text(collation="C"), nullable=True),
        sa.Column("license", sa.Text(collation="C"), nullable=True),
        sa.Column("status", sa.Text(collation="C"), nullable=False),
        sa.Column("superseded_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(status = 'SUPERSEDED') = (superseded_by_id is not null)", name=op.f("ck_source_superseded")
        ),
        sa.CheckConstraint("status in ('CURRENT', 'SUPERSEDED', 'WITHDRAWN')", name=op.f("ck_source_status")),
        sa.ForeignKeyConstraint(["superseded_by_id"], ["source.id"], name=op.f("fk_source_superseded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("doi", name=op.f("uq_source_doi")),
    )
    op.create_index("ix_source_title_match", "source", ["title_match"], unique=False)
    op.create_index(op.f("ix_source_url"), "source", ["url"], unique=False)
    op.create_table(
        "topic",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(collation="C"), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["topic.id"], name=op.f("fk_topic_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
        sa.UniqueConstraint("slug", name=op.f("uq_topic_slug")),
    )
    op.create_index(op.f("ix_topic_parent_id"), "topic", ["parent_id"], unique=False)
    op.create_table(
        "answer_source",
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_cited", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_answer_source_answer_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_answer_source_source_id")),
        sa.PrimaryKeyConstraint("answer_id", "source_id", name=op.f("pk_answer_source")),
    )
    op.create_index("ix_answer_source_source_id_answer_id", "answer_source", ["source_id", "answer_id"], unique=False)
    op.create_table(
        "answer_topic",
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_answer_topic_answer_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_answer_topic_topic_id")),
        sa.PrimaryKeyConstraint("answer_id", "topic_id", name=op.f("pk_answer_topic")),
    )
    op.create_index("ix_answer_topic_topic_id_answer_id", "answer_topic", ["topic_id", "answer_id"], unique=False)
    op.create_table(
        "disclaimer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(collation="C"), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=True),
        sa.Column("topic_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(collation="C"), nullable=False),
        sa.Column("placement", sa.Text(collation="C"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("locale", sa.Text(collation="C"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("heading", sa.Text(collation="C"), nullable=True),
        sa.Column("text", sa.Text(collation="C"), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_replaceable", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(rule = 'TOPIC') = (topic_id is not null)", name=op.f("ck_disclaimer_topic")),
        sa.CheckConstraint("(rule in ('PAGE', 'REASON')) = (answer_id is not null)", name=op.f("ck_disclaimer_page")),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_disclaimer_answer_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_disclaimer_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclaimer")),
        sa.UniqueConstraint("name", "locale", name=op.f("uq_disclaimer_name_locale")),
    )
    op.create_index("ix_disclaimer_answer_id", "disclaimer", ["answer_id"], unique=False)
    op.create_table(
        "former_topic",
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_former_topic_answer_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_former_topic_topic_id")),
        sa.PrimaryKeyConstraint("answer_id", "topic_id", name=op.f("pk_former_topic")),
    )
    op.create_index("ix_former_topic_topic_id_position", "former_topic", ["topic_id", "position"], unique=False)
    op.create_table(
        "passage",
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.Text(collation="C"), nullable=True),
        sa.Column("text", sa.Text(collation="C"), nullable=False),
        sa.Column("words", postgresql.TSVECTOR(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_passage_answer_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("answer_id", "position", name=op.f("pk_passage")),
    )
    op.create_index("ix_passage_words", "passage", ["words"], unique=False, postgresql_using="gin")
    op.create_table(
        "revision",
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(collation="C"), nullable=False),
        sa.Column("question", sa.Text(collation="C"), nullable=False),
        sa.Column("published", sa.LargeBinary(), nullable=False),
        sa.Column("draft", sa.LargeBinary(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_revision_answer_id")),
        sa.PrimaryKeyConstraint("answer_id", "number", name=op.f("pk_revision")),
    )
    op.create_table(
        "topic_code",
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("system", sa.Text(collation="C"), nullable=False),
        sa.Column("code", sa.Text(collation="C"), nullable=False),
        sa.Column("display", sa.Text(collation="C"), nullable=True),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_topic_code_topic_id")),
        sa.PrimaryKeyConstraint("topic_id", "system", "code", name=op.f("pk_topic_code")),
    )
    op.create_index("ix_topic_code_system_code", "topic_code", ["system", "code"], unique=False)
    op.create_table(
        "topic_name",
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("locale", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(collation="C"), nullable=False),
        sa.Column("name_match", sa.Text(collation="C"), nullable=False),
        sa.Column("synonyms", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_topic_name_topic_id")),
        sa.PrimaryKeyConstraint("topic_id", "locale", name=op.f("pk_topic_name")),
    )
    op.create_index("ix_topic_name_name_match_locale", "topic_name", ["name_match", "locale"], unique=False)
    op.create_table(
        "disclaimer_version",
        sa.Column("disclaimer_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("heading", sa.Text(collation="C"), nullable=True),
        sa.Column("text", sa.Text(collation="C"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["disclaimer_id"], ["disclaimer.id"], name=op.f("fk_disclaimer_version_disclaimer_id")),
        sa.PrimaryKeyConstraint("disclaimer_id", "version", name=op.f("pk_disclaimer_version")),
    )


def downgrade() -> None:
    op.drop_table("disclaimer_version")
    op.drop_table("topic_name")
    op.drop_table("topic_code")
    op.drop_table("revision")
    op.drop_table("passage")
    op.drop_table("former_topic")
    op.drop_table("disclaimer")
    op.drop_table("answer_topic")
    op.drop_table("answer_source")
    op.drop_table("topic")
    op.drop_table("source")
    op.drop_table("outbox_horizon")
    op.drop_table("outbox")
    op.drop_table("answer")
