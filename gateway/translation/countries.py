"""Countries found as folders under `adapters/`; the gateway imports none by name (DESIGN 2)."""

from pathlib import Path


class Countries:
    """All layouts of all countries."""

    def names(self) -> tuple[str, ...]:
        """Every layout name, sorted."""
        raise NotImplementedError

    def detect(self, data: bytes, layout: str | None = None) -> "object":
        """The one layout that recognises the bytes; refuses none and more than one."""
        raise NotImplementedError


def load_countries(adapters_dir: Path) -> Countries:
    """Load every `adapters/<cc>/` folder that holds a `country.toml`."""
    raise NotImplementedError
