"""The reform of 2021 in the store: unspent money and quotas come back, successions are checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.store.material import START, anna, at
from toolkit import config
from toolkit.cli.app import grants
from toolkit.errors import InputError
from toolkit.services import demo, stored
from toolkit.services.importing import prepare, store_import
from toolkit.services.inputs import read_inputs
from toolkit.store.connect import Database
from toolkit.store.tables import STORED

SAMPLE = config.shipped("data/sample/reform-2021")


@pytest.fixture
def reform(url: str) -> Database:
    """A store with the sample of the reform."""
    database = stored.init(demo.PEOPLE, START)
    store_import(database, anna(database), prepare(database, SAMPLE), at(1))
    return database


@pytest.mark.parametrize("table", ["unspent", "quotas", "successions"])
def test_a_table_comes_back_as_it_was_read(reform: Database, table: str):
    key = list(STORED[table].key)
    file = read_inputs(SAMPLE).frames[table]

    kept = stored.stored_inputs(reform).frames[table]

    assert kept.sort(key).equals(file.select(kept.columns).sort(key))


def test_the_command_works_on_the_store(reform: Database, capsys: pytest.CaptureFixture[str]):
    arguments = ["successions", "--on", "2021-07-01", "--format", "csv"]

    code = grants.main(args=arguments, standalone_mode=False)

    assert code == 0
    assert "unspent,2020/2021-2,RUGAJI,BALVI,412.35,412.35,0.00" in capsys.readouterr().out


def test_a_succession_is_judged_by_the_registers_of_the_store(reform: Database, tmp_path: Path):
    head = "kind,predecessor,successor,effective_on,document"
    rows = ["merge,RUGAJI,BALVI,2021-07-01,", "merge,BALVI,NOWHERE,2022-07-01,"]
    (tmp_path / "successions.csv").write_text("\n".join([head, *rows]), "utf-8")

    with pytest.raises(InputError) as error:
        prepare(reform, tmp_path / "successions.csv", keep=True)

    assert [(f.rule, f.value) for f in error.value.findings] == [
        ("successions.unknown_party", "NOWHERE")
    ]


def test_unspent_money_of_one_semester_leaves_that_of_others(reform: Database, tmp_path: Path):
    file = tmp_path / "unspent.csv"
    file.write_text('partner,semester,unspent\nBALVI,2021/2022-1,"10,00"', "utf-8")

    (change,) = prepare(reform, file).changes

    assert (change.added.height, change.withdrawn.height) == (1, 0)
