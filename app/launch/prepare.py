"""The commands that bring a database up to date, in one process: the product is loaded once, not for each."""

from __future__ import annotations

from flask.cli import ScriptInfo

from app import create_app


def prepare() -> None:
    """Migrate, and with DEMO on fill an empty database. Ends with the message of the command that failed."""
    app = create_app()
    script = ScriptInfo(create_app=lambda: app)
    app.cli.main(["migrate"], obj=script, standalone_mode=False)
    if app.config["DEMO"]:
        app.cli.main(["demo", "--if-empty"], obj=script, standalone_mode=False)


if __name__ == "__main__":
    prepare()
