"""The demonstration's story: which sample goes from whom to whom, and what must come of it."""

from dataclasses import dataclass

CONTRACT, DEPARTURE, PENSION = (
    "contract-registration",
    "departure-notice",
    "insurance-coordination",
)


@dataclass(frozen=True, slots=True)
class Step:
    """One submission: sample file (below the repository), sender, recipient, purpose, and why."""

    title: str
    sample: str
    sender: str
    recipient: str
    purpose: str


STORY = (
    Step(
        "A contract registered in Kazakhstan reaches Uzbekistan's agency",
        "adapters/kz/samples/01-esutd-contract-shep-sync.xml",
        "kz.labour-ministry",
        "uz.migration-agency",
        CONTRACT,
    ),
    Step(
        "A Kyrgyz worker's Kazakh contract reaches Bishkek",
        "adapters/kz/samples/05-contract-kyrgyz-worker.xml",
        "kz.labour-ministry",
        "kg.migration-centre",
        CONTRACT,
    ),
    Step(
        "A Tajik worker's Kazakh contract reaches Dushanbe",
        "adapters/kz/samples/06-contract-tajik-worker.xml",
        "kz.labour-ministry",
        "tj.migration-service",
        CONTRACT,
    ),
    Step(
        "An Uzbek contract reaches Kazakhstan's ministry",
        "adapters/uz/samples/02-labour-contract-lc.json",
        "uz.migration-agency",
        "kz.labour-ministry",
        CONTRACT,
    ),
    Step(
        "The same contract reaches an office that takes signed XML",
        "adapters/uz/samples/02-labour-contract-lc.json",
        "uz.migration-agency",
        "kz.regional-inspection",
        CONTRACT,
    ),
    Step(
        "A Kyrgyz migrant's contract reaches Kazakhstan",
        "adapters/kg/samples/02-migrant-contract-soap-request.xml",
        "kg.migration-centre",
        "kz.labour-ministry",
        CONTRACT,
    ),
    Step(
        "A departure from Kyrgyzstan is told to Kazakhstan",
        "adapters/kg/samples/04-departure-registration-rest.json",
        "kg.migration-centre",
        "kz.labour-ministry",
        DEPARTURE,
    ),
    Step(
        "A quarter's Tajik contracts, in a table of 1998's encoding, reach Kazakhstan",
        "adapters/tj/samples/02-contracts-2026-q3.cp1251-tnr-tj.csv",
        "tj.migration-service",
        "kz.labour-ministry",
        CONTRACT,
    ),
    Step(
        "Departure cards: one row concerns another country and stays at home",
        "adapters/tj/samples/05-departure-cards-2026-09.cp1251-tnr-tj.csv",
        "tj.migration-service",
        "kz.labour-ministry",
        DEPARTURE,
    ),
    Step(
        "Last month's cards, typed with a font encoding, are read as what they meant",
        "adapters/tj/samples/01-departure-cards-2026-08.cp1251-degraded.csv",
        "tj.migration-service",
        "kz.labour-ministry",
        DEPARTURE,
    ),
    Step(
        "The first contract again: known by its number, it travels as version 2",
        "adapters/kz/samples/01-esutd-contract-shep-sync.xml",
        "kz.labour-ministry",
        "uz.migration-agency",
        CONTRACT,
    ),
    Step(
        "And the Kyrgyz worker's, for the protection of the worker",
        "adapters/kz/samples/05-contract-kyrgyz-worker.xml",
        "kz.labour-ministry",
        "kg.migration-centre",
        "worker-protection",
    ),
    Step(
        "A vacancy in Kazakhstan, found in Tashkent, is told to its ministry",
        "adapters/uz/samples/01-xorijdaish-vacancy.json",
        "uz.migration-agency",
        "kz.labour-ministry",
        "job-mediation",
    ),
    Step(
        "A household's permit for an Uzbek worker reaches Tashkent",
        "adapters/kz/samples/02-labour-immigrant-permit-shep-response.xml",
        "kz.labour-ministry",
        "uz.migration-agency",
        "permit-notice",
    ),
    Step(
        "The licence of a Kyrgyz agency reaches the country it recruits for",
        "adapters/kg/samples/03-agency-permit-rest-response.json",
        "kg.migration-centre",
        "kz.labour-ministry",
        "licence-notice",
    ),
    Step(
        "Pension contributions in Kazakhstan count in Bishkek: fund to fund",
        "adapters/kz/samples/04-pension-contributions-shep-response.xml",
        "kz.pension-fund",
        "kg.social-fund",
        PENSION,
    ),
    Step(
        "The same contributions may not go where no pension agreement is",
        "certs/samples/pension-of-an-uzbek-worker.xml",
        "kz.pension-fund",
        "uz.migration-agency",
        PENSION,
    ),
    Step(
        "A worker's return, in the default table, reaches Dushanbe as a row of its own sheet",
        "certs/samples/returns-of-november.csv",
        "kz.labour-ministry",
        "tj.migration-service",
        "return-notice",
    ),
    Step(
        "A purpose that the treaty does not know is refused, with evidence",
        "adapters/kz/samples/06-contract-tajik-worker.xml",
        "kz.labour-ministry",
        "tj.migration-service",
        "credit-scoring",
    ),
)
