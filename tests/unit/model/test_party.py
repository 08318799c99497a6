"""How corridors, directions, authorities and logs are written."""

import pytest

from gateway.model.party import (
    Direction,
    home_log,
    partner_log,
    read_direction,
    state_of_authority,
)


def test_a_corridor_is_alphabetical() -> None:
    assert read_direction("UZ>KZ").corridor == "KZ-UZ"


def test_a_direction_reads_back() -> None:
    assert str(read_direction("KZ>UZ")) == "KZ>UZ"


def test_a_direction_has_an_origin_and_a_destination() -> None:
    assert read_direction("KG>TJ") == Direction("KG", "TJ")


@pytest.mark.parametrize("text", ["KZ-UZ", "KZ>KZ", "kz>uz", "KZ>", ">UZ", "KZ>UZ>KG", ""])
def test_another_spelling_of_a_direction_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="direction"):
        read_direction(text)


def test_an_authority_names_its_state() -> None:
    assert state_of_authority("uz.migration-agency") == "UZ"


@pytest.mark.parametrize("text", ["uz", "UZ.agency", "uz.", "uz.Agency", "uzb.agency", "uz.a--b"])
def test_another_spelling_of_an_authority_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="authority"):
        state_of_authority(text)


def test_each_gateway_keeps_its_own_log_of_a_corridor() -> None:
    assert partner_log("gw.uz.example", "UZ", "KZ") == "gw.uz.example/log/uz-kz"


def test_the_home_log_is_beside_them() -> None:
    assert home_log("gw.uz.example") == "gw.uz.example/log/home"
