"""The console: server-rendered, no script, a strict content security policy (DESIGN section 7)."""

import hmac
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import (
    Flask,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_bootstrap import Bootstrap5
from werkzeug.wrappers import Response as AnyResponse

from gateway.config.config import Config
from gateway.console.alarms import add_alarms
from gateway.console.errors import add_errors, error_page
from gateway.console.pages import add_pages
from gateway.console.texts import LANGUAGES, text_in
from gateway.console.users import password_is_right
from gateway.console.ways_back import here, way_back
from gateway.console.words import words
from gateway.exchange.export import LinkTo
from gateway.exchange.guard import Sizes, guard
from gateway.exchange.office import Office

SIZES = Sizes({}, 64 * 1024)
_OPEN = {"login", "language", "static", "bootstrap.static", "healthz"}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def console_application(office: Office, config: Config, link_to: LinkTo, schemas: Path) -> Flask:
    """Build the console of one gateway; accounts stand in `keys/console-users.json`.

    schemas: folder of the standard, which names what the codes on the pages mean.
    """
    application = Flask("lmx-console", root_path=str(Path(__file__).parent))
    secret = office.day_keys.master
    application.secret_key = hmac.digest(secret, b"lmx console session", "sha256")
    application.config.update(
        BOOTSTRAP_SERVE_LOCAL=True,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        PERMANENT_SESSION_LIFETIME=timedelta(minutes=30),
    )
    Bootstrap5(application)
    _protect(application)
    _speak(application, office, schemas)
    _let_in(application, config.keys / "console-users.json")
    add_pages(application, office, link_to)
    add_alarms(application, office)
    add_errors(application)
    application.wsgi_app = guard(application.wsgi_app, sizes=SIZES)  # type: ignore[method-assign, assignment]
    return application


def _protect(application: Flask) -> None:
    @application.before_request
    def require_account() -> AnyResponse | None:
        if request.endpoint not in _OPEN and "user" not in session:
            return redirect(url_for("login", back=here()))
        if request.method == "POST" and not _same_form():
            return make_response(error_page(400))
        return None

    @application.after_request
    def harden(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers[name] = value
        return response


def _speak(application: Flask, office: Office, schemas: Path) -> None:
    @application.context_processor
    def texts() -> dict[str, Any]:
        if "form" not in session:
            session["form"] = office.entropy(16).hex()
        language = _language()
        say = text_in(language)
        return {
            **words(schemas, language, say),
            "t": say,
            "language": language,
            "languages": LANGUAGES,
            "gateway": office.name,
            "here": here(),
            "user": session.get("user", ""),
            "form_token": session["form"],
        }


def _let_in(application: Flask, users: Path) -> None:
    @application.route("/login", methods=["GET", "POST"])
    def login() -> AnyResponse | str:
        wrong = False
        if request.method == "POST":
            name, password = request.form.get("name", ""), request.form.get("password", "")
            if password_is_right(users, name, password):
                session["user"] = name
                return redirect(way_back())
            wrong = True
        return render_template("login.html", wrong=wrong)

    @application.post("/logout")
    def logout() -> AnyResponse:
        session.pop("user")
        return redirect(url_for("login"))

    @application.get("/language/<code>")
    def language(code: str) -> AnyResponse:
        if code in LANGUAGES:
            session["language"] = code
        return redirect(way_back())

    @application.get("/healthz")
    def healthz() -> str:
        return "alive"


def _language() -> str:
    found = session.get("language") or request.accept_languages.best_match(list(LANGUAGES))
    return str(found or "en")


def _same_form() -> bool:
    told, known = request.form.get("form_token", ""), session.get("form", "")
    return bool(known) and hmac.compare_digest(told, known)
