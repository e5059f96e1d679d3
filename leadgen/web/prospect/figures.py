"""Figures of a program as prospects read them: length and cost from the directory, pay from its source."""

from decimal import Decimal

from flask import Flask

from leadgen.directory.taught import Spread
from leadgen.guides.pay import Measure, Outlook, Pay
from leadgen.web.page import write_money, write_months
from leadgen.web.translate import gettext, lazy_gettext

MEASURES: dict[Measure, str] = {
    Measure.average: lazy_gettext("Average"),
    Measure.median: lazy_gettext("Median"),
}
PAY_LABELS: dict[Measure, str] = {
    Measure.average: lazy_gettext("Average pay"),
    Measure.median: lazy_gettext("Median pay"),
}


def register(app: Flask) -> None:
    """Give the templates the filters."""
    app.add_template_filter(write_length, "length_range")
    app.add_template_filter(write_cost, "cost_range")
    app.add_template_filter(write_pay, "pay_range")
    app.add_template_filter(write_outlook, "outlook")
    app.add_template_filter(lambda measure: str(MEASURES[measure]), "measure")
    app.add_template_filter(lambda measure: str(PAY_LABELS[measure]), "pay_label")


def write_length(months: Spread | None) -> str:
    """`6 to 24 months`; nothing where no offering says."""
    if months is None:
        return ""
    least, most = int(months.least), int(months.most)
    if least == most:
        return write_months(least)
    return gettext("%(least)s to %(most)s", least=least, most=gettext("%(months)s months", months=most))


def write_cost(cost: Spread | None) -> str:
    """`$900 to $18,400`; nothing where no offering says."""
    return _write_range(cost.least, cost.most) if cost else ""


def write_pay(pay: Pay | None) -> str:
    """The middle of each role, from the least to the most."""
    return _write_range(min(row.usd for row in pay.rows), max(row.usd for row in pay.rows)) if pay else ""


def write_outlook(outlook: Outlook | None) -> str:
    """`7 percent more from 2022 to 2032, faster than the average for all occupations`."""
    if outlook is None:
        return ""
    if outlook.percent is None:
        return gettext("up to %(until)s: %(words)s", until=outlook.until, words=outlook.words)
    facts = {"percent": outlook.percent, "since": outlook.since, "until": outlook.until, "words": outlook.words}
    return gettext("%(percent)s percent more from %(since)s to %(until)s: %(words)s", **facts)


def _write_range(least: Decimal | int, most: Decimal | int) -> str:
    if least == most:
        return write_money(least)
    return gettext("%(least)s to %(most)s", least=write_money(least), most=write_money(most))
