"""When a partner is asked again that does not answer: soon at first, then seldom, one at a time.

A failure is a request without a whole answer; items that a partner answers for, and badly, are
no failure of the partner. The state is stored, so that a restart is no reason to ask at once.
"""

from gateway.exchange.office import Office
from gateway.model.instants import write_instant
from gateway.store.circuit_rows import CircuitRow, circuit, close_circuit, put_circuit

# From this many failures in a row the circuit is open: each further request is a probe.
OPEN_AFTER = 3
# Before that a request is so many times smaller than the one that failed: it may have been too much
# to be answered in time.
SMALLER = 4
LONGEST_WAIT = 300
LONGEST_EXPONENT = 9


def room_for(office: Office, partner: str, batch: int) -> int:
    """Give how many items may go to a partner now: all that fit, fewer after a failure, or none."""
    with office.store.read() as turn:
        known = circuit(turn, partner)
    return room_of(office, known, batch)


def room_of(office: Office, known: CircuitRow | None, batch: int) -> int:
    """Give the same of a circuit that was read."""
    if known is None:
        return batch
    if int(office.clock().timestamp()) < known.until:
        return 0
    return 1 if known.failures >= OPEN_AFTER else max(1, batch // SMALLER**known.failures)


def note_failure(office: Office, partner: str, why: str, after: int = 0) -> None:
    """Remember that a request failed, and when the next may go.

    after: seconds for which the partner itself asked, taken up to our longest wait.
    """
    at = office.clock()
    with office.store.write(f"circuit {partner}") as turn:
        known = circuit(turn, partner)
        failures = known.failures + 1 if known else 1
        since = known.since if known else write_instant(at)
        wait = max(wait_seconds(office, failures), min(after, LONGEST_WAIT))
        until = int(at.timestamp()) + wait
        put_circuit(turn, CircuitRow(partner, failures, since, until, why))


def note_further_failure(office: Office, partner: str, why: str) -> None:
    """Remember a failure of a partner that has failed before; of another's, nothing."""
    with office.store.read() as turn:
        known = circuit(turn, partner)
    if known is not None:
        note_failure(office, partner, why)


def note_answer(office: Office, partner: str) -> None:
    """Close the circuit of a partner that has answered; writes nothing when it was closed."""
    with office.store.read() as turn:
        known = circuit(turn, partner)
    if known is not None:
        with office.store.write() as turn:
            close_circuit(turn, partner)


def wait_seconds(office: Office, failures: int) -> int:
    """Give the wait after so many failures: doubling up to five minutes, half of it by chance.

    The chance keeps partners that were down together from being met by a wave.
    """
    wait: int = min(2 ** min(failures, LONGEST_EXPONENT), LONGEST_WAIT)
    return wait // 2 + int.from_bytes(office.entropy(2), "big") % (wait // 2 + 1)
