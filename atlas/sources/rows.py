"""One row of a partnership table as a record, and what is wrong with it in words."""

from __future__ import annotations

from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from atlas.errors import Faults
from atlas.records import GSS_CODE, NODE_ID, PARTIAL_DATE, POSTCODE, Record

_EXAMPLES: Final = {
    NODE_ID.pattern: "institution:barts-health or network:we-make-camden",
    PARTIAL_DATE.pattern: "2026, 2026-10 or 2026-10-31",
    GSS_CODE.pattern: "E09000028",
    POSTCODE.pattern: "SE1 2QH",
}


def header_fits(file: str, header: tuple[str, ...], record: type[Record], faults: Faults) -> bool:
    """Collect columns that are missing or unknown; True where there are none."""
    fields = record.model_fields
    expected = f"columns {', '.join(record.columns())}"
    missing = [name for name in fields if fields[name].is_required() and name not in header]
    unknown = [name for name in header if name and name not in fields]
    for name in missing:
        faults.add(file, "missing column", expected, row=1, column=name)
    for name in unknown:
        faults.add(file, "unknown column", expected, row=1, column=name)
    return not missing and not unknown


def read_row(file: str, row: int, cells: dict[str, str], record: type[Record], faults: Faults) -> Record | None:
    """Make a record of a row's cells; None where a fault was added for each cell, or pair of cells, that is wrong."""
    given = {name: value for name, value in cells.items() if value.strip()}
    try:
        return record.model_validate(given)
    except ValidationError as error:
        for fault in error.errors():
            column = str(fault["loc"][0]) if fault["loc"] else None
            value = cells.get(column, "") if column else None
            faults.add(file, _problem(fault), _expected(fault, record), row=row, column=column, value=value)
        return None


def _problem(fault: ErrorDetails) -> str:
    if fault["type"] == "missing":
        return "empty cell"
    if fault["type"] == "value_error":
        return fault["msg"].removeprefix("Value error, ")
    return "wrong value"


def _expected(fault: ErrorDetails, record: type[Record]) -> str:
    context = fault.get("ctx", {})
    if "expected" in context:
        return f"one of {context['expected']}"
    if "pattern" in context:
        example = _EXAMPLES.get(context["pattern"])
        return f"{_meaning(fault, record)}, {f'such as {example}' if example else 'like ' + context['pattern']}"
    if fault["type"] == "value_error":
        return _meaning(fault, record) if fault["loc"] else "a row whose cells agree"
    if fault["type"].startswith("bool_"):
        return f"{_meaning(fault, record)}, true or false"
    if fault["type"].startswith("date_"):
        return f"{_meaning(fault, record)}, a day such as 2026-10-31"
    return f"{_meaning(fault, record)} ({fault['msg'].lower()})"


def _meaning(fault: ErrorDetails, record: type[Record]) -> str:
    field = record.model_fields.get(str(fault["loc"][0])) if fault["loc"] else None
    return (field.description if field else None) or "a value that fits"
