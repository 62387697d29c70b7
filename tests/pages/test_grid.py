"""The table's Python side: it sorts, finds, turns pages, and believes nothing the browser says."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from toolkit.errors import UsageError
from toolkit.pages.grid import Grid, GridCell, GridColumn, GridRow
from toolkit.pages.grid_rows import alphabetical, plain

COLUMNS = [
    GridColumn("name", "Iestāde", opens=True),
    GridColumn("plans", "Plāni", "whole", editable=True),
    GridColumn(
        "kind", "Veids", "choice", editable=True,
        choices=(("c", "konsultatīvs"), ("e", "ekonomisks")),
    ),
    GridColumn("money", "Maksimums", "money"),
]  # fmt: skip


def row(key: str, name: str, plans: int | None = None, tone: str = "", **cells: GridCell):
    whole = GridCell("" if plans is None else str(plans), value=plans)
    return GridRow(key, {"name": GridCell(name), "plans": whole, **cells}, tone, opens=True)


def whole(key: str, name: str, typed: str) -> GridCell:
    """A page's judge: whole numbers, written anew."""
    if name == "kind":
        return GridCell({"c": "konsultatīvs", "e": "ekonomisks"}[typed], value=typed)
    if not typed.strip().isdecimal():
        return GridCell("", error=f"“{typed}” nav vesels skaitlis.")
    return GridCell(str(int(typed)), value=int(typed))


class Browser:
    """What a browser would have received."""

    def __init__(self, grid: Grid, monkeypatch: pytest.MonkeyPatch) -> None:
        self.grid = grid
        self.sent: list[dict[str, Any]] = []
        monkeypatch.setattr(grid, "send", self.sent.append)

    def say(self, **message: Any) -> None:
        self.grid._handle_custom_msg(json.loads(json.dumps(message)), [])

    def edit(self, key: Any, name: Any, typed: Any) -> None:
        self.say(type="edit", cells=[[key, name, typed]])

    def shown(self, column: int = 0) -> list[str]:
        return [(line["cells"][column] or {}).get("text", "") for line in self.grid.view["rows"]]


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Browser]:
    def make(*rows: GridRow, total: GridRow | None = None, **options: Any) -> Browser:
        grid = Grid("Iestādes", COLUMNS, lang="lv", **{"on_edit": whole, **options})
        grid.show(rows, total)
        return Browser(grid, monkeypatch)

    return make


@pytest.mark.parametrize(
    ("given", "sorted_"),
    [
        # the order in which the law lists the municipalities: Ā is a letter of its own
        ("Ādaži Alūksne Augšdaugava Aizkraukle", "Aizkraukle Alūksne Augšdaugava Ādaži"),
        ("Cēsis Čakste Dobele Celmi", "Celmi Cēsis Čakste Dobele"),
        ("Šķūņi Skūņi Tukums Sala", "Sala Skūņi Šķūņi Tukums"),
        ("Žīguri Zilupe ĶEKAVA Kuldīga Līvāni", "Kuldīga ĶEKAVA Līvāni Zilupe Žīguri"),
        ("12.vidusskola 3.vidusskola 3.pamatskola", "3.pamatskola 3.vidusskola 12.vidusskola"),
        ("Zz Éz Ez Ēz", "Ez Éz Ēz Zz"),
        ("Рига Žž Aa -b", "-b Aa Žž Рига"),
    ],
)
def test_texts_are_sorted_by_the_latvian_alphabet(given: str, sorted_: str):
    assert sorted(given.split(), key=alphabetical) == sorted_.split()


def test_a_number_of_any_length_can_be_sorted():
    assert alphabetical("9" * 5000) > alphabetical("1")


def test_figures_days_and_texts_are_sorted_by_value_and_empty_cells_come_last(table: Any):
    def cell(value: object, text: str) -> GridCell:
        return GridCell(text, value=value)

    values = [
        ("c", cell(1000, "10,00")), ("a", cell(999, "9,99")), ("empty", cell(None, "")),
        ("d", cell(Decimal("1000.5"), "10,01")), ("text", cell("x", "x")),
        ("day", cell(date(2022, 9, 1), "01.09.2022.")), ("b", cell(999.5, "9,99½")),
    ]  # fmt: skip
    browser = table(*(row(name, name, money=value) for name, value in values), row("none", "none"))

    browser.say(type="sort", name="money")
    assert browser.shown() == ["a", "b", "c", "d", "day", "text", "empty", "none"]

    browser.say(type="sort", name="money")
    assert browser.shown() == ["text", "day", "d", "c", "b", "a", "empty", "none"]
    assert browser.grid.view["order"] == {"name": "money", "descending": True}

    browser.say(type="sort", name="money")
    assert browser.shown()[:2] == ["c", "a"], "the third time gives back the first order"
    assert browser.grid.view["order"] is None


