"""The demonstration's four states and their agreements, from public treaty facts.

Bases: country-formats section 6. KZ-UZ labour activity agreement of 15.04.2019; KZ-TJ labour
04.05.2006 and migration cooperation 14.03.2018; KZ-KG EAEU treaty and personal-data exchange
18.12.2020; KG-TJ 06.05.1998. All authorities are invented.
"""

from collections.abc import Mapping
from typing import Any

from certs.states import AuthorityPlan, StatePlan

_BASES = {
    "KZ-UZ": ["KZ-UZ-2019-04-15"],
    "KZ-TJ": ["KZ-TJ-2006-05-04", "KZ-TJ-2018-03-14"],
    "KG-KZ": ["EAEU-TREATY-ART-97", "KG-KZ-RU-2020-12-18"],
    "KG-TJ": ["KG-TJ-1998-05-06"],
}
# Types of sensitivity 3 are in no agreement: no gateway takes them, and the SDK is not here yet.
_PURPOSES = {
    "AgencyLicence": "licence-notice",
    "CandidateProfile": "job-mediation",
    "EmploymentContract": "contract-registration",
    "InsurancePeriod": "insurance-coordination",
    "JobOrder": "job-mediation",
    "MovementEvent": "departure-notice",
    "QualificationRecognition": "recognition-of-papers",
    "RemittanceStatistic": "statistics",
    "ReturnRecord": "return-notice",
    "WorkAuthorisation": "permit-notice",
}
# The EAEU's pension agreement has no other two of the four among its members.
_ONLY = {"InsurancePeriod": frozenset({"KG-KZ"})}
_FIGURES = {"RemittanceStatistic": "sdmx.remittances-csv"}
_AUTHORITIES = {
    "KZ": (
        AuthorityPlan(
            "kz.labour-ministry",
            {
                "EmploymentContract": "kz.labour-contract",
                "WorkAuthorisation": "kz.household-permit",
            },
        ),
        AuthorityPlan("kz.regional-inspection", {}, "xml"),
        AuthorityPlan(
            "kz.pension-fund", {"InsurancePeriod": "kz.pension-contributions"}, kind="fund"
        ),
        AuthorityPlan("kz.national-bank", _FIGURES, kind="bank"),
    ),
    "KG": (
        AuthorityPlan(
            "kg.migration-centre",
            {"EmploymentContract": "kg.migrant-contract", "AgencyLicence": "kg.agency-permits"},
        ),
        AuthorityPlan("kg.social-fund", {"InsurancePeriod": "kg.work-periods"}, kind="fund"),
        AuthorityPlan("kg.national-bank", _FIGURES, kind="bank"),
    ),
    "TJ": (
        AuthorityPlan(
            "tj.migration-service",
            {"EmploymentContract": "tj.contracts", "ReturnRecord": "tj.returns"},
        ),
        AuthorityPlan("tj.national-bank", _FIGURES, kind="bank"),
    ),
    "UZ": (
        AuthorityPlan(
            "uz.migration-agency",
            {"EmploymentContract": "uz.labour-contract", "JobOrder": "uz.vacancies"},
        ),
        AuthorityPlan("uz.central-bank", _FIGURES, kind="bank"),
    ),
}


def demonstration_states(base_port: int) -> list[StatePlan]:
    """Give the four states, ten ports apart: api, peer, console, directory from `base_port` on."""
    return [
        StatePlan(state, (start, start + 1, start + 2), _AUTHORITIES[state], start + 3)
        for state, start in zip(_AUTHORITIES, range(base_port, base_port + 40, 10), strict=True)
    ]


def demonstration_agreements() -> dict[str, Mapping[str, Any]]:
    """Give the agreement text by corridor; KG-UZ and TJ-UZ have no treaty to stand on."""
    return {
        corridor: {
            "corridor": corridor,
            "version": 1,
            "validFrom": "2026-01-01T00:00:00.000Z",
            "validTo": "2031-01-01T00:00:00.000Z",
            "recordTypes": {
                name: _grant(corridor, basis, purpose)
                for name, purpose in _PURPOSES.items()
                if corridor in _ONLY.get(name, _BASES)
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
