"""The interface for programs: lists and rows under `/api/v1`, their documentation, and who may read them."""

from __future__ import annotations

from functools import partial

from flask import Blueprint

from web.programs import cors, reference
from web.programs.answering import answer_list, answer_one
from web.programs.table import COLLECTIONS, Collection

blueprint = Blueprint("programs", __name__)
blueprint.after_app_request(cors.allow)
blueprint.add_url_rule("/api", "index", reference.index)
blueprint.add_url_rule("/api/v1", "start", reference.start)
blueprint.add_url_rule("/api/v1/openapi.json", "openapi", reference.openapi)


def _add(collection: Collection) -> None:
    address = f"/api/v1/{collection.name}"
    blueprint.add_url_rule(address, collection.name, partial(answer_list, collection))
    if collection.has_items:
        blueprint.add_url_rule(f"{address}/<wanted>", f"{collection.name}_one", partial(answer_one, collection))


for _collection in COLLECTIONS:
    _add(_collection)
