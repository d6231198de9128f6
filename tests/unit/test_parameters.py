from __future__ import annotations

from atlas.parameters import Parameters
from atlas.vocabulary import Sector


def test_the_same_sectors_in_any_order_are_the_same_choice() -> None:
    one = Parameters(sectors=(Sector.COUNCIL, Sector.HEALTH, Sector.COUNCIL))
    assert one == Parameters(sectors=(Sector.HEALTH, Sector.COUNCIL))
    assert one.sectors == (Sector.HEALTH, Sector.COUNCIL)