FAMILY = [
    row("l", "Ludza", 75, "open"), row("l1", "Ludzas vidusskola", 22, "sub"),
    row("l2", "Kārsavas vidusskola", 53, "sub"), row("b", "Balvi", 5), row("z", "Žīguri", 100),
]  # fmt: skip


def test_sub_rows_stay_below_their_row(table: Any):
    browser = table(*FAMILY)

    browser.say(type="sort", name="name")
    assert browser.shown() == [
        "Balvi", "Ludza", "Ludzas vidusskola", "Kārsavas vidusskola", "Žīguri",
    ]  # fmt: skip

    browser.say(type="sort", name="plans")
    browser.say(type="sort", name="plans")
    assert browser.shown()[:3] == ["Žīguri", "Ludza", "Ludzas vidusskola"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("zigur", ["Žīguri"]),
        ("ŽĪGURI", ["Žīguri"]),
        ("karsava", ["Ludza", "Kārsavas vidusskola"]),  # a sub row brings its row
        ("ludza karsava", ["Ludza", "Kārsavas vidusskola"]),
        ("ludza", ["Ludza", "Ludzas vidusskola", "Kārsavas vidusskola"]),
        ("nav tāda", []),
        ("  ", ["Ludza", "Ludzas vidusskola", "Kārsavas vidusskola", "Balvi", "Žīguri"]),
    ],
)
def test_rows_are_found_without_case_and_diacritics(table: Any, query: str, found: list[str]):
    browser = table(*FAMILY)

    browser.say(type="filter", text=query)

    assert browser.shown() == found


def test_an_amount_is_found_with_and_without_its_space(table: Any):
    browser = table(
        row("a", "A", money=GridCell("19\u00a0986,50")),
        row("b", "B", money=GridCell("−1137,50", small="Šķūņu iela")),
    )
    hits = {}
    for query in ("19986,5", "19 986", "-1137", "skunu"):
        browser.say(type="filter", text=query)
        hits[query] = browser.shown()

    assert hits == {"19986,5": ["A"], "19 986": ["A"], "-1137": ["B"], "skunu": ["B"]}
    assert plain("Šķūņu") == "skunu"


def test_pages_are_counted_and_keep_groups_whole(table: Any):
    rows = [row(str(n), f"r{n}", n) for n in range(5)]
    rows.insert(2, row("sub", "sub", tone="sub"))
    browser = table(*rows, page_rows=2)

    assert (browser.shown(), browser.grid.view["shown"]) == (["r0"], "1–1 no 6")
    browser.say(type="page", page=1)
    assert (browser.shown(), browser.grid.view["shown"]) == (["r1", "sub"], "2–3 no 6")
    browser.say(type="page", page=99)
    assert (browser.shown(), browser.grid.view["shown"]) == (["r4"], "6–6 no 6")
    browser.say(type="page", page=-1)
    assert browser.grid.view["page"] == 0
    browser.say(type="page", page=2)
    browser.say(type="filter", text="r")
    assert browser.grid.view["page"] == 0, "another search begins on the first page"


def test_new_rows_keep_order_search_and_page(table: Any):
    browser = table(*(row(str(n), f"r{n}", n) for n in range(20)), page_rows=3)
    browser.say(type="sort", name="plans")
    browser.say(type="sort", name="plans")
    browser.say(type="filter", text="1")
    browser.say(type="page", page=1)

    browser.grid.show([row(str(n), f"r{n}", n) for n in range(30)])

    assert browser.shown() == ["r17", "r16", "r15"]
    assert browser.grid.view["found"] == "Atrasts: 12 no 30"


def test_the_search_is_offered_when_rows_are_many_and_never_taken_away_while_used(table: Any):
    browser = table(*(row(str(n), f"r{n}") for n in range(11)))
    assert browser.grid.view["search"] is True
    browser.say(type="filter", text="r1")
    browser.grid.show([row("1", "r1")])
    assert browser.grid.view["search"] is True
    browser.grid.filter("")
    assert browser.grid.view["search"] is False


def test_two_rows_of_one_key_are_refused(table: Any):
    with pytest.raises(ValueError, match="one key"):
        table(row("a", "A"), row("a", "B"))


@pytest.mark.parametrize(
    "column",
    [
        {"kind": "tag", "editable": True},
        {"opens": True, "editable": True},
        {"kind": "choice", "editable": True},
        {"choices": (("a", "A"),), "editable": True},
    ],
)
def test_a_column_that_contradicts_itself_is_refused(column: dict[str, Any]):
    with pytest.raises(ValueError, match="column"):
        GridColumn("name", "Nosaukums", **column)


