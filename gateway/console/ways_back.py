"""Where a person is led after signing in or choosing a language: to the page they were on."""

import re

from flask import request, url_for

# A path of this console, never of another host: one slash first, then a path and a query as the
# guard takes them.
_OWN = re.compile(r"/(?:[A-Za-z0-9._~-][A-Za-z0-9._~/-]*)?(?:\?[A-Za-z0-9._~%&=+-]*)?")


def way_back() -> str:
    """Give the path in `back`, that of the list when there is none or it leads elsewhere."""
    told = request.args.get("back", "")
    return told if _OWN.fullmatch(told) else url_for("exchanges")


def here() -> str:
    """Give the path that leads back to the page being shown."""
    if request.endpoint == "login":
        return way_back()
    if request.method == "GET":
        return request.full_path.rstrip("?")
    shown = (request.view_args or {}).get("x")
    return url_for("exchange", x=shown) if shown else url_for("exchanges")
