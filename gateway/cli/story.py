"""The demonstration's story: which sample goes from whom to whom, and what must come of it."""

from dataclasses import dataclass

CONTRACT, DEPARTURE = "contract-registration", "departure-notice"


@dataclass(frozen=True, slots=True)
class Step:
    """One submission: sample file (below `adapters/`), sender, recipient, purpose, and why."""

    title: str
    sample: str
    sender: str
    recipient: str
    purpose: str


STORY = (
    Step(
        "A contract registered in Kazakhstan reaches Uzbekistan's agency",
        "kz/samples/01-esutd-contract-shep-sync.xml",
        "kz.labour-ministry",
        "uz.migration-agency",
        CONTRACT,
    ),
    Step(
        "A Kyrgyz worker's Kazakh contract reaches Bishkek",
        "kz/samples/05-contract-kyrgyz-worker.xml",
        "kz.labour-ministry",
        "kg.migration-centre",
        CONTRACT,
    ),
    Step(
        "A Tajik worker's Kazakh contract reaches Dushanbe",
        "kz/samples/06-contract-tajik-worker.xml",
        "kz.labour-ministry",
        "tj.migration-service",
        CONTRACT,
    ),
    Step(
        "An Uzbek contract reaches Kazakhstan's ministry",
        "uz/samples/02-labour-contract-lc.json",
        "uz.migration-agency",
        "kz.labour-ministry",
        CONTRACT,
    ),
    Step(
        "The same contract reaches an office that takes signed XML",
        "uz/samples/02-labour-contract-lc.json",
        "uz.migration-agency",
        "kz.regional-inspection",
        CONTRACT,
    ),
    Step(
        "A Kyrgyz migrant's contract reaches Kazakhstan",
        "kg/samples/02-migrant-contract-soap-request.xml",
        "kg.migration-centre",
        "kz.labour-ministry",
        CONTRACT,
    ),
    Step(
        "A departure from Kyrgyzstan is told to Kazakhstan",
        "kg/samples/04-departure-registration-rest.json",
        "kg.migration-centre",
        "kz.labour-ministry",
        DEPARTURE,
    ),
    Step(
        "A quarter's Tajik contracts, in a table of 1998's encoding, reach Kazakhstan",
        "tj/samples/02-contracts-2026-q3.cp1251-tnr-tj.csv",
        "tj.migration-service",
        "kz.labour-ministry",
        CONTRACT,
    ),
    Step(
        "Departure cards: one row concerns another country and stays at home",
        "tj/samples/05-departure-cards-2026-09.cp1251-tnr-tj.csv",
        "tj.migration-service",
        "kz.labour-ministry",
        DEPARTURE,
    ),
    Step(
        "Last month's cards, typed with a font encoding, are read as what they meant",
        "tj/samples/01-departure-cards-2026-08.cp1251-degraded.csv",
        "tj.migration-service",
        "kz.labour-ministry",
        DEPARTURE,
    ),
    Step(
        "The first contract again: known by its number, it travels as version 2",
        "kz/samples/01-esutd-contract-shep-sync.xml",
        "kz.labour-ministry",
        "uz.migration-agency",
        CONTRACT,
    ),
    Step(
        "And the Kyrgyz worker's, for the protection of the worker",
        "kz/samples/05-contract-kyrgyz-worker.xml",
        "kz.labour-ministry",
        "kg.migration-centre",
        "worker-protection",
    ),
    Step(
        "A purpose that the treaty does not know is refused, with evidence",
        "kz/samples/06-contract-tajik-worker.xml",
        "kz.labour-ministry",
        "tj.migration-service",
        "credit-scoring",
    ),
)
