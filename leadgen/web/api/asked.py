"""What a system may ask, and how it is told what is wrong with it: 422, by name."""

import re
from datetime import date, timedelta
from typing import Annotated, Any, TypeVar

from flask import Response, request
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from leadgen.web.problems import write_problem

LARGEST_PAGE = 200
USUAL_PAGE = 100
LONGEST_CURSOR = 200
MOST_DAYS = 31
FIRST_YEAR, LAST_YEAR = 2000, 2999
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NUMBER = re.compile(r"-?[0-9]{1,6}")

Asked = TypeVar("Asked", bound=BaseModel)


def _read_number(value: object) -> object:
    if isinstance(value, str) and not NUMBER.fullmatch(value):
        raise ValueError("give a whole number")
    return value


def _read_day(value: object) -> object:
    if isinstance(value, str) and not DAY.fullmatch(value):
        raise ValueError("give a day like 2026-11-25")
    return value


def _check_year(value: date) -> date:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"give a day from {FIRST_YEAR} to {LAST_YEAR}")
    return value


# an id of ours is plain: what else is asked for, as a NUL that PostgreSQL refuses, is nobody's
Cursor = Annotated[str, Field(min_length=1, max_length=LONGEST_CURSOR, pattern=r"^[!-~]+$")]
Day = Annotated[date, BeforeValidator(_read_day), AfterValidator(_check_year)]


class AskedPage(BaseModel):
    """A page of the feed."""

    model_config = ConfigDict(extra="forbid")

    after: Annotated[
        Cursor | None, Field(description="The id of the last item that you have; left out: from the beginning")
    ] = None
    limit: Annotated[
        int, Field(ge=1, le=LARGEST_PAGE, description="How many items at most"), BeforeValidator(_read_number)
    ] = USUAL_PAGE


class AskedDays(BaseModel):
    """Days by the school's own clock."""

    model_config = ConfigDict(extra="forbid")

    first: Annotated[Day, Field(alias="from", description="The first day")]
    last: Annotated[Day, Field(alias="to", description=f"The last day, at most {MOST_DAYS} days in all")]

    @model_validator(mode="after")
    def _check_length(self) -> "AskedDays":
        if not timedelta(0) <= self.last - self.first < timedelta(days=MOST_DAYS):
            raise ValueError(f"ask for 1 to {MOST_DAYS} days, the first one first")
        return self


class AskedAcknowledgement(BaseModel):
    """Up to which item the system has everything."""

    model_config = ConfigDict(extra="forbid", strict=True)

    through: Annotated[Cursor, Field(description="The id of the last item that you have kept safely")]


def read_query(kind: type[Asked]) -> Asked | Response:
    """The query of this request in its form, or the answer that says what is wrong with it."""
    twice = [name for name, values in request.args.lists() if len(values) > 1]
    if twice:
        return refuse([{"name": name, "detail": "give it once"} for name in twice])
    return _read(kind, request.args.to_dict())


def read_body(kind: type[Asked]) -> Asked | Response:
    """The JSON of this request in its form, or the answer that says what is wrong with it."""
    return _read(kind, request.get_json())


def refuse(errors: list[dict[str, str]]) -> Response:
    """422: each thing that is wrong, with its name."""
    return write_problem(422, "; ".join(f"{each['name']}: {each['detail']}" for each in errors), errors=errors)


def _read(kind: type[Asked], given: Any) -> Asked | Response:
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        return refuse([_describe(each) for each in found])


def _describe(error: Any) -> dict[str, str]:
    name = ".".join(map(str, error["loc"])) or "request"
    return {"name": name, "detail": error["msg"].removeprefix("Value error, ")}
