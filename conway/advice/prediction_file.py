"""Write a prediction to a file, and read one back that anybody may have changed.

In:  a ``Prediction``, or the path of a file.
Out: the file; ``Prediction``, or one ``PredictionError`` with everything that is wrong.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

from conway.advice.prediction import Expected, ExpectedSaving, Made, Prediction
from conway.advice.quarterly import FIGURES
from conway.display import visible
from conway.errors import PredictionError, problems
from conway.figures import Figure, Interval, Unknown

LARGEST = 1 << 20
_MOST_FAULTS = 10
Text = Annotated[str, Field(max_length=4096)]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{0,64}$")]
Seconds = Annotated[int, Field(ge=-(2**40), le=2**40)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Interval(_Part):
    value: FiniteFloat
    low: FiniteFloat
    high: FiniteFloat
    level: Annotated[float, Field(gt=0, lt=1)]


class _Unknown(_Part):
    value: None
    reason: Text


_Figure = FiniteFloat | _Interval | _Unknown


class _Repository(_Part):
    name: Text
    tip: Text


class _Made(_Part):
    conway: Text
    repositories: Annotated[list[_Repository], Field(max_length=10_000)]
    config_hash: Hash
    settings_hash: Hash
    since: Seconds
    until: Seconds
    seed: int


class _Quarter(_Part):
    since: Seconds
    until: Seconds
    first_day: Text
    last_day: Text


class _TeamPair(_Part):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)
    source: Text = Field(alias="from")
    to: Text
    handoffs: _Figure


class _ServicePair(_Part):
    a: Text
    b: Text
    joint: _Figure


class _Move(_Part):
    title: Text
    saved_per_100: _Figure


class _File(_Part):
    """What the 13 weeks after a window were expected to be like (``conway predict``)."""

    schema_: Literal["conway.prediction/1"] = Field(alias="schema")
    made: _Made
    quarter: _Quarter
    figures: dict[Text, _Figure]
    team_pairs: Annotated[list[_TeamPair], Field(max_length=1000)]
    service_pairs: Annotated[list[_ServicePair], Field(max_length=1000)]
    moves: Annotated[list[_Move], Field(max_length=1000)]
    plan: _Figure
    plan_text: Annotated[str, Field(max_length=LARGEST)]
    notes: list[Text]


def prediction_schema() -> dict[str, object]:
    """Return the JSON Schema of a prediction's file."""
    schema = _File.model_json_schema(by_alias=True)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "prediction.json"}
    return {**schema, **head}


def write_prediction(prediction: Prediction, path: Path) -> None:
    """Write a prediction; one that was made is never changed.

    Raises
    ------
    PredictionError
        If the file exists with other content, or cannot be written.
    """
    text = json.dumps(prediction.to_json(), indent=1, allow_nan=False) + "\n"
    where = visible(str(path))
    try:
        if path.exists() and path.read_text(encoding="utf-8") != text:
            raise PredictionError(
                f"{where} exists and says something else; a prediction is not changed "
                "afterwards: name another file with -o"
            )
        path.write_text(text, encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        reason = getattr(fault, "strerror", None) or "it is not a prediction"
        raise PredictionError(f"{where} cannot be written: {reason}; name another file") from None


def read_prediction(path: str | Path) -> Prediction:
    """Read a prediction.

    Raises
    ------
    PredictionError
        If the file cannot be read, or is not a prediction; all faults at once.
    """
    file = Path(path)
    where = visible(str(file))
    try:
        if file.stat().st_size > LARGEST:
            raise PredictionError(f"{where}: larger than 1 MiB; name a prediction's file")
        content = json.loads(file.read_text(encoding="utf-8"))
    except OSError as fault:
        raise PredictionError(f"{where}: cannot be read ({fault.strerror})") from None
    except (ValueError, RecursionError):
        raise PredictionError(
            f"{where}: is not JSON; write a prediction with `conway predict`"
        ) from None
    try:
        found = _File.model_validate(content)
    except ValidationError as fault:
        raise PredictionError(problems(where, _faults(fault))) from None
    faults = _misfits(found)
    if faults:
        raise PredictionError(problems(where, faults))
    return _prediction(found)


def _faults(fault: ValidationError) -> list[str]:
    """Say what is wrong where, a few at most."""
    said = [
        f"{visible('.'.join(str(part) for part in one['loc'])) or 'the file'}: {one['msg']}"
        for one in fault.errors(include_url=False, include_input=False)
    ]
    said = list(dict.fromkeys(said))
    more = len(said) - _MOST_FAULTS
    return [*said[:_MOST_FAULTS], *([f"and {more} more"] if more > 0 else [])]


def _misfits(found: _File) -> list[str]:
    """Say what a prediction cannot be."""
    faults = (
        [] if found.quarter.since < found.quarter.until else ["quarter: since is not before until"]
    )
    if found.quarter.since != found.made.until:
        faults.append("quarter: does not begin where the window of 'made' ends")
    faults += [f"figures: '{visible(name)}' is not predicted; there are: {', '.join(FIGURES)}"
               for name in found.figures if name not in FIGURES]  # fmt: skip
    faults += [f"figures: '{name}' is missing" for name in FIGURES if name not in found.figures]
    intervals = [*found.figures.values(), *(one.handoffs for one in found.team_pairs),
                 *(one.joint for one in found.service_pairs),
                 *(one.saved_per_100 for one in found.moves), found.plan]  # fmt: skip
    if any(
        isinstance(one, _Interval) and not one.low <= one.value <= one.high for one in intervals
    ):
        faults.append("an interval does not hold its value")
    return faults


def _figure(found: _Figure) -> Figure:
    if isinstance(found, _Unknown):
        return Unknown(found.reason)
    if isinstance(found, _Interval):
        return Interval(found.value, found.low, found.high, found.level)
    return found


def _prediction(found: _File) -> Prediction:
    made = found.made
    return Prediction(
        made=Made(
            made.conway,
            tuple((one.name, one.tip) for one in made.repositories),
            made.config_hash,
            made.settings_hash,
            made.since,
            made.until,
            made.seed,
        ),
        since=found.quarter.since,
        until=found.quarter.until,
        figures={name: _figure(found.figures[name]) for name in FIGURES},
        team_pairs=tuple(Expected(o.source, o.to, _figure(o.handoffs)) for o in found.team_pairs),
        service_pairs=tuple(Expected(o.a, o.b, _figure(o.joint)) for o in found.service_pairs),
        moves=tuple(ExpectedSaving(o.title, _figure(o.saved_per_100)) for o in found.moves),
        plan=_figure(found.plan),
        plan_text=found.plan_text,
    )
