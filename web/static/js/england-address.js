// Where the reader is on the map of England is in the address, after the hash: who opens a copy sees the same.
"use strict";

(() => {
  const atlas = globalThis.atlas;
  const PAUSE_MS = 250;

  /** Keep the view of the map, its layers, its district and its area in the address, and show what the address says. */
  atlas.englandAddress = (map, view) => {
    let waiting = 0;
    let applying = 0;

    async function fieldsNow() {
      const fields = new Map();
      if (view.moved) fields.set("at", atlas.hash.placed(map));
      for (const [name, words] of atlas.hash.changed(view.layers)) fields.set(name, words);
      if (view.district >= 0) fields.set("show", view.shapes.name(view.district).code);
      if (view.chosen >= 0) fields.set("area", (await view.facts(view.chosen)).code);
      return fields;
    }

    function write(left = new Map()) {
      clearTimeout(waiting);
      if (!view.values || applying) return;
      waiting = setTimeout(async () => {
        const fields = await fieldsNow().catch(() => null);
        if (!fields) return;
        const { word, fields: before } = atlas.hash.read();
        if (!applying) atlas.hash.write(word || "map", fields, new Map([...left, ...before]));
      }, PAUSE_MS);
    }

    const isSeen = (fields) => ["at", "show", "area", "hide", "with"].some((name) => fields.has(name));

    /** Show what the address says; what it does not say is as at the start. */
    async function apply(event) {
      const { word, fields } = atlas.hash.read();
      // a link within the page moves the page alone
      const isLink = word && !isSeen(fields) && document.getElementById(word);
      if (isLink) return write(atlas.hash.read(new URL(event.oldURL).hash).fields);
      clearTimeout(waiting);
      applying += 1;
      try {
        const area = fields.has("area") ? await view.idOf(fields.get("area")) : -1;
        const place = atlas.hash.placeOf(fields.get("at"));
        view.home();
        view.show(({ word: name, first }) => atlas.hash.isShown(fields, name, first));
        if (fields.has("show")) view.focus(fields.get("show"), false);
        else if (area >= 0) view.look((await view.facts(area)).lad, false);
        if (place) map.setView(place.at, place.zoom, { animate: false });
        view.moved = place !== null;
        view.choose(area);
      } finally {
        applying -= 1;
      }
      return undefined;
    }

    map.on("movestart", () => clearTimeout(waiting));
    map.on("moveend atlas:chosen atlas:shown", () => write());
    view.ready.then(() => {
      if (!view.values) return;
      if (isSeen(atlas.hash.read().fields)) apply();
      addEventListener("hashchange", apply);
    });
  };
})();
