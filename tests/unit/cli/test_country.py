"""`lmx country new`: a folder once, for countries that there are."""

from pathlib import Path

from click.testing import CliRunner

from gateway.cli.country import country


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(country, [str(argument) for argument in arguments])
    return result.exit_code, result.output


def test_the_folder_is_written_below_the_countries(tmp_path: Path) -> None:
    assert run("new", "MN", "--adapters", tmp_path)[0] == 0
    assert 'alpha3 = "MNG"' in (tmp_path / "mn/country.toml").read_text("utf-8")


def test_a_folder_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    run("new", "mn", "--adapters", tmp_path)
    (tmp_path / "mn/README.md").write_text("ours", "utf-8")
    code, told = run("new", "mn", "--adapters", tmp_path)
    assert (code, "there already" in told) == (1, True)
    assert (tmp_path / "mn/README.md").read_text("utf-8") == "ours"


def test_a_code_that_iso_does_not_have_is_a_usage_error(tmp_path: Path) -> None:
    code, told = run("new", "xx", "--adapters", tmp_path)
    assert (code, "ISO 3166-1" in told, list(tmp_path.iterdir())) == (2, True, [])
