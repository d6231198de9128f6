// The ground under land and property: boroughs, gap areas in outline and anchor sites.
"use strict";

(() => {
  const atlas = globalThis.atlas;
  const { element } = atlas;
  const PAPER = "#ffffff";
  const LAND = "#f7f6f3";

  /** Pixels. */
  const SQUARE = 2.6;

  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  /** A box to tick in the line under the map. */
  function toggle(view, painter, picture) {
    const box = element("input", { type: "checkbox" });
    box.checked = painter.shown;
    box.addEventListener("change", () => {
      painter.shown = box.checked;
      view.redraw();
    });
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    svg.setAttribute("viewBox", "0 0 20 16");
    svg.setAttribute("aria-hidden", "true");
    for (const [name, value] of Object.entries(picture)) path.setAttribute(name, value);
    svg.append(path);
    return element("label", {}, box, svg, painter.label);
  }

  /** Boroughs, gap areas in outline and anchor sites as small squares; the line under the map that puts them on and off. */
  atlas.estateGround = (map, { colour }) => {
    const view = map.atlas;
    roam(map, view);
    view.add({
      pane: "overlayPane",
      shown: true,
      build({ shapes }) {
        this.land ??= shapes.fills(new Int8Array(shapes.count), 1)[0];
        this.lines ??= shapes.drawn("boroughs", "edge");
      },
      draw(context, frame) {
        context.fillStyle = LAND;
        context.fill(this.land);
        context.lineJoin = "round";
        context.lineWidth = Math.min(1.6, 0.8 + (frame.zoom - 9) / 5) * frame.pixel;
        context.strokeStyle = "#8a9199";
        context.stroke(this.lines);
      },
    });
    const gaps = {
      label: "Gap areas",
      pane: "overlayPane",
      shown: true,
      build({ shapes }) {
        this.lines = shapes.borders(view.gaps);
        [this.fill] = shapes.fills(view.gaps.map((gap) => (gap >= 0 ? 0 : -1)), 1);
      },
      draw(context, frame) {
        context.fillStyle = "rgba(31, 40, 117, 0.09)";
        context.fill(this.fill);
        context.lineWidth = 1.4 * frame.pixel;
        context.setLineDash([5 * frame.pixel, 3 * frame.pixel]);
        context.strokeStyle = "#1f2875";
        context.stroke(this.lines);
        context.setLineDash([]);
      },
    };
    const sites = {
      label: "Anchor sites",
      pane: "overlayPane",
      shown: true,
      build({ shapes, values }) {
        this.at = values.sites.lon.map((longitude, site) => shapes.place(longitude, values.sites.lat[site]));
      },
      draw(context, frame) {
        const half = SQUARE + Math.max(0, Math.min(2.4, (frame.zoom - 11) * 0.6));
        frame.inPixels();
        context.lineWidth = 1.2;
        context.strokeStyle = colour;
        context.fillStyle = PAPER;
        for (const at of this.at) {
          const [x, y] = frame.at(at);
          context.fillRect(x - half, y - half, 2 * half, 2 * half);
          context.strokeRect(x - half, y - half, 2 * half, 2 * half);
        }
      },
    };
    view.add(gaps);
    view.add(sites);
    view.anchors = sites;
    const count = element("p", { role: "status", id: "estate-count" });
    const line = element(
      "div",
      { class: "estate-ground" },
      toggle(view, sites, { d: "M6 4h8v8h-8Z", fill: PAPER, stroke: colour, "stroke-width": "1.6" }),
      toggle(view, gaps, { d: "M2 3h16v10h-16Z", fill: "#e9eaf4", stroke: "#1f2875", "stroke-width": "1.6", "stroke-dasharray": "4 2.4" }),
      count,
    );
    map.getContainer().closest(".atlas-frame").append(line);
  };

  /** Land lies anywhere in Britain, and a building wants a nearer look than a borough. */
  function roam(map, view) {
    map.setMaxBounds(null);
    map.options.minZoom = 5;
    map.setMaxZoom(19);
    view.fit = (bounds, animate = true) => {
      view.fitted = bounds;
      view.moved = false;
      const margin = bounds === view.config.bounds ? 6 : 24;
      map.fitBounds(bounds, { maxZoom: 17, padding: [margin, margin], animate: animate && !calm.matches });
    };
  }
})();
