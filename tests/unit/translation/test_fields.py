"""What native values say."""

from typing import Any

import pytest

from gateway.translation.fields import blank


@pytest.mark.parametrize("value", [None, "", " \n", {}, [], {"Code": "", "NameRu": None}])
def test_value_without_a_word_says_nothing(value: Any) -> None:
    assert blank(value)


@pytest.mark.parametrize("value", ["0", False, 0, ["a"], {"Code": "", "NameRu": "Нет"}])
def test_value_with_a_word_says_something(value: Any) -> None:
    assert not blank(value)
