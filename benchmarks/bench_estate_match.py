"""One asset, several owners: by address 2 x 50,000, by outline 100,000 x 100,000, beside what one would do instead.

The assets and the true pairs are drawn from a seed (`estate_world.py`). The address peer compares all rows of each
postcode by rapidfuzz's `token_set_ratio` on whole addresses and takes the best of each row from 85; the polygon peers
are geopandas' `overlay` and its spatial join, which tells no area. ATLAS_BENCH_ROWS and ATLAS_BENCH_OUTLINES make them
smaller.
"""

from __future__ import annotations

import os
import time
from functools import cache
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from atlas.geo.estate.match import ACCEPT_SCORE, LIKELY_SCORE, propose
from benchmarks.estate_world import outlined, polygons, two_partners

ROWS = int(os.environ.get("ATLAS_BENCH_ROWS", "50000"))
OUTLINES = int(os.environ.get("ATLAS_BENCH_OUTLINES", "100000"))
SEED = 20261121
Pairs = set[tuple[str, str]]


@cache
def partners() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    return two_partners(ROWS, SEED)


@cache
def outlines() -> tuple[gpd.GeoSeries, gpd.GeoSeries]:
    return polygons(OUTLINES, SEED)


def pairs(frame: pd.DataFrame) -> Pairs:
    return set(zip(frame["left"], frame["right"], strict=True))


def precision_recall(found: Pairs, truth: Pairs) -> tuple[float, float]:
    return len(found & truth) / max(len(found), 1), len(found & truth) / len(truth)


def by_blocks(left: pd.DataFrame, right: pd.DataFrame) -> Pairs:
    """The best of each row among those of its postcode, by whole addresses."""
    texts = [
        (frame["name"] + " " + frame["number"] + " " + frame["street"])
        .str.lower()
        .str.replace(r"[^a-z0-9]+", " ", regex=True)
        for frame in (left, right)
    ]
    blocks = [text.groupby(frame["postcode"]) for text, frame in zip(texts, (left, right), strict=True)]
    others = dict(iter(blocks[1]))
    found: Pairs = set()
    for postcode, here in blocks[0]:
        there = others.get(postcode)
        if postcode == "" or there is None:
            continue
        alike = process.cdist(here.tolist(), there.tolist(), scorer=fuzz.token_set_ratio, score_cutoff=85)
        best = alike.argmax(axis=1)
        found |= {(here.index[k], there.index[best[k]]) for k in np.flatnonzero(alike.max(axis=1) > 0)}
    return found


def test_addresses(benchmark: Any) -> None:
    left, right, truth = partners()
    found = benchmark.pedantic(propose, (left, right), rounds=5, warmup_rounds=1)
    begun = time.perf_counter()
    peer = by_blocks(left, right)
    peer_s = time.perf_counter() - begun
    true = pairs(truth)
    precision, recall = precision_recall(pairs(found[found["score"] >= LIKELY_SCORE]), true)
    accepted, reached = precision_recall(pairs(found[found["score"] >= ACCEPT_SCORE]), true)
    peer_precision, peer_recall = precision_recall(peer, true)
    benchmark.extra_info.update(
        rows=ROWS, precision=precision, recall=recall, accepted_precision=accepted, accepted_recall=reached,
        peer_s=peer_s, peer_precision=peer_precision, peer_recall=peer_recall,
        ratio=peer_s / benchmark.stats.stats.median,
    )  # fmt: skip
    assert precision >= 0.99
    assert recall >= 0.99


def test_outlines(benchmark: Any) -> None:
    left, right = outlines()
    assets = outlined(left, "institution:council", "council"), outlined(right, "institution:trust", "trust")
    found = benchmark.pedantic(propose, assets, rounds=3, warmup_rounds=1)
    frames = [gpd.GeoDataFrame({f"id_{k}": range(OUTLINES)}, geometry=shapes) for k, shapes in enumerate((left, right))]
    begun = time.perf_counter()
    cut = gpd.overlay(*frames, how="intersection", keep_geom_type=False)
    overlay_s = time.perf_counter() - begun
    begun = time.perf_counter()
    gpd.sjoin(*frames, predicate="intersects")
    sjoin_s = time.perf_counter() - begun
    median = benchmark.stats.stats.median
    benchmark.extra_info.update(
        outlines=OUTLINES, overlay_s=overlay_s, sjoin_s=sjoin_s, ratio=overlay_s / median, ratio_sjoin=sjoin_s / median
    )
    agrees(found, assets, (left, right), cut)


def agrees(
    found: pd.DataFrame,
    assets: tuple[pd.DataFrame, pd.DataFrame],
    shapes: tuple[gpd.GeoSeries, gpd.GeoSeries],
    cut: gpd.GeoDataFrame,
) -> None:
    """Every taken pair is one that overlay's areas make, and every pair of theirs is proposed or has a likelier one."""
    one, other = cut["id_0"].to_numpy(), cut["id_1"].to_numpy()
    area = [shape.area.to_numpy()[ids] for shape, ids in zip(shapes, (one, other), strict=True)]
    shared = cut.geometry.area.to_numpy()
    enough = (shared >= 0.3 * (area[0] + area[1] - shared)) | (shared >= 0.9 * np.minimum(*area))
    theirs = set(zip(assets[0].index[one[enough]], assets[1].index[other[enough]], strict=True))
    ours = pairs(found)
    assert ours <= theirs
    assert {pair for pair in theirs - ours if not ({pair[0]} & set(found["left"]))} == set()
