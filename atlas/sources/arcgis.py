"""Read layers of ArcGIS FeatureServers, page by page, as the ONS Open Geography portal serves them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import geopandas as gpd
import pandas as pd
import requests
from urllib3.exceptions import NewConnectionError

from atlas.errors import DataError, Fault, UnavailableError
from atlas.geo.crs import WGS84

PAGE_ROWS: Final = 2_000
"""Rows asked for at a time; a service may give fewer."""

ATTEMPTS: Final = 4
"""Times that a page is asked for before giving up."""

PASSING: Final = (429, 500, 502, 503, 504)
"""HTTP statuses that may pass."""


class _PassingError(Exception):
    """A failure that may pass: worth asking again."""


@dataclass(frozen=True, slots=True)
class Service:
    """How to ask one layer.

    Parameters
    ----------
    address : str
        Its query address, ending in ``/FeatureServer/N/query``.
    where : str
        Which rows, in SQL.
    fields : sequence of str
        Which columns; ``("*",)`` is all.
    geometry : bool
        Whether to ask for shapes.
    timeout_s : float
        Seconds to wait for an answer.
    wait : callable
        Waits between attempts; takes seconds.
    """

    address: str
    where: str = "1=1"
    fields: Sequence[str] = ("*",)
    geometry: bool = True
    timeout_s: float = 30.0
    wait: Callable[[float], None] = time.sleep


def read_layer(service: Service, progress: Callable[[int, int], None] | None = None) -> list[dict[str, Any]]:
    """Read every row of a layer as GeoJSON features, in the order of their object ids.

    Parameters
    ----------
    service : Service
        What to ask.
    progress : callable, optional
        Told rows read and rows there are, after each page.

    Returns
    -------
    list of dict
        GeoJSON features, longitude and latitude (EPSG:4326).

    Raises
    ------
    UnavailableError
        If the service does not answer, or answers with an error, `ATTEMPTS` times over.
    DataError
        If it gives another number of rows than it counts, or a row twice.
    """
    with requests.Session() as session:
        key = _object_id(session, service)
        count = _count(session, service)
        features: list[dict[str, Any]] = []
        more = True
        while more and len(features) <= count:
            page, more = _page(session, service, key, len(features))
            features += page
            if progress is not None:
                progress(len(features), count)
    _check_whole(service, features, key, count)
    return features


def to_areas(features: Sequence[dict[str, Any]]) -> gpd.GeoDataFrame:
    """Turn features into a frame of shapes, EPSG:4326; a feature without one has None."""
    return gpd.GeoDataFrame.from_features(features, crs=WGS84)


def to_table(features: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Turn features into a frame of their columns, without shapes."""
    return pd.DataFrame([feature["properties"] for feature in features])


def _object_id(session: requests.Session, service: Service) -> str:
    layer = service.address.removesuffix("/query")
    return str(_ask(session, service, layer, {}).get("objectIdField") or "OBJECTID")


def _count(session: requests.Session, service: Service) -> int:
    answer = _ask(session, service, service.address, {"where": service.where, "returnCountOnly": "true"})
    count = answer.get("count")
    if not isinstance(count, int):
        raise UnavailableError(f"{service.address} does not say how many rows it has, but {answer!r:.200}")
    return count


def _page(session: requests.Session, service: Service, key: str, offset: int) -> tuple[list[dict[str, Any]], bool]:
    """Return the page of features from `offset`, and whether more follow."""
    fields = service.fields if "*" in service.fields else (key, *(name for name in service.fields if name != key))
    question = {
        "where": service.where,
        "outFields": ",".join(fields),
        "returnGeometry": str(service.geometry).lower(),
        "outSR": "4326",
        # Without an order, a service may give rows twice and leave others out.
        "orderByFields": key,
        "resultOffset": str(offset),
        "resultRecordCount": str(PAGE_ROWS),
    }
    answer = _ask(session, service, service.address, question, form="geojson", holds="features")
    page: list[dict[str, Any]] = answer["features"]
    properties = answer.get("properties")
    exceeded = answer.get("exceededTransferLimit") or (
        isinstance(properties, dict) and properties.get("exceededTransferLimit")
    )
    return page, bool(page) and (bool(exceeded) or len(page) >= PAGE_ROWS)


def _ask(
    session: requests.Session,
    service: Service,
    address: str,
    question: dict[str, str],
    form: str = "json",
    holds: str | None = None,
) -> dict[str, Any]:
    """Ask until there is an answer, `ATTEMPTS` times at most."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _ask_once(session, address, {**question, "f": form}, service.timeout_s, holds)
        except _PassingError as error:
            if attempt == ATTEMPTS:
                message = f"{urlsplit(address).netloc} failed {ATTEMPTS} times, the last time so: {error} ({address})"
                raise UnavailableError(message) from None
            service.wait(2.0 ** (attempt - 1))
    raise AssertionError


def _ask_once(
    session: requests.Session, address: str, question: dict[str, str], timeout_s: float, holds: str | None
) -> dict[str, Any]:
    response = _send(session, address, question, timeout_s)
    host = urlsplit(address).netloc
    if not response.ok:
        problem, code = f"HTTP {response.status_code} {response.reason}", response.status_code
    else:
        try:
            answer = response.json()
        except requests.JSONDecodeError:
            raise _PassingError("the answer is cut short, or is not JSON") from None
        if not isinstance(answer, dict):
            raise _PassingError("the answer is not an object")
        if "error" not in answer:
            if holds is not None and not isinstance(answer.get(holds), list):
                raise _PassingError(f"the answer has no {holds}")
            return answer
        # ArcGIS reports its errors under HTTP 200.
        reason = answer["error"] if isinstance(answer["error"], dict) else {}
        problem, code = f"error {reason.get('code')}: {reason.get('message')}", reason.get("code", 0)
    if code in PASSING:
        raise _PassingError(problem)
    raise UnavailableError(f"{host} refuses: {problem} ({address})")


def _send(session: requests.Session, address: str, question: dict[str, str], timeout_s: float) -> requests.Response:
    try:
        # POST, for a condition may be longer than an address can be.
        return session.post(address, data=question, timeout=timeout_s)
    except requests.RequestException as error:
        if is_unreachable(error):
            raise UnavailableError(f"{urlsplit(address).netloc} cannot be reached ({address})") from None
        raise _PassingError(f"the connection broke ({type(error).__name__})") from None


def is_unreachable(error: requests.RequestException) -> bool:
    """Tell a host that is not there, or a machine that is offline, from a connection that broke."""
    if isinstance(error, (requests.ConnectTimeout, requests.exceptions.ProxyError)):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, NewConnectionError)


def _check_whole(service: Service, features: Sequence[dict[str, Any]], key: str, count: int) -> None:
    file = service.address
    faults = []
    if len(features) != count:
        faults.append(Fault(file, "rows are missing or too many", f"{count:,} rows, as it counts", value=len(features)))
    ids = [feature.get("properties", {}).get(key) for feature in features]
    twice = len(ids) - len(set(ids))
    if twice:
        faults.append(Fault(file, "rows are there twice", "each object id once", column=key, value=twice))
    if faults:
        raise DataError("the service gave a broken layer", faults)
