"""The demonstration's four states; their agreements are those of `certs.agreements`.

All authorities are invented.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from certs.agreements import demonstration_agreements
from certs.states import AuthorityPlan, StatePlan

__all__ = ["demonstration_agreements", "demonstration_states"]

_TYPES = (
    "AgencyLicence", "CandidateProfile", "EmploymentContract", "IncidentNotification",
    "InsurancePeriod", "JobOrder", "MovementEvent", "ProtectionCase", "QualificationRecognition",
    "ReturnRecord", "WorkAuthorisation",
)  # fmt: skip
# The story asks for credit-scoring too, which no treaty knows: the agreement is what refuses it.
_PURPOSES = (
    "contract-registration", "credit-scoring", "departure-notice", "insurance-coordination",
    "job-mediation", "licence-notice", "permit-notice", "recognition-of-papers", "return-notice",
    "worker-protection",
)  # fmt: skip


def _rights(record_types: Sequence[str], *purposes: str) -> Mapping[str, Any]:
    return {"rights": [{"recordTypes": list(record_types), "purposes": list(purposes)}]}


_MINISTRY = _rights(_TYPES, *_PURPOSES)
_FUND = _rights(["InsurancePeriod"], "insurance-coordination", "worker-protection")
_BANK = _rights(["RemittanceStatistic"], "statistics")
_FIGURES = {"RemittanceStatistic": "sdmx.remittances-csv"}
_AUTHORITIES = {
    "KZ": (
        AuthorityPlan(
            "kz.labour-ministry",
            {
                "EmploymentContract": "kz.labour-contract",
                "WorkAuthorisation": "kz.household-permit",
            },
            submitter=_MINISTRY,
        ),
        AuthorityPlan("kz.regional-inspection", {}, "xml", submitter=_MINISTRY),
        AuthorityPlan(
            "kz.pension-fund",
            {"InsurancePeriod": "kz.pension-contributions"},
            kind="fund",
            submitter=_FUND,
        ),
        AuthorityPlan("kz.national-bank", _FIGURES, kind="bank", submitter=_BANK),
    ),
    "KG": (
        AuthorityPlan(
            "kg.migration-centre",
            {"EmploymentContract": "kg.migrant-contract", "AgencyLicence": "kg.agency-permits"},
            submitter=_MINISTRY,
        ),
        AuthorityPlan(
            "kg.social-fund", {"InsurancePeriod": "kg.work-periods"}, kind="fund", submitter=_FUND
        ),
        AuthorityPlan("kg.national-bank", _FIGURES, kind="bank", submitter=_BANK),
    ),
    "TJ": (
        AuthorityPlan(
            "tj.migration-service",
            {"EmploymentContract": "tj.contracts", "ReturnRecord": "tj.returns"},
            submitter=_MINISTRY,
        ),
        AuthorityPlan("tj.national-bank", _FIGURES, kind="bank", submitter=_BANK),
    ),
    "UZ": (
        AuthorityPlan(
            "uz.migration-agency",
            {"EmploymentContract": "uz.labour-contract", "JobOrder": "uz.vacancies"},
            submitter=_MINISTRY,
        ),
        AuthorityPlan("uz.central-bank", _FIGURES, kind="bank", submitter=_BANK),
    ),
}


def demonstration_states(base_port: int) -> list[StatePlan]:
    """Give the four states, ten ports apart: api, peer, console, directory from `base_port` on."""
    return [
        StatePlan(state, (start, start + 1, start + 2), _AUTHORITIES[state], start + 3)
        for state, start in zip(_AUTHORITIES, range(base_port, base_port + 40, 10), strict=True)
    ]
