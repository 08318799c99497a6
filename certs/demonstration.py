"""The demonstration's four states; their agreements are those of `certs.agreements`.

All authorities are invented.
"""

from certs.agreements import demonstration_agreements
from certs.states import AuthorityPlan, StatePlan

__all__ = ["demonstration_agreements", "demonstration_states"]

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
