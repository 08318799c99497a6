"""The files that the benchmarks submit."""

from tests.support.gateways import SAMPLES

FILE = SAMPLES / "tj/samples/02-contracts-2026-q3.expected-utf8.csv"


class Numbers:
    """Hands out contract numbers that were never used in this run."""

    def __init__(self, used: int = 0) -> None:
        self.last = used

    def file(self, records: int) -> bytes:
        """Give a native file of so many contracts, each with a number of its own."""
        head, row = FILE.read_text("utf-8").splitlines()[:2]
        old = row.split(";")
        number = next(at for at, one in enumerate(old) if "/" in one or "-" in one)
        rows = []
        for _ in range(records):
            self.last += 1
            new = [*old]
            new[number] = f"{old[number]}-{self.last}"
            rows.append(";".join(new))
        return ("\r\n".join([head, *rows]) + "\r\n").encode("utf-8")
