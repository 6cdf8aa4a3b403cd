import pytest

from server.content import withdrawal
from server.content.publishing import publish
from server.content.withdrawal import Named
from server.db.engine import Engine
from server.errors.requests import CursorExpiredError
from server.search import spelling
from server.search.beside import Beside
from server.search.snapshots import Volume
from server.search.spelling import errors_in, nearest_word, read_vocabulary
from tests.search.conftest import Ask, slugs
from tests.search.indexed import IndexedSearch
from tests.search.samples import answer, section, topics


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("query", "searched"),
    [
        ("lukemia", "leukemia"),
        ("leukaemia", "leukemia"),
        ("astma", "asthma"),
        ("asthmma", "asthma"),
        ("ashtma", "asthma"),
        ("fevre", "fever"),
        ("eukemia", "leukemia"),
        ("bruizing and tirednes", "bruising and tiredness"),
        ("hihg temperature", "high temperature"),
        ("  Lukemia?! -asthma ", "  leukemia?! -asthma "),
    ],
)
async def test_a_misspelt_query_is_searched_as_it_was_meant(ask: Ask, query: str, searched: str) -> None:
    found = await ask(query)

    assert (found.total, found.corrected_query) == (len(found.hits), searched)
    assert found.total > 0


@pytest.mark.usefixtures("library")
class TestCorrection:
    async def test_a_spanish_word_is_put_right_with_its_accents(self, ask: Ask) -> None:
        found = await ask("inflamasion cronica", locales=("es",))

        assert (slugs(found), found.corrected_query) == (["que-es-la-anemia"], "inflamación cronica")

    async def test_a_query_that_matches_is_searched_as_it_stands(self, ask: Ask) -> None:
        found = await ask("asthma inhaler ambulance")

        assert (slugs(found), found.corrected_query) == (["how-is-asthma-treated"], None)

    @pytest.mark.parametrize("query", ['"lukemia"', "+lukemia", "fever +lukemia", "asthma -lukemia", "leukemi1a"])
    async def test_what_is_demanded_or_excluded_or_has_a_digit_is_taken_as_it_is_typed(
        self, ask: Ask, query: str
    ) -> None:
        assert (await ask(query)).corrected_query is None

    async def test_a_correction_that_finds_nothing_is_not_told(self, ask: Ask) -> None:
        found = await ask("lukemia -blood")

        assert (found.total, found.corrected_query) == (0, None)

    async def test_beside_words_that_match_a_misspelt_one_is_searched_as_it_was_meant(self, ask: Ask) -> None:
        found = await ask("asthma inhalre", first=1)

        assert (slugs(found), found.corrected_query) == (["how-is-asthma-treated"], "asthma inhaler")
        assert "inhal" in found.hits[0].looked.weights

    async def test_a_word_of_another_language_is_not_proposed(self, ask: Ask) -> None:
        assert (await ask("cansansio")).corrected_query is None

    async def test_a_word_that_was_withdrawn_is_not_proposed(self, ask: Ask, engine: Engine) -> None:
        await withdrawal.retract(engine, Named(slug="how-is-asthma-treated"), reason="A dose was wrong.")

        assert (await ask("astma")).corrected_query is None

    async def test_the_next_page_of_a_corrected_query_is_of_the_same_correction(self, ask: Ask) -> None:
        first = await ask("feverr", first=1)

        second = await ask("feverr", first=1, after=first.hits[0].cursor)

        assert slugs(first) + slugs(second) == ["when-is-a-fever-dangerous", "what-is-leukemia"]
        assert (second.corrected_query, second.has_next) == ("fever", False)

    async def test_a_page_of_another_correction_is_refused(
        self, ask: Ask, stale: Ask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = await ask("feverr", first=1)
        monkeypatch.setattr(spelling, "nearest_word", lambda *_, **__: "asthma")  # as it may be by newer words

        with pytest.raises(CursorExpiredError, match="put right"):
            await stale("feverr", first=1, after=first.hits[0].cursor)


@pytest.mark.usefixtures("library")
class TestNearestWord:
    @pytest.fixture
    async def volume(self, indexed: IndexedSearch) -> Volume:
        await indexed.catch_up()
        assert indexed.snapshots.latest is not None
        return indexed.snapshots.latest.volumes["en"]

    @pytest.mark.parametrize(("word", "nearest"), [("fevr", "fever"), ("asthma", None), ("xxxxxxxx", None)])
    async def test_the_word_that_takes_fewest_changes_is_meant(
        self, volume: Volume, word: str, nearest: str | None
    ) -> None:
        assert nearest_word(word, read_vocabulary(volume), beside=Beside([], volume)) == nearest

    @pytest.mark.parametrize(
        ("word", "errors"), [("fl", 0), ("flu", 1), ("asthma", 1), ("leukemia", 2), ("1234567", 0), ("cyp2c8", 0)]
    )
    async def test_the_shortest_words_numbers_and_codes_are_taken_as_they_are(self, word: str, errors: int) -> None:
        assert errors_in(word) == errors


class TestWhatWasMeant:
    @pytest.fixture(autouse=True)
    async def _library(self, engine: Engine) -> None:
        others = [answer(f"other-{n}", f"What is part {n}?", section("A", "Confusion of colours.")) for n in range(9)]
        asked = ["What is Apert syndrome?", "What is otitis?", "Is collagenous colitis rare?", "What is a concussion?"]
        named = [answer(f"asked-{n}", question, topics=topics(question)) for n, question in enumerate(asked)]
        await publish(engine, [*others, *named])

    @pytest.mark.parametrize(
        ("query", "searched"),
        [
            ("paert syndrome", "apert syndrome"),
            ("collagenous olitis", "collagenous colitis"),
            ("concusion", "concussion"),
        ],
    )
    async def test_a_word_is_meant_that_goes_with_those_beside_it_or_differs_in_a_doubled_letter(
        self, ask: Ask, query: str, searched: str
    ) -> None:
        assert (await ask(query)).corrected_query == searched

    @pytest.mark.parametrize(
        ("query", "searched"),
        [
            ("covid", None),
            ("covid vaccine", None),
            ("tcell", None),
            ("celebrax", None),
            ("brca3", None),
            ("akne", None),
            ("akne scars", "acne scars"),
            ("acen", "acne"),
            ("acnee", "acne"),
            ("lupos", "lupus"),
        ],
    )
    async def test_of_few_letters_only_a_sure_slip_is_put_right(
        self, ask: Ask, engine: Engine, query: str, searched: str | None
    ) -> None:
        text = section("Overview", "Doctors tell of cerebral palsy. A vaccine helps.")
        names = ["CVID", "BRCA2", "Lupus", "Acne scars"]
        await publish(
            engine, [answer(name[:4].lower(), f"What is {name}?", text, topics=topics(name)) for name in names]
        )

        assert (await ask(query)).corrected_query == searched

    async def test_a_slip_of_a_common_word_is_put_right_though_the_library_has_it(
        self, ask: Ask, engine: Engine
    ) -> None:
        many = [answer(f"sign-{n}", f"What are the signs of stage {n}?") for n in range(101)]
        typo = answer("typo", "What is a node?", section("Overview", "It lies under teh skin."))
        await publish(engine, [*many, typo, answer("gout", "What are the signs of gout?")])

        found = await ask("what are teh signs of gout")

        assert (slugs(found)[0], found.corrected_query) == ("gout", "what are the signs of gout")

    async def test_words_that_none_and_hardly_any_answer_has_are_put_right_together(
        self, ask: Ask, engine: Engine
    ) -> None:
        many = [answer(f"high-{n}", f"What is blood pressure {n}?", topics=topics("Blood")) for n in range(101)]
        await publish(engine, [*many, answer("typo", "What is a gauge?", section("A", "It tells the presure."))])

        assert (await ask("blod presure")).corrected_query == "blood pressure"

    async def test_a_query_of_strange_words_is_no_misspelt_one(self, ask: Ask) -> None:
        found = await ask("colitiz otitiz concusion zyxwvut apret")

        assert (found.total, found.corrected_query) == (0, None)


async def test_a_word_that_the_library_itself_misspells_is_put_right_where_nothing_matches(
    engine: Engine, ask: Ask
) -> None:
    await publish(engine, [answer(f"s-{n}", f"What is syndrome {n}?", topics=topics("Syndrome")) for n in range(101)])
    await publish(engine, [answer("typo", "What is a rare sydrome?"), answer("cowden", "What is the Cowden syndrome?")])

    found = await ask("Cowden sydrome")

    assert (slugs(found)[0], found.corrected_query) == ("cowden", "Cowden syndrome")
    assert (await ask("rare sydrome")).corrected_query is None


class TestOtherSpellings:
    @pytest.fixture(autouse=True)
    async def _library(self, engine: Engine) -> None:
        heart = answer("attack", "What is a heart attack?", topics=topics("Heart Attack"))
        haart = answer("hiv", "What is HIV?", section(None, "HAART is given. Not so in rheumatoid arthritis."))
        joints = answer("joints", "What is rheumatoid arthritis?", topics=topics("Rheumatoid Arthritis"))
        other = answer(
            "asthma", "What is asthma?", section(None, "Not a tumour, nor diarrhea."), topics=topics("Asthma")
        )
        tumors = [answer(f"tumor-{n}", f"What is tumor {n}?", topics=topics("Tumor")) for n in range(11)]
        await publish(engine, [heart, haart, joints, other, *tumors])

    @pytest.mark.parametrize(
        ("query", "searched"),
        [
            ("tumour", "tumor"),
            ("diarea", "diarrhea"),
            ("asthmaaaaaaa", "asthma"),
            ("rumatoid arthritus", "rheumatoid arthritis"),
            ("athsma", "asthma"),
            ("hart atack", "heart attack"),
            ("hart", "haart"),
        ],
    )
    async def test_a_word_is_spelt_as_most_answers_spell_it(self, ask: Ask, query: str, searched: str) -> None:
        assert (await ask(query)).corrected_query == searched

    @pytest.mark.parametrize(
        "query", ["tumor", '"tumour"', "+tumour", "asthma -tumour", "asthma tumour2", "hhiivv", "h" + "i" * 30 + "v"]
    )
    async def test_what_is_demanded_excluded_or_usual_is_taken_as_it_is_typed(self, ask: Ask, query: str) -> None:
        assert (await ask(query)).corrected_query is None

    async def test_a_spelling_that_others_do_not_outnumber_is_left(self, ask: Ask, engine: Engine) -> None:
        more = section(None, "It is no tumour.")
        await publish(engine, [answer("sign", "What is a sign?", more)])

        found = await ask("tumour")

        assert (sorted(slugs(found)), found.corrected_query) == (["asthma", "sign"], None)
