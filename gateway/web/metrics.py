"""What a gateway counted, as Prometheus reads it."""

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from gateway.directory.freshness import Standing, is_alarm
from gateway.exchange.office import Office
from gateway.store import exchange_rows
from gateway.store.alarm_rows import count_alarms
from gateway.store.circuit_rows import circuits
from gateway.store.connection import Turn
from gateway.store.directory_rows import count_fallen
from gateway.store.outbox_rows import count_waiting

MEDIA_TYPE = CONTENT_TYPE_LATEST


def metrics_text(office: Office) -> bytes:
    """Count all, and give it in Prometheus's text format; nothing of it is of a person."""
    # Counted from the store at each call, so that several processes tell the same.
    registry = CollectorRegistry()
    states = Gauge("lmx_exchanges", "Exchanges by state", ["state"], registry=registry)
    version = Gauge("lmx_directory_version", "Snapshot version.", ["state"], registry=registry)
    stands = Gauge(
        "lmx_directory_standing",
        "1 for how it stands.",
        ["state", "standing"],
        registry=registry,
    )
    alarm = Gauge("lmx_directory_alarm", "1 to look now.", ["state"], registry=registry)
    fell = Gauge(
        "lmx_directory_versions_fallen",
        "How often a partner named a lower version than before.",
        ["partner"],
        registry=registry,
    )
    raised = Gauge("lmx_alarms", "Alarms with evidence.", ["code", "partner"], registry=registry)
    with office.store.read() as turn:
        _count_delivery(registry, turn)
        for code, partner, count in count_alarms(turn):
            raised.labels(code, partner).set(count)
        for state, count in exchange_rows.count_by_state(turn):
            states.labels(state).set(count)
        for partner, count in count_fallen(turn):
            fell.labels(partner).set(count)
    for state, directory in office.trust.directories.items():
        version.labels(state).set(directory.version)
        for one in Standing:
            stands.labels(state, one).set(one is office.standing(state))
        alarm.labels(state).set(is_alarm(office.failing.get(state, ""), office.standing(state)))
    return generate_latest(registry)


def _count_delivery(registry: CollectorRegistry, turn: Turn) -> None:
    waiting = Gauge(
        "lmx_outbox",
        "Items that wait for a partner; alone: of these, what always failed and goes alone.",
        ["partner", "kind", "which"],
        registry=registry,
    )
    failures = Gauge(
        "lmx_partner_failures",
        "Requests to a partner that failed in a row.",
        ["partner"],
        registry=registry,
    )
    for one in count_waiting(turn):
        waiting.labels(one.partner, one.kind, "all").set(one.count)
        waiting.labels(one.partner, one.kind, "alone").set(one.alone)
    for failing in circuits(turn):
        failures.labels(failing.partner).set(failing.failures)