# -- edits -----------------------------------------------------------------------------------


def test_an_edit_is_answered_by_the_page_and_only_its_cell_is_sent(table: Any):
    browser = table(*FAMILY)
    browser.edit("b", "plans", " 007 ")

    assert browser.sent == [
        {"type": "mark", "cells": [{"key": "b", "name": "plans", "cell": {"text": "7"}}]}
    ]
    assert browser.shown(1) == ["75", "22", "53", "7", "100"]


def test_an_error_keeps_what_was_typed_and_what_it_is_sorted_by(table: Any):
    browser = table(*FAMILY)
    browser.edit("b", "plans", "2,5")

    cell = {"text": "2,5", "error": "“2,5” nav vesels skaitlis."}
    assert browser.sent[0]["cells"][0]["cell"] == cell
    browser.say(type="sort", name="plans")
    assert browser.shown(1) == ["2,5", "75", "22", "53", "100"]


def test_a_browser_that_comes_back_gets_all_that_was_typed(table: Any):
    browser = table(*FAMILY)
    browser.edit("b", "plans", "2,5")
    browser.edit("z", "plans", "8")

    state = json.loads(json.dumps(browser.grid.get_state()["view"]))

    cells = {line["key"]: line["cells"][1] for line in state["rows"]}
    assert cells["b"]["text"] == "2,5"
    assert cells["b"]["error"]
    assert cells["z"] == {"text": "8"}


def test_an_edit_does_not_move_its_row(table: Any):
    browser = table(*FAMILY)
    browser.say(type="sort", name="plans")
    browser.edit("b", "plans", "999")

    assert browser.shown()[0] == "Balvi"


def test_several_cells_are_answered_at_once(table: Any):
    browser = table(*FAMILY)
    browser.say(type="edit", cells=[["b", "plans", "1"], ["z", "plans", "x"], ["z", "name", "y"]])

    (answer,) = browser.sent
    assert [(mark["key"], mark["cell"]["text"]) for mark in answer["cells"]] == [
        ("b", "1"), ("z", "x"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "cell"),
    [
        ("e", {"text": "ekonomisks"}),
        ("Ekonomisks ", {"text": "ekonomisks"}),  # pasted as it is shown
        ("cits", {"text": "cits", "error": "Izvēlieties vērtību no saraksta."}),
    ],
)
def test_a_choice_is_a_code_or_its_word(table: Any, typed: str, cell: dict[str, str]):
    browser = table(row("a", "A", kind=GridCell("konsultatīvs", value="c")))
    browser.edit("a", "kind", typed)

    assert browser.sent[0]["cells"][0]["cell"] == cell


def test_a_page_may_show_new_rows_while_it_judges(table: Any):
    grid: list[Grid] = []

    def judge(key: str, name: str, typed: str) -> GridCell:
        grid[0].show([row("b", "Balvi pēc labojuma", 5)])
        return whole(key, name, typed)

    browser = table(*FAMILY, on_edit=judge)
    grid.append(browser.grid)
    browser.say(type="edit", cells=[["b", "plans", "8"], ["z", "plans", "9"]])

    assert browser.shown() == ["Balvi pēc labojuma"]
    assert browser.shown(1) == ["8"]
    assert [mark["key"] for mark in browser.sent[0]["cells"]] == ["b"]


def test_an_error_of_ours_is_its_sentence(table: Any):
    def judge(*_: str) -> GridCell:
        raise UsageError("error.semester", text="x")

    browser = table(*FAMILY, on_edit=judge)
    browser.edit("b", "plans", "3")

    cell = browser.sent[0]["cells"][0]["cell"]
    assert cell == {"text": "3", "error": UsageError("error.semester", text="x").sentence("lv")}


