// The map of a scenario: gap areas as they were, what is reached anew, and the sites that open or close.
"use strict";

(() => {
  const atlas = globalThis.atlas;
  const { element } = atlas;
  const INK = "#0b0c0c";
  const DASHES = [5, 4];

  /** Lines about whatever is not -1. */
  const around = (shapes, lists) => shapes.borders(shapes.positions(lists));

  /** What the layers of a scenario paint. */
  const painters = (view, colour) => [
    {
      label: "Gap areas as they were",
      build({ shapes, values }) {
        this.lines = around(shapes, values.change.was);
      },
      draw(context, frame) {
        const dashes = DASHES.map((length) => length * frame.pixel);
        atlas.cased(context, frame, this.lines, 0, INK, "#fff", 2);
        context.setLineDash(dashes);
        atlas.cased(context, frame, this.lines, 2, INK, "#fff", 0);
        context.setLineDash([]);
      },
    },
    {
      label: "What is reached anew",
      build({ shapes, values }) {
        this.lines = around(shapes, [values.change.reached]);
      },
      draw(context, frame) {
        atlas.cased(context, frame, this.lines, 3, colour, "#fff", 1.5);
      },
    },
  ];

  /** Access and the nearest anchor of an area before and after, in words: pairs of a term and what is said. */
  function changeOf({ values: { change } }, at) {
    if (at === undefined) return [["Access", "as before"]];
    const [was, now] = change.nearest_m.map((side) => (side[at] < 0 ? "none" : atlas.words.distance(side[at])));
    const [before, after] = change.access.map((side) => side[at]);
    const per = `Access, per ${atlas.thousands(change.per)} people`;
    return [...(before === undefined ? [] : [[per, `${before} before, ${after} after`]]), ["Way to the nearest anchor", was === now ? `${now}, as before` : `${was} before, ${now} after`]];
  }

  function siteMark(map, { name, owner, opens, at }) {
    const words = `${opens ? "Opens" : "Closes"}: ${name}, ${owner}`;
    const icon = L.divIcon({
      html: element("span", { "aria-hidden": "true" }, opens ? "+" : "×"),
      className: opens ? "atlas-opening" : "atlas-closing",
      iconSize: [24, 24],
    });
    const marker = L.marker(at, { icon, title: words, riseOnHover: true, zIndexOffset: 1000 });
    marker.on("add", () => marker.getElement().setAttribute("aria-label", words));
    const panel = () => element("div", {}, element("h3", {}, name), element("p", {}, owner), element("p", {}, opens ? "Opens in this scenario" : "Closes in this scenario"));
    atlas.pressed(marker, () => atlas.open(map, L.latLng(at), panel()));
    return marker;
  }

  /** @param {L.Map} map @param {{colour: string}} settings */
  atlas.scenarioChanges = (map, { colour }) => {
    const view = map.atlas;
    for (const painter of painters(view, colour)) view.add({ pane: "overlayPane", shown: true, ...painter });
    const marks = L.layerGroup().addTo(map);
    map.on("atlas:data", () => {
      const { change } = view.values;
      let area = 0;
      const at = new Map(change.at.map((step, index) => [(area += step), index]));
      view.more = (wanted) => changeOf(view, at.get(wanted));
      marks.clearLayers();
      for (const site of change.sites) siteMark(map, site).addTo(marks);
    });
  };
})();
