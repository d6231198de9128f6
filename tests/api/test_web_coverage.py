from __future__ import annotations

from tests.toy import toy_atlas
from web.coverage import coverage_context


def test_what_the_data_page_says_of_coverage() -> None:
    context = coverage_context(toy_atlas())
    found = context["coverage"]
    assert [context["group_words"](row) for row in found.identified] == [
        "Councils",
        "Health",
        "Universities",
        "Networks",
        "Programmes",
    ]
    assert [context["relation_words"](row) for row in found.dated] == ["All ties", "Convenes", "Delivers", "Member of"]
    assert context["age_words"](found.ages[0]) == "Ties"
    assert context["told"] == [("Networks", 2, [2, 0, 0, 0]), ("Programmes", 1, [0, 0, 0, 0])]