def test_a_fault_is_a_number_to_quote_and_no_detail(
    table: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("GRANTS_HOME", str(tmp_path))

    def fails(*_: str) -> GridCell:
        raise RuntimeError("secret")

    browser = table(*FAMILY, on_edit=fails, on_open=fails)
    browser.edit("b", "plans", "3")
    browser.say(type="open", key="b", name="name")

    marked, said = browser.sent
    assert "secret" not in str(browser.sent)
    assert "secret" in (tmp_path / "errors.log").read_text()
    assert said["type"] == "say"
    assert marked["cells"][0]["cell"]["text"] == "3"


def test_mark_changes_a_cell_of_the_rows_and_of_the_total(table: Any):
    browser = table(*FAMILY, total=row("total", "Kopā", 180))
    browser.grid.mark("b", "plans", "6", "Par daudz.")
    browser.grid.mark("total", "plans", "181")
    browser.grid.mark("nobody", "plans", "1")
    browser.grid.mark("b", "no column", "1")

    assert browser.grid.view["rows"][3]["cells"][1] == {"text": "6", "error": "Par daudz."}
    assert browser.grid.view["total"]["cells"][1] == {"text": "181"}
    assert len(browser.sent) == 2
    browser.edit("b", "plans", "6")
    assert "error" not in browser.grid.view["rows"][3]["cells"][1]


# -- what must not be believed -----------------------------------------------------------------

GOOD = {"type": "edit", "cells": [["b", "plans", "1"]]}


@pytest.mark.parametrize(
    "message",
    [
        None, [], "edit", 7, {}, {"type": None}, {"type": "drop"}, {"type": ["edit"]},
        {"type": "edit"}, {"type": "edit", "cells": {}}, {"type": "edit", "cells": [None]},
        {"type": "edit", "cells": [["b", "plans"]]},
        {"type": "edit", "cells": [["b", "plans", 1]]},
        {"type": "edit", "cells": [["b", "plans", None]]},
        {"type": "edit", "cells": [[["b"], "plans", "1"]]},
        {"type": "edit", "cells": [["b", "plans", "1", "2"]]},
        {"type": "edit", "cells": [["nobody", "plans", "1"]]},
        {"type": "edit", "cells": [["b", "nothing", "1"]]},
        {"type": "edit", "cells": [["b", "name", "1"]]},  # a column to read
        {"type": "edit", "cells": [["b", "kind", "c"]]},  # a row without this cell
        {"type": "edit", "cells": [["total", "plans", "1"]]},
        {"type": "edit", "cells": [["b", "plans", "1" * 10_001]]},
        {"type": "edit", "cells": [["b", "plans", "\ud800"]]},
        {"type": "open", "key": "b", "name": "plans"}, {"type": "open", "key": "x", "name": "name"},
        {"type": "open", "key": "total", "name": "name"}, {"type": "open", "key": 1, "name": None},
        {"type": "open", "key": "closed", "name": "name"},
        {"type": "sort", "name": "nothing"}, {"type": "sort", "name": {}}, {"type": "sort"},
        {"type": "filter", "text": None}, {"type": "filter", "text": "a" * 10_001},
        {"type": "filter", "text": "\udfff"},
        {"type": "page", "page": "1"}, {"type": "page", "page": True},
        {"type": "page", "page": 1.5}, {"type": "page"},
    ],
    ids=str,
)  # fmt: skip
def test_a_message_that_does_not_fit_is_ignored(table: Any, message: Any):
    heard: list[Any] = []
    closed = GridRow("closed", {"name": GridCell("C")})
    browser = table(
        *FAMILY, closed, total=row("total", "Kopā", 1), on_open=lambda *asked: heard.append(asked),
        on_edit=lambda *asked: heard.append(asked) or GridCell(""), page_rows=2,
    )  # fmt: skip
    before = json.dumps(browser.grid.view)

    browser.grid._handle_custom_msg(message, [])

    assert heard == []
    assert browser.sent == []
    assert json.dumps(browser.grid.view) == before


def test_a_table_to_read_takes_no_edit(table: Any):
    for options in ({"read_only": True}, {"on_edit": None}):
        browser = table(*FAMILY, **options)
        browser.grid._handle_custom_msg(GOOD, [])
        assert browser.shown(1)[3] == "5"
        assert browser.grid.view["read_only"] is True


def test_the_browser_cannot_set_what_is_shown(table: Any):
    browser = table(*FAMILY)
    before = json.dumps(browser.grid.view)
    message = {"method": "update", "state": {"view": {"rows": []}, "_esm": "evil"}}

    browser.grid._handle_msg({"content": {"data": message}, "buffers": []})

    assert json.dumps(browser.grid.view) == before
    assert browser.grid._esm != "evil"


def test_what_is_opened_is_heard(table: Any):
    heard: list[Any] = []
    browser = table(*FAMILY, on_open=lambda *asked: heard.append(asked))
    browser.say(type="open", key="l1", name="name")

    assert heard == [("l1", "name")]


def test_words_come_in_both_languages_and_the_browser_fills_its_gaps():
    latvian = Grid("Iestādes", COLUMNS, lang="lv").view["words"]
    english = Grid("Schools", COLUMNS, lang="en").view["words"]

    assert latvian["search"] == "Meklēt tabulā"
    assert english["sorted_up"] == "{title}: sorted ascending"
    assert latvian.keys() == english.keys()
