"""The pages for what went wrong: what happened, and what to do next."""

from flask import Flask, render_template
from werkzeug.exceptions import HTTPException

# Status: what happened and what to do, English as the catalogues name them.
TOLD = {
    400: (
        "The form is too old",
        "This page was opened before you signed in, or too long ago. Nothing was done. "
        "Open the page again and repeat the step.",
    ),
    404: (
        "Not here",
        "There is no page or exchange under this address. Go back to the list.",
    ),
    405: (
        "Not a page",
        "This address only answers a button of the console. Go back to the list.",
    ),
    500: (
        "The gateway could not show this page",
        "The reason stands in the gateway's log. Try again; if it stays, tell its operator "
        "the address and the time.",
    ),
}


def add_errors(application: Flask) -> None:
    """Answer each failed request with a page of the console."""

    @application.errorhandler(HTTPException)
    def wrong(error: HTTPException) -> tuple[str, int]:
        return error_page(error.code or 500)


def error_page(status: int) -> tuple[str, int]:
    """Give the page of a status and the status."""
    title, told = TOLD.get(status) or TOLD[404 if status < 500 else 500]
    return render_template("error.html", title=title, told=told), status
