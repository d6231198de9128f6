// What the reader sees of the map is in the address, after the hash: who opens a copy sees the same.
"use strict";

(() => {
  const atlas = globalThis.atlas;
  const INK = "#0b0c0c";
  const SELECTED = "#ffdd00";
  const NEAR_ZOOM = 13;
  const PAUSE_MS = 250;

  const slug = (words) => words.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  const wordOf = ({ id, label }) => id ?? slug(label);
  const { listed } = atlas.hash;

  /** Keep a map's view in the address, and show what the address says. @param {L.Map} map */
  atlas.address = (map) => {
    // of several maps on a page the first has the address
    if (globalThis.atlasMap?.map !== map) return;
    const view = map.atlas;
    const marked = { codes: [], areas: null };
    let waiting = 0;
    let isApplying = false;
    let firstSectors = "";
    let firstShown = null;

    view.add({
      pane: "atlas-top",
      shown: true,
      build() {
        this.outline = null;
      },
      draw(context, frame) {
        if (!marked.areas) return;
        this.outline ??= view.shapes.borders(marked.areas, (one, other) => one === 0 || other === 0);
        atlas.cased(context, frame, this.outline, 2, INK, SELECTED, 3);
      },
      forget() {
        this.outline = null;
      },
    });
    const outline = view.painters.at(-1);

    /** Mark some small areas, by their codes; unknown ones are passed over. */
    function mark(codes) {
      const found = codes.map((code) => view.shapes.areaOf(code)).filter((area) => area >= 0);
      marked.codes = found.map((area) => view.shapes.name(area).code);
      marked.areas = found.length ? Int8Array.from({ length: view.shapes.count }, (_, area) => (found.includes(area) ? 0 : 1)) : null;
      outline.forget();
      view.redraw(["atlas-top"]);
      return found;
    }

    const shownSectors = () => Object.keys(view.marks).filter((sector) => !view.hiddenSectors.has(sector)).join(",");
    const named = () => view.painters.filter(({ label }) => label);
    const isDefault = (painter) => firstShown.get(painter);
    const keys = () => new Set(named().flatMap(({ key }) => key ?? []));

    /** What differs from how the map begins. */
    function fieldsNow() {
      const fields = new Map();
      if (view.moved) fields.set("at", atlas.hash.placed(map));
      if (view.focused && view.focused !== view.config.focus) fields.set("show", view.focused);
      if (marked.codes.length) fields.set("area", marked.codes.join(","));
      for (const key of keys()) {
        const group = named().filter((painter) => painter.key === key);
        const shown = group.find((painter) => painter.shown);
        if (group.some((painter) => painter.shown !== isDefault(painter))) fields.set(key, shown ? wordOf(shown) : "none");
      }
      const single = named().filter(({ key }) => !key);
      const layers = single.map((painter) => ({ word: wordOf(painter), first: isDefault(painter), shown: painter.shown }));
      for (const [name, words] of atlas.hash.changed(layers)) fields.set(name, words);
      if (shownSectors() !== firstSectors) fields.set("sites", shownSectors() || "none");
      if (view.footprint && ![view.config.focus, view.focused].includes(view.footprint)) fields.set("footprint", view.footprint);
      return fields;
    }

    function write() {
      clearTimeout(waiting);
      if (!view.values || isApplying || !firstShown) return;
      waiting = setTimeout(() => {
        const { word, fields: before } = atlas.hash.read();
        const isTab = document.querySelector(`.tabs [data-panel="${CSS.escape(word)}"]`) !== null;
        atlas.hash.write(isTab ? word : "map", fieldsNow(), before);
      }, PAUSE_MS);
    }

    /** Show what the address says; what it does not say is as at the start. */
    function apply() {
      const { fields } = atlas.hash.read();
      isApplying = true;
      for (const painter of named()) painter.shown = shownBy(fields, painter);
      view.hiddenSectors = new Set(Object.keys(view.marks));
      const sectors = fields.has("sites") ? listed(fields.get("sites")) : firstSectors.split(",");
      for (const sector of sectors) view.hiddenSectors.delete(sector);
      map.fire("atlas:shown");
      if (!["show", "area", "at"].some((name) => fields.has(name))) begin();
      if (fields.has("footprint")) map.fire("atlas:footprint", { id: fields.get("footprint") });
      const areas = mark(listed(fields.get("area")));
      const place = atlas.hash.placeOf(fields.get("at"));
      if (fields.has("show")) view.focus(fields.get("show"), false);
      else if (areas.length) view.fit(view.shapes.bounds((area) => areas.includes(area)), false, NEAR_ZOOM);
      if (place) map.setView(place.at, place.zoom, { animate: false });
      if (place) view.moved = true;
      if (areas.length === 1) map.fire("atlas:open", { area: areas[0], pans: !place });
      view.redraw();
      isApplying = false;
    }

    /** Where the map stands when its address says nothing. */
    function begin() {
      view.select(null);
      if (!view.config.focus || !view.focus(view.config.focus, false)) view.home();
    }

    function shownBy(fields, painter) {
      const said = fields.get(painter.key);
      if (said !== undefined) return said === wordOf(painter);
      return painter.key ? isDefault(painter) : atlas.hash.isShown(fields, wordOf(painter), isDefault(painter));
    }

    map.on("atlas:panel", ({ area }) => {
      if (isApplying) return;
      mark(area < 0 ? [] : [view.shapes.name(area).code]);
      write();
    });
    // on its way the map stands at no place worth keeping: the end of the movement writes
    map.on("movestart", () => clearTimeout(waiting));
    map.on("moveend atlas:shown atlas:footprint", write);
    view.ready.then(() => {
      firstShown = new Map(named().map((painter) => [painter, painter.shown]));
      firstSectors = shownSectors();
      if (atlas.hash.read().fields.size) apply();
      addEventListener("hashchange", apply);
    });
  };
})();
