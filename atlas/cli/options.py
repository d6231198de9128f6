"""The options by which a reader chooses how a gap is measured, shared by the commands that measure."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from atlas.cli.output import complain, drawn, settings
from atlas.errors import QueryError
from atlas.parameters import DEFAULT_SECTORS, MAX_CATCHMENT_M, MIN_CATCHMENT_M, OFFICIAL_WEIGHTS, Parameters
from atlas.vocabulary import WEIGHTED_DOMAINS, AccessMeasure, CapacityRule, Decay, NeedDomain, Release, Sector

ReleaseOption = Annotated[Release | None, typer.Option(help="Where need comes from; default: the best that is here.")]
DomainOption = Annotated[NeedDomain, typer.Option(help="Which measure of need.")]
WeightsOption = Annotated[
    str | None,
    typer.Option(
        help=f"Per cent of each of the seven domains, separated by commas, in the order {', '.join(WEIGHTED_DOMAINS)}; "
        f"default: {','.join(f'{weight:g}' for weight in OFFICIAL_WEIGHTS.values())}."
    ),
]
LeaveOutOption = Annotated[
    NeedDomain | None, typer.Option(help="Domain to leave out of the overall index; the others are scaled up.")
]
MeasureOption = Annotated[AccessMeasure, typer.Option(help="How access is measured.")]
CatchmentOption = Annotated[
    float,
    typer.Option(help=f"Straight-line reach of an anchor, {MIN_CATCHMENT_M:.0f} to {MAX_CATCHMENT_M:.0f} metres."),
]
MinutesOption = Annotated[
    float | None, typer.Option(help="Reach in minutes instead, over --travel-times (or ATLAS_TRAVEL_TIMES).")
]
TravelTimesOption = Annotated[
    Path | None, typer.Option(help="CSV or Parquet file: origin (LSOA), destination (site), minutes.")
]
DecayOption = Annotated[Decay, typer.Option(help="How reach fades with distance inside the catchment.")]
SectorOption = Annotated[
    list[Sector] | None,
    typer.Option(help=f"Sector whose sites count; repeat for several. Default: {', '.join(DEFAULT_SECTORS)}."),
]
CapacityOption = Annotated[CapacityRule, typer.Option(help="What one site weighs as supply.")]
DrawsOption = Annotated[int, typer.Option(help="Other ways of measuring that are tried, a power of two.")]
SeedOption = Annotated[int, typer.Option(min=0, help="Where the draws start.")]


class Choices:
    """What a reader chose on the command line.

    Parameters
    ----------
    release : Release or None
        Where need comes from.
    parameters : Parameters
        How a gap is measured.
    travel_times : Path or None
        File of travel times.
    """

    def __init__(self, release: Release | None, parameters: Parameters, travel_times: Path | None) -> None:
        self.release, self.parameters, self.travel_times = release, parameters, travel_times

    def settings(self) -> Any:
        """The settings of the environment, with the file of travel times that was given."""
        found = settings()
        return found.model_copy(update={"travel_times": self.travel_times}) if self.travel_times else found

    def load(self) -> Any:
        """The atlas under these choices; draws its progress, and says every warning."""
        from atlas import pipeline

        with drawn("trying other ways of measuring") as progress:
            atlas = pipeline.load(self.settings(), self.release, self.parameters, counted=progress)
        complain(atlas.inputs.warnings)
        return atlas

    def assured(self, atlas: Any) -> Any:
        """The same atlas with the tests and checks that take longer."""
        from atlas import pipeline

        with drawn("tests and checks") as progress:
            return pipeline.assured(atlas, self.settings().workspace, progress)


def with_choices(*, without: str = "") -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options by which a reader chooses; it takes them as one argument, `choices`.

    Parameters
    ----------
    without : str, optional
        The one that the command asks for in its own way.
    """

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        own = inspect.signature(command, eval_str=True)
        offered = inspect.signature(_choices, eval_str=True).parameters
        shared = {name: parameter for name, parameter in offered.items() if name != without}
        kept = [parameter for name, parameter in own.parameters.items() if name != "choices"]

        def run(**given: Any) -> None:
            chosen = {name: given.pop(name) for name in shared}
            command(**given, choices=_choices(**chosen))

        merged = [*kept, *shared.values()]
        run.__signature__ = own.replace(parameters=merged)  # type: ignore[attr-defined]
        run.__annotations__ = {parameter.name: parameter.annotation for parameter in merged}
        run.__name__, run.__doc__ = command.__name__, command.__doc__
        return run

    return decorate


def _choices(
    *,
    release: ReleaseOption = None,
    domain: DomainOption = NeedDomain.OVERALL,
    weights: WeightsOption = None,
    leave_out: LeaveOutOption = None,
    measure: MeasureOption = AccessMeasure.E2SFCA,
    catchment: CatchmentOption = 4000.0,
    minutes: MinutesOption = None,
    travel_times: TravelTimesOption = None,
    decay: DecayOption = Decay.GAUSSIAN,
    sector: SectorOption = None,
    capacity: CapacityOption = CapacityRule.SITE,
    draws: DrawsOption = 1024,
    seed: SeedOption = 1,
) -> Choices:
    from atlas.gaps.need import without
    from atlas.parameters import read_parameters

    if travel_times is not None and minutes is None:
        raise QueryError("--travel-times needs --minutes: how many minutes an anchor reaches")
    given = read_weights(weights)
    if leave_out is not None:
        if given is not None:
            raise QueryError("give --weights or --leave-out, not both: weights may hold a 0")
        given = without(Parameters().domain_weights(), leave_out)
    parameters = read_parameters(
        need_domain=domain,
        weights=given,
        measure=measure,
        catchment_m=catchment,
        catchment_min=minutes,
        decay=decay,
        sectors=tuple(sector or DEFAULT_SECTORS),
        capacity=capacity,
        draws=draws,
        seed=seed,
    )
    return Choices(release, parameters, travel_times)


def read_weights(text: str | None) -> tuple[float, ...] | None:
    """Numbers separated by commas.

    Examples
    --------
    >>> read_weights("25,25,15,15,10,0,10")
    (25.0, 25.0, 15.0, 15.0, 10.0, 0.0, 10.0)
    """
    if text is None:
        return None
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError:
        raise QueryError(f"weights {text!r}: expected seven numbers separated by commas") from None
