"""What the peer port says of itself."""

import json
import re
from pathlib import Path

from gateway.web.peers import OPENAPI, peer_application
from tests.support.evidence import trust_in
from tests.support.office import office_of
from tests.support.stores import Stores


def test_every_route_of_the_peer_port_is_described(tmp_path: Path, each_store: Stores) -> None:
    office = office_of("UZ", tmp_path, trust_in(tmp_path / "trust"), each_store)
    application = peer_application(office, ("KZ",))
    described = json.loads(OPENAPI.read_text("utf-8"))["paths"]
    found = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in application.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint != "static"
    }
    assert found == {(path, method) for path, one in described.items() for method in one}
