from __future__ import annotations

from atlas.parameters import Parameters
from atlas.vocabulary import Sector


def test_the_same_sectors_in_any_order_are_the_same_choice() -> None:
    one = Parameters(sectors=(Sector.COUNCIL, Sector.HEALTH, Sector.COUNCIL))
    assert one == Parameters(sectors=(Sector.HEALTH, Sector.COUNCIL))
    assert one.sectors == (Sector.HEALTH, Sector.COUNCIL)


def test_the_same_numbers_are_the_same_choices() -> None:
    assert Parameters(measure="nearest", decay="step", capacity="institution") == Parameters(measure="nearest")
    assert Parameters(measure="2sfca", decay="power") == Parameters(measure="2sfca")
    assert Parameters(catchment_min=30, catchment_m=900) == Parameters(catchment_min=30)
    assert Parameters(decay="step") != Parameters()
