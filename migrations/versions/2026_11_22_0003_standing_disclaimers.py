"""Add the standing disclaimers, in their first wording, and the start of the outbox.

They stand from the first moment, so that no answer is ever served without one. Their ids are fixed: the same disclaimer
bears the same id on every installation. `caveat disclaimers reword` changes the wording from here on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

BEFORE, AFTER = "BEFORE_CONTENT", "AFTER_CONTENT"

# (number, name, rule, kind, placement, {locale: (heading, text)}), in the order to show them
STANDING = [
    (
        1,
        "retracted",
        "RETRACTED",
        "RETRACTION",
        BEFORE,
        {
            "en": (
                "This answer has been withdrawn",
                "Its content is no longer available and should not be relied on, and neither should any copy of it. "
                "If you have acted on it, speak to your doctor or care team.",
            ),
            "es": (
                "Esta respuesta ha sido retirada",
                "Su contenido ya no está disponible y no debe utilizarse, ni tampoco ninguna copia. "
                "Si ha actuado según ella, hable con su médico o su equipo de atención.",
            ),
        },
    ),
    (
        2,
        "source-withdrawn",
        "SOURCE_WITHDRAWN",
        "OUTDATED_SOURCE",
        BEFORE,
        {
            "en": (
                "A source of this answer was withdrawn",
                "A source that this answer cites has been withdrawn by its publisher. "
                "Check with your care team before you rely on what it says.",
            ),
            "es": (
                "Una fuente de esta respuesta fue retirada",
                "Una fuente que cita esta respuesta ha sido retirada por quien la publicó. "
                "Consulte con su equipo de atención antes de guiarse por lo que dice.",
            ),
        },
    ),
    (
        3,
        "source-superseded",
        "SOURCE_SUPERSEDED",
        "OUTDATED_SOURCE",
        BEFORE,
        {
            "en": (
                "A newer guideline or edition exists",
                "A source that this answer cites has a newer edition, which this answer may not reflect yet. "
                "Ask your care team what has changed.",
            ),
            "es": (
                "Existe una guía o edición más reciente",
                "Una fuente que cita esta respuesta tiene una edición más reciente, que la respuesta quizá aún no "
                "refleje. Pregunte a su equipo de atención qué ha cambiado.",
            ),
        },
    ),
    (
        4,
        "review-overdue",
        "REVIEW_OVERDUE",
        "OVERDUE_REVIEW",
        BEFORE,
        {
            "en": (
                "The medical review of this answer is overdue",
                "This answer was due for a new medical review that has not taken place yet. "
                "Parts of it may be out of date.",
            ),
            "es": (
                "La revisión médica de esta respuesta está pendiente",
                "Esta respuesta debía pasar una nueva revisión médica que aún no se ha hecho. "
                "Algunas partes pueden estar desactualizadas.",
            ),
        },
    ),
    (
        5,
        "made-by-ai",
        "MADE_BY_AI",
        "AI_GENERATED",
        BEFORE,
        {
            "en": (
                "Written with artificial intelligence",
                "This answer was written by, or with the help of, artificial intelligence. It can contain mistakes. "
                "Check it with a health professional before you act on it.",
            ),
            "es": (
                "Escrito con inteligencia artificial",
                "Esta respuesta fue escrita por inteligencia artificial o con su ayuda. Puede contener errores. "
                "Consúltela con un profesional de la salud antes de actuar según ella.",
            ),
        },
    ),
    (
        6,
        "general",
        "EVERY_ANSWER",
        "INFORMATIONAL",
        AFTER,
        {
            "en": (
                "General health information",
                "This is general health information. It is not medical advice and does not replace a professional "
                "who knows you. In an emergency, call your local emergency number.",
            ),
            "es": (
                "Información general de salud",
                "Esta es información general de salud. No es consejo médico y no sustituye a un profesional que le "
                "conozca. En una emergencia, llame al número de emergencias de su zona.",
            ),
        },
    ),
]
LOCALES = ("en", "es")


def _identity(number: int, locale: str) -> str:
    return f"0ca7ea70-0000-7000-8000-{number:08d}{LOCALES.index(locale):04d}"


def upgrade() -> None:
    connection = op.get_bind()
    for number, name, rule, kind, placement, wordings in STANDING:
        for locale, (heading, text) in wordings.items():
            values = {
                "id": _identity(number, locale), "rule": rule, "name": name, "kind": kind, "placement": placement,
                "position": number, "locale": locale, "heading": heading, "text": text,
            }  # fmt: skip
            connection.execute(
                sa.text(
                    """insert into disclaimer (id, rule, name, kind, placement, position, locale, version, heading,
                           text, is_active, is_replaceable)
                       values (cast(:id as uuid), :rule, :name, :kind, :placement, :position, :locale, 1, :heading,
                           :text, true, false)"""
                ),
                values,
            )
            connection.execute(
                sa.text(
                    """insert into disclaimer_version (disclaimer_id, version, heading, text, created_at)
                       values (cast(:id as uuid), 1, :heading, :text, now())"""
                ),
                {"id": values["id"], "heading": heading, "text": text},
            )
    op.execute("insert into outbox_horizon (id, position, reviews_until) values (1, 0, '0001-01-01')")


def downgrade() -> None:
    op.execute("alter table disclaimer_version disable trigger user")
    op.execute(
        "delete from disclaimer_version where disclaimer_id in (select id from disclaimer where answer_id is null)"
    )
    op.execute("alter table disclaimer_version enable trigger user")
    op.execute("delete from disclaimer where answer_id is null")
    op.execute("delete from outbox_horizon")
