"""Machine-readable zones: the specimens of ICAO 9303, and what is written is read."""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.refusal import Refusal
from gateway.translation import mrz
from gateway.translation.transliteration import icao

UZBEK = "P<UZBKUCHKAROV<<GAYRATJON<SHUHRAT<UGLI<<<<<<\nFA00000175UZB9103144M33040193140391204001460"
# The specimens of ICAO 9303, parts 4, 5, 6 and 7: independent of this code.
SPECIMENS = {
    "TD3": "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
    "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
    "TD1": "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\n"
    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
    "TD2": "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6",
    "MRV-A": "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
    "L8988901C4XXX4009078F96121096ZE184226B<<<<<<",
    "MRV-B": "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nL8988901C4XXX4009078F9612109<<<<<<<<",
}
LONG_NUMBER = (
    "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<"
)

words = st.lists(st.from_regex(r"[A-Z]{1,5}", fullmatch=True), min_size=1, max_size=2)
names = words.map(" ".join)
dates = st.from_regex(r"([0-9]{6}|[0-9]{2}<<<<|<<<<<<)", fullmatch=True)
states = st.sampled_from(["KAZ", "KGZ", "TJK", "UZB", "D"])


def zones(form: str) -> st.SearchStrategy[mrz.Mrz]:
    start, end = mrz.FORMS[form].spans["optional"]
    longest = 15 if form == "TD1" else 9
    return st.builds(
        mrz.Mrz,
        form=st.just(form),
        kind=st.just("V") if mrz.FORMS[form].visa else st.sampled_from(["P", "I", "ID"]),
        issuer=states,
        number=st.from_regex(rf"[0-9A-Z]{{1,{longest}}}", fullmatch=True),
        nationality=states,
        birth=dates,
        sex=st.sampled_from(["M", "F", ""]),
        expires=dates,
        family=names,
        given=st.one_of(st.just(""), names),
        optional=st.from_regex(rf"[0-9A-Z]{{0,{min(end - start, 8)}}}", fullmatch=True),
        more=st.from_regex(r"[0-9A-Z]{0,11}", fullmatch=True) if form == "TD1" else st.just(""),
    )


def test_uzbek_passport_is_read_with_the_persons_number_in_its_optional_field() -> None:
    read = mrz.read(UZBEK)
    assert (read.family, read.given) == ("KUCHKAROV", "GAYRATJON SHUHRAT UGLI")
    assert (read.number, read.optional) == ("FA0000017", "31403912040014")
    assert (read.birth, read.sex, read.expires) == ("910314", "M", "330401")
    assert mrz.write(read) == UZBEK


@pytest.mark.parametrize("form", SPECIMENS)
def test_specimen_of_every_form_is_read_and_written(form: str) -> None:
    read = mrz.read(SPECIMENS[form])
    assert (read.form, read.family, read.given) == (form, "ERIKSSON", "ANNA MARIA")
    assert mrz.read(mrz.write(read)) == read


def test_number_that_goes_on_in_the_optional_field_is_one_number() -> None:
    read = mrz.read(LONG_NUMBER)
    assert (read.number, read.optional) == ("D23145890734", "")
    assert mrz.write(read) == LONG_NUMBER


@pytest.mark.parametrize("form", SPECIMENS)
@given(data=st.data())
def test_what_is_written_is_read(form: str, data: st.DataObject) -> None:
    zone = data.draw(zones(form))
    # A longer number takes the optional field of a card, and its digit and filler with it.
    if len(zone.number) > 9 and len(zone.number) - 9 + 2 + len(zone.optional) > 15:
        zone = replace(zone, optional="")
    assert mrz.read(mrz.write(zone)) == zone


@given(st.sampled_from([72, 88, 90]), st.data())
def test_hostile_zone_is_refused_or_read(length: int, data: st.DataObject) -> None:
    text = data.draw(st.text("<<<0VAI", min_size=length, max_size=length))
    with suppress(Refusal):
        assert mrz.read(text).family


