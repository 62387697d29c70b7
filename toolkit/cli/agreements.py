"""`grants agreements`: the register on a day, one agreement with its versions; `grants due`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from toolkit import config
from toolkit.cli.options import (
    as_of_option,
    day,
    day_or_today,
    format_option,
    helped,
    inputs_of,
    programme_option,
    shape,
    source_option,
)
from toolkit.cli.say import language_or_default, print_rows, table
from toolkit.cli.store import person_option, reason_option
from toolkit.errors import UsageError
from toolkit.texts import text
from toolkit.texts.formats import day as day_words
from toolkit.texts.formats import due_subject, money, word

if TYPE_CHECKING:
    from toolkit.rules.amendments import Covered
    from toolkit.rules.obligations import Obligation
    from toolkit.services.agreements import AgreementOn
    from toolkit.services.inputs import Inputs

on_option = click.option("--on", default="", metavar="DAY", help=helped("on"))


@click.group(invoke_without_command=True, help=helped("agreements"))
@click.pass_context
@on_option
@click.option("--partner", default="", help=helped("agreements_partner"))
@source_option
@as_of_option
@format_option
def agreements(
    context: click.Context, on: str, partner: str, source: Path | None, as_of: str, format_: str
) -> None:
    """The register on a day."""
    if context.invoked_subcommand:
        context.obj = on
        return
    from toolkit.services.agreements import agreements_on

    wanted, lang, when = shape(format_), language_or_default(), day_or_today(on)
    rows = [
        [
            found.version.agreement, found.version.partner, found.partner,
            _day(found.version.signed_on, wanted, lang),
            _day(found.version.valid_from, wanted, lang),
            _day(found.version.ends_on, wanted, lang),
            word("agreement_status", found.status, lang) if wanted == "table" else found.status,
            found.version.number, found.institutions,
        ]
        for found in agreements_on(inputs_of(source, as_of), when, partner)
    ]  # fmt: skip
    columns = [
        "agreement", "party", "partner", "signed", "valid_from", "ends_on", "status", "version",
        "institutions",
    ]  # fmt: skip
    print_rows("cli.agreement", columns, rows, wanted)


@agreements.command(help=helped("agreements_show"))
@click.pass_context
@click.argument("number")
@on_option
@source_option
@as_of_option
def show(context: click.Context, number: str, on: str, source: Path | None, as_of: str) -> None:
    """One agreement: dates, coverage, strategic partners, versions with their annexes."""
    from toolkit.services.agreements import one_agreement

    # the day may stand on either side of `show`
    inputs, when = inputs_of(source, as_of), day_or_today(on or context.obj or "")
    found = one_agreement(inputs, number, when)
    _show_head(found, when, inputs)
    _show_coverage(found, inputs)
    _show_strategic(inputs, number)
    _show_versions(found)


@agreements.command(help=helped("agreements_amend"))
@click.argument("agreement")
@click.argument("number")
@click.option("--kind", required=True, help=helped("amend_kind"))
@click.option("--value", default="", help=helped("amend_value"))
@click.option("--signed", required=True, metavar="DAY", help=helped("amend_signed"))
@click.option("--effective", required=True, metavar="DAY", help=helped("amend_effective"))
@click.option("--cover", multiple=True, help=helped("amend_cover"))
@click.option("--note", default="", help=helped("amend_note"))
@reason_option
@person_option
def amend(
    agreement: str, number: str, kind: str, value: str, signed: str, effective: str,
    cover: tuple[str, ...], note: str, reason: str, person: str,
) -> None:  # fmt: skip
    """Enter an amendment; its annex is printed."""
    from toolkit.services import amending, annexes, people, stored

    entered = amending.Entered(
        agreement, number, kind, day(signed), day(effective), value, note,
        tuple(map(_cover, cover)),
    )  # fmt: skip
    database = stored.store()
    by = people.acting(database, person or config.person())
    for change in amending.amend(database, by, entered, stored.now(), reason):
        print(annexes.line(change, language_or_default()))


@agreements.command(help=helped("agreements_withdraw"))
@click.argument("agreement")
@click.option("--amendment", default="", metavar="NUMBER", help=helped("withdraw_amendment"))
@click.option("--reason", required=True, help=helped("reason"))
@person_option
def withdraw(agreement: str, amendment: str, reason: str, person: str) -> None:
    """Take back what was entered by mistake; what became of it is printed."""
    from toolkit.services import agreements_withdrawing, people, stored
    from toolkit.services.agreements import agreement_versions
    from toolkit.services.agreements_withdrawing import Taken

    database = stored.store()
    by = people.acting(database, person or config.person())
    seen = agreement_versions(stored.stored_inputs(database)).get(agreement, ())
    taken = Taken(agreement, seen, amendment)
    agreements_withdrawing.withdraw(database, by, taken, stored.now(), reason)
    key = f"agreements.withdrawn.{'amendment' if amendment else 'agreement'}"
    print(text(key, language_or_default(), agreement=agreement, number=amendment))


def _cover(written: str) -> Covered:
    """`INSTITUTION:FROM:TO:GRADES:DAY`; what stands after FROM may be left out."""
    from toolkit.grades import grades
    from toolkit.rules.amendments import Covered
    from toolkit.semester import Semester

    institution, first, last, names, starts = [*written.split(":"), *[""] * 5][:5]
    return Covered(
        institution, Semester.parse(first).code, Semester.parse(last).code if last else "",
        tuple(sorted(grades(names))) if names else (), day(starts) if starts else None,
    )  # fmt: skip


def _show_head(found: AgreementOn, when: date, inputs: Inputs) -> None:
    from toolkit.services.annexes import value
    from toolkit.services.plans import measure_names

    lang, version = language_or_default(), found.version
    names = dict(inputs.frames["partners"].select("partner", "name").iter_rows())
    party = f"{names.get(version.partner, version.partner)} ({version.partner})"
    if found.partner and found.partner != version.partner:
        party += f" → {names.get(found.partner, found.partner)} ({found.partner})"
    print(_say("title", agreement=version.agreement, party=party))
    status = word("agreement_status", found.status, lang)
    print(_say("status", day=day_words(when, lang), status=status))
    ends = day_words(version.ends_on, lang) if version.ends_on else "…"
    print(
        _say(
            "dates", signed=day_words(version.signed_on, lang),
            valid=day_words(version.valid_from, lang), ends=ends,
        )
    )  # fmt: skip
    print(_say("measures", measures=value("measures", version.measures, lang, measure_names(lang))))
    if version.amount_cents is not None:
        print(_say("amount", amount=money(version.amount_cents, lang)))


def _show_coverage(found: AgreementOn, inputs: Inputs) -> None:
    from toolkit.services.annexes import grades

    lang = language_or_default()
    names = dict(inputs.frames["institutions"].select("institution", "name").iter_rows())
    rows = [
        [c.institution, names.get(c.institution, ""), c.from_semester, c.to_semester or "…",
         grades(c.grades, lang), day_words(c.starts_on, lang) if c.starts_on else ""]
        for c in found.version.coverage
    ]  # fmt: skip
    columns = ("institution", "name", "from", "to", "grades", "starts_on")
    if rows:
        print("\n" + table([_say(f"coverage.{key}") for key in columns], rows))


def _show_strategic(inputs: Inputs, number: str) -> None:
    from toolkit.services.agreements import strategic_partners

    lang = language_or_default()
    rows = [
        [name, word("strategic", kind, lang), day_words(begins, lang),
         day_words(ends, lang) if ends else "…"]
        for name, kind, begins, ends in strategic_partners(inputs, number).iter_rows()
    ]  # fmt: skip
    if rows:
        columns = ("name", "kind", "from", "to")
        print("\n" + table([_say(f"strategic.{key}") for key in columns], rows))


def _show_versions(found: AgreementOn) -> None:
    from toolkit.services.annexes import annexes, line

    lang = language_or_default()
    for annex in annexes(found):
        made = annex.amendment
        signed, effective = (day_words(on, lang) for on in (made.signed_on, made.effective_on))
        print(
            "\n"
            + _say(
                "version", number=made.number, kind=word("amendment_kind", made.kind, lang),
                signed=signed, effective=effective,
            )
        )  # fmt: skip
        for change in annex.changes:
            print(f"  {line(change, lang)}")


@click.command(help=helped("due"))
@on_option
@click.option("--within", default=30, show_default=True, help=helped("due_within"))
@source_option
@as_of_option
@programme_option
@format_option
def due(
    on: str, within: int, source: Path | None, as_of: str, programme: str, format_: str
) -> None:
    """What is due soon or overdue."""
    from toolkit.services import obligations
    from toolkit.services.laws import DEFAULT_PROGRAMME, load_law

    if within < 0:
        raise UsageError("error.due.within")
    wanted, lang, when = shape(format_), language_or_default(), day_or_today(on)
    law = load_law(programme=programme or DEFAULT_PROGRAMME)
    closures = None if source else _closures(as_of)
    found = obligations.due_list(inputs_of(source, as_of), law, when, within, closures)
    rows = [
        [
            _day(obligation.due_on, wanted, lang),
            word("due_state", state, lang) if wanted == "table" else state,
            word("due_kind", obligation.kind, lang) if wanted == "table" else obligation.kind,
            obligation.agreement, obligation.partner, _subject(obligation, wanted, lang),
            _missing(obligation, when, wanted, lang),
        ]
        for obligation, state in found
    ]  # fmt: skip
    columns = ["due_on", "state", "kind", "agreement", "partner", "subject", "missing"]
    print_rows("cli.due", columns, rows, wanted)


def _closures(as_of: str) -> Any:
    from toolkit.services import closures, stored

    return closures.closures(stored.store(), stored.moment(as_of) if as_of else None)


def _subject(obligation: Obligation, format_: str, lang: str) -> str:
    """What it is about: a semester, an end, an amendment's number."""
    kind, subject = obligation.kind, obligation.subject
    return due_subject(kind, subject, lang) if format_ == "table" else subject


def _missing(obligation: Obligation, on: date, format_: str, lang: str) -> str:
    """Whose counts are missing: how many for people, their codes for programs."""
    missing = obligation.missing(on)
    if format_ != "table":
        return ", ".join(missing)
    asked = len(obligation.institutions)
    return text("due.missing", lang, missing=len(missing), asked=asked) if missing else ""


def _day(on: date | None, format_: str, lang: str) -> str:
    if on is None:
        return ""
    return day_words(on, lang) if format_ == "table" else on.isoformat()


def _say(key: str, **facts: object) -> str:
    return text(f"cli.agreements.{key}", language_or_default(), **facts)
