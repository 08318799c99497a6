"""The demonstration's four states and their agreements, from public treaty facts.

Bases: country-formats section 6. KZ-UZ labour activity agreement of 15.04.2019; KZ-TJ labour
04.05.2006 and migration cooperation 14.03.2018; KZ-KG EAEU treaty and personal-data exchange
18.12.2020; KG-TJ 06.05.1998. All authorities are invented.
"""

from collections.abc import Mapping
from typing import Any

from certs.states import AuthorityPlan, StatePlan

_CONTRACT, _MOVEMENT = "EmploymentContract", "MovementEvent"
_BASES = {
    "KZ-UZ": ["KZ-UZ-2019-04-15"],
    "KZ-TJ": ["KZ-TJ-2006-05-04", "KZ-TJ-2018-03-14"],
    "KG-KZ": ["EAEU-TREATY-ART-97", "KG-KZ-RU-2020-12-18"],
    "KG-TJ": ["KG-TJ-1998-05-06"],
}
_AUTHORITIES = {
    "KZ": (
        AuthorityPlan("kz.labour-ministry", {_CONTRACT: "kz.labour-contract"}),
        AuthorityPlan("kz.regional-inspection", {}, "xml"),
    ),
    "KG": (
        AuthorityPlan(
            "kg.migration-centre", {_CONTRACT: "kg.migrant-contract", _MOVEMENT: "kg.departures"}
        ),
    ),
    "TJ": (
        AuthorityPlan(
            "tj.migration-service", {_CONTRACT: "tj.contracts", _MOVEMENT: "tj.departure-cards"}
        ),
    ),
    "UZ": (AuthorityPlan("uz.migration-agency", {_CONTRACT: "uz.labour-contract"}),),
}


def demonstration_states(base_port: int) -> list[StatePlan]:
    """Give the four states, ten ports apart: api, peer, console from `base_port` on."""
    return [
        StatePlan(state, (start, start + 1, start + 2), _AUTHORITIES[state])
        for state, start in zip(_AUTHORITIES, range(base_port, base_port + 40, 10), strict=True)
    ]


def demonstration_agreements() -> dict[str, Mapping[str, Any]]:
    """Give the agreement text by corridor; KG-TJ carries movements only."""
    return {
        corridor: {
            "corridor": corridor,
            "version": 1,
            "validFrom": "2026-01-01T00:00:00.000Z",
            "validTo": "2031-01-01T00:00:00.000Z",
            "recordTypes": {
                name: _grant(corridor, basis, purpose)
                for name, purpose in (
                    (_CONTRACT, "contract-registration"),
                    (_MOVEMENT, "departure-notice"),
                )
                if corridor != "KG-TJ" or name == _MOVEMENT
            },
        }
        for corridor, basis in _BASES.items()
    }


def _grant(corridor: str, basis: list[str], purpose: str) -> dict[str, Any]:
    one, other = corridor.split("-")
    return {
        "versions": [1],
        "directions": [f"{one}>{other}", f"{other}>{one}"],
        "purposes": {purpose: basis, "worker-protection": basis},
        "withheld": [],
        "sensitivityCap": 2,
        "needsConsent": False,
        "retentionDays": 1825,
        "relayHours": 168,
        "handoverHours": 720,
    }