@given(st.data(), st.integers(0, 9))
def test_every_wrong_digit_of_a_passport_line_is_noticed(data: st.DataObject, digit: int) -> None:
    line = UZBEK.index("\n") + 1
    # The sex and the nationality stand under no check digit.
    places = [at for at in range(line, len(UZBEK)) if UZBEK[at].isdigit()]
    at = data.draw(st.sampled_from(places))
    other = UZBEK[:at] + str(digit) + UZBEK[at + 1 :]
    if other != UZBEK:
        with pytest.raises(Refusal) as caught:
            mrz.read(other)
        assert caught.value.code == "mrz.check-digit"


def test_refusal_names_the_part_and_never_the_content() -> None:
    with pytest.raises(Refusal) as caught:
        mrz.read(UZBEK.replace("9103144", "9103154"))
    assert (caught.value.code, caught.value.place) == ("mrz.check-digit", "birth")
    assert "9103" not in str(caught.value)


@pytest.mark.parametrize(
    "zone",
    [
        "",
        "P<UZB",
        UZBEK.lower(),
        UZBEK[:-1],
        UZBEK.replace("K", "К"),
        "P<UZB" + "<" * 39 + UZBEK[44:],
    ],
)
def test_text_that_is_no_zone_is_malformed(zone: str) -> None:
    with pytest.raises(Refusal) as caught:
        mrz.read(zone)
    assert caught.value.code == "mrz.malformed"


def test_lines_may_stand_end_to_end() -> None:
    assert mrz.read(UZBEK.replace("\n", "")) == mrz.read(UZBEK)


def test_empty_optional_field_may_have_a_filler_for_its_check_digit() -> None:
    bare = replace(mrz.read(UZBEK), optional="")
    zeroed = mrz.write(bare)
    assert mrz.read(zeroed[:-2] + "<" + zeroed[-1]) == bare


def test_person_of_one_name_has_it_as_family_name() -> None:
    single = replace(mrz.read(UZBEK), family="SHODMON", given="")
    assert mrz.write(single).startswith("P<UZBSHODMON<<<<")
    assert mrz.read(mrz.write(single)) == single


def test_zone_gives_a_name_of_its_own_form() -> None:
    assert mrz.name_of(mrz.read(UZBEK)) == {
        "form": "mrz",
        "script": "Latn",
        "family": "KUCHKAROV",
        "given": "GAYRATJON SHUHRAT UGLI",
        "full": "KUCHKAROV GAYRATJON SHUHRAT UGLI",
    }
    single = mrz.name_of(replace(mrz.read(UZBEK), family="SHODMON", given=""))
    assert (single["full"], single["noFamilyName"], "family" in single) == ("SHODMON", True, False)


def test_passport_spelling_of_a_native_name_stands_in_a_zone() -> None:
    native = replace(
        mrz.read(UZBEK), family=icao("Қўчқоров", "uzb"), given=icao("Ғайратжон Шуҳрат ўғли", "uzb")
    )
    assert mrz.write(native).startswith("P<UZBKUCHKOROV<<GAYRATJON<SHUHRAT<UGLI<")


def test_names_too_long_are_cut_and_something_of_each_stays() -> None:
    long = replace(mrz.read(UZBEK), family="A" * 50, given="B" * 9)
    read = mrz.read(mrz.write(long))
    assert (read.family, read.given) == ("A" * 36, "B")


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("number", "FA-000001"),
        ("number", "FA00000171"),
        ("birth", "1991"),
        ("family", "Қўчқоров"),
        ("optional", "3" * 15),
        ("kind", "V"),
        ("sex", "X"),
    ],
)
def test_part_that_cannot_stand_in_its_field_is_refused(part: str, text: str) -> None:
    with pytest.raises(Refusal) as caught:
        mrz.write(replace(mrz.read(UZBEK), **{part: text}))
    assert caught.value.code == "mrz.malformed"
