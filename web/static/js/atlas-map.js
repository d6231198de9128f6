// The map of a page: loads shapes and values, draws what its layers paint, and speaks with the page.
"use strict";

(() => {
  const atlas = globalThis.atlas;
  const { element } = atlas;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const narrow = matchMedia("(max-width: 39.99em)");

  /** Shapes and values; what goes wrong is said when somebody waits for them. */
  function fetchBoth({ geometry, values }) {
    const both = Promise.all([atlas.readShapes(geometry), atlas.read(values)]);
    both.catch(() => {});
    return both;
  }

  /** A canvas on which painters draw in their order. */
  const Canvas = atlas.Canvas.extend({
    options: { padding: 0.2 },

    initialize(view, pane) {
      L.Renderer.prototype.initialize.call(this, { pane });
      this.view = view;
    },

    paint() {
      if (this.view.values) atlas.Canvas.prototype.paint.call(this);
    },

    draw(context) {
      const frame = this._frame();
      for (const painter of this.view.painters) {
        if (painter.pane !== this.options.pane || !painter.shown) continue;
        frame.inUnits();
        painter.draw(context, frame);
      }
    },

    /** How units become pixels just now: `pixel` is the width of one pixel in units. */
    _frame() {
      const zoom = this._map.getZoom();
      const scale = 2 ** (zoom - atlas.UNIT_ZOOM);
      const corner = this._corner();
      const { origin } = this.view.shapes;
      const [left, top] = [origin[0] * scale - corner.x, origin[1] * scale - corner.y];
      const ratio = this._ratio;
      return {
        zoom,
        ratio,
        pixel: 1 / scale,
        inUnits: () => this._context.setTransform(scale * ratio, 0, 0, scale * ratio, left * ratio, top * ratio),
        inPixels: () => this._context.setTransform(ratio, 0, 0, ratio, 0, 0),
        at: ([x, y]) => [x * scale + left, y * scale + top],
      };
    },
  });

  /** One map with its data, layers and selection. */
  class View {
    /** @param {L.Map} map @param {object} config what `atlas.maps.page` wrote */
    constructor(map, config) {
      this.map = map;
      this.config = config;
      this.painters = [];
      this.selected = null;
      this.hovered = -1;
      this.marked = null;
      this.focused = "";
      this.ready = new Promise((resolve) => map.once("atlas:data", () => resolve(this)));
      map.createPane("atlas-top");
      this.canvases = ["overlayPane", "atlas-top"].map((pane) => new Canvas(this, pane).addTo(map));
      this.tell = atlas.teller(map);
    }

    /** @param {{pane: string, shown: boolean, build: (view: View) => void, draw: Function}} painter */
    add(painter) {
      this.painters.push(painter);
    }

    /** @param {Promise<[Uint8Array, object]>} data shapes and values */
    async load(data = fetchBoth(this.config)) {
      try {
        let wanted = this.config.values;
        let [shapes, values] = await data;
        this.shapes = new atlas.Shapes(shapes);
        // Other values may have been asked for before there were shapes to put them on.
        while (wanted !== this.config.values) {
          wanted = this.config.values;
          values = await atlas.read(wanted);
        }
        this.#take(values);
        if (this.config.focus) this.focus(this.config.focus, false);
        requestAnimationFrame(() => setTimeout(() => this.#announce()));
      } catch (error) {
        this.#fail(error);
      }
    }

    #announce() {
      performance.mark("map-ready");
      document.documentElement.dataset.mapReady = "1";
    }

    #fail(error) {
      const again = element("button", { type: "button" }, "Try again");
      again.addEventListener("click", () => {
        this.say("Drawing the map…");
        this.load();
      });
      this.say(`The map could not be drawn (${error.message}). Its facts are also in the list and the table. `, again);
    }

    /** Words in place of the map; none to take them away. */
    say(...words) {
      const message = document.getElementById(`${this.config.id}_message`);
      message.replaceChildren(...words);
      message.hidden = words.length === 0;
    }

    #take(values) {
      if (values.geometry !== this.shapes.about.id) throw new Error("its areas are of another release: reload the page");
      this.values = values;
      this.gaps = this.shapes.positions(values.gap_areas.map(({ areas }) => areas));
      this.selected = null;
      this.hovered = -1;
      for (const painter of this.painters) painter.build(this);
      this.say();
      this.redraw();
      this.map.fire("atlas:data");
    }

    /** Other values on the same shapes. @param {string} url */
    async setValues(url) {
      this.config.values = url;
      if (!this.values) return;
      try {
        const values = await atlas.read(url);
        // Who asked again meanwhile waits for other values.
        if (url === this.config.values) this.#take(values);
      } catch (error) {
        this.#fail(error);
      }
    }

    /** @param {string[]} [panes] those to draw again */
    redraw(panes = ["overlayPane", "atlas-top"]) {
      for (const canvas of this.canvases) if (panes.includes(canvas.options.pane)) canvas.paint();
    }

    /** Position in `values.gap_areas` of the gap area that an area belongs to; -1 where to none. */
    gapOf(area) {
      return this.gaps[area];
    }

    /** The area under a point of the earth; -1 outside. @param {L.LatLng} place */
    areaAt({ lat, lng }) {
      return this.shapes.areaAt(...this.shapes.place(lng, lat));
    }

    /**
     * Go to a gap area (its id), a borough or a board (its GSS code), the footprint of a network or programme, or the sites of an
     * institution (their node ids).
     * @returns {boolean} whether there is such a thing
     */
    focus(id, animate = true) {
      const bounds = this.#boundsOf(id);
      if (bounds) this.focused = id;
      if (bounds) this.fit(bounds, animate);
      // A borough is chosen on the page, which says so itself.
      const chosen = animate && this.values.gap_areas[this.selected];
      if (chosen && chosen.id === id) this.tell(`On the map: ${atlas.words.gap(this, chosen)}`);
      return Boolean(bounds);
    }

    /** All of London, nothing marked. */
    home() {
      this.select(null);
      this.focused = "";
      this.map.fire("atlas:footprint", { id: "" });
      this.fit(this.config.bounds, false);
    }

    /** Show all of some bounds; London fills the map, a smaller place has its surroundings about it. */
    fit(bounds, animate = true, maxZoom = 13) {
      const { map } = this;
      const isHome = bounds === this.config.bounds;
      const { x, y } = map.getSize();
      const margin = isHome ? 6 : Math.min(56, Math.min(x, y) / 7);
      this.fitted = bounds;
      this.moved = false;
      if (isHome) map.options.minZoom = 0;
      map.fitBounds(bounds, { maxZoom, padding: [margin, margin], animate: animate && !calm.matches });
      if (isHome) map.setMinZoom(map.getZoom() - 0.5);
    }

    /** Fit again what was fitted; where the reader has moved since, the middle stays. */
    resize() {
      const { map } = this;
      const { clientWidth, clientHeight } = map.getContainer();
      if (!clientWidth || map.getSize().equals([clientWidth, clientHeight])) return;
      const middle = map.getCenter();
      map.invalidateSize({ pan: false });
      if (this.moved) map.setView(middle, map.getZoom(), { animate: false });
      else this.fit(this.fitted, false);
    }

    #boundsOf(id) {
      if (id === "changes") return this.values.change?.bounds ?? null;
      const gap = this.values.gap_areas.findIndex((area) => area.id === id);
      if (gap >= 0) {
        this.select(gap);
        return this.values.gap_areas[gap].bounds;
      }
      const boroughs = this.shapes.boroughsIn(id);
      if (boroughs.length) {
        this.map.fire("atlas:footprint", { id });
        return this.shapes.bounds((area) => boroughs.includes(this.shapes.boroughOf[area]));
      }
      if (this.values.footprints.some((footprint) => footprint.id === id)) {
        this.map.fire("atlas:footprint", { id });
        return this.config.bounds;
      }
      return this.#boundsOfSites(id);
    }

    #boundsOfSites(id) {
      const { sites, institutions } = this.values;
      const owner = institutions.id.indexOf(id);
      const mine = sites.institution.flatMap((institution, site) => (institution === owner ? [site] : []));
      if (owner < 0 || !mine.length) return null;
      this.marked = owner;
      this.redraw(["atlas-top"]);
      return mine.map((site) => [sites.lat[site], sites.lon[site]]);
    }

    /** Mark a gap area, by its position; null for none. */
    select(gap) {
      if (gap === this.selected) return;
      this.selected = gap;
      this.redraw(["atlas-top"]);
      this.map.fire("atlas:select");
    }

    /** Tell the page that a gap area was chosen on the map. */
    choose(gap) {
      this.select(gap);
      const { id, name, rank } = this.values.gap_areas[gap];
      document.dispatchEvent(new CustomEvent("atlas:gap-area", { detail: { id, name, rank, map: this.config.id } }));
    }
  }

  /** A wheel scrolls the page until the reader is in the map; a ring shows that only to those who came by keyboard. */
  function listen(container, map) {
    container.addEventListener("focusin", () => map.scrollWheelZoom.enable());
    container.addEventListener("focusout", () => map.scrollWheelZoom.disable());
    container.addEventListener("pointerdown", () => container.classList.add("is-pointed"));
    container.addEventListener("keydown", () => container.classList.remove("is-pointed"));
    for (const type of ["pointerdown", "wheel", "keydown"]) {
      container.addEventListener(type, ({ target }) => (map.atlas.moved ||= !target.closest(".atlas-layers")), { passive: true });
    }
  }

  /**
   * Make a map; the layers are added to it by the other functions of `atlas`, then the page's data are fetched.
   * @param {string} id of its element
   * @param {object} config
   * @returns {L.Map}
   */
  function makeMap(id, config) {
    const data = fetchBoth(config);
    const legend = document.getElementById(id).closest(".atlas-frame").querySelector(".atlas-legend");
    if (narrow.matches) legend?.removeAttribute("open");
    const map = L.map(id, {
      zoomSnap: 0,
      zoomDelta: 0.75,
      wheelPxPerZoomLevel: 120,
      maxZoom: 16,
      maxBounds: L.latLngBounds(config.bounds).pad(0.4),
      maxBoundsViscosity: 0.8,
      zoomControl: false,
      attributionControl: false,
      scrollWheelZoom: false,
      trackResize: false,
      zoomAnimation: !calm.matches,
      fadeAnimation: false,
      inertia: !calm.matches,
    });
    L.control.zoom({ position: "topleft", zoomInTitle: "Zoom in", zoomOutTitle: "Zoom out" }).addTo(map);
    const scale = L.control.scale({ position: "bottomleft", imperial: false, maxWidth: 110 }).addTo(map);
    // a length to lay beside the picture, and nothing without it
    scale.getContainer().setAttribute("aria-hidden", "true");
    listen(map.getContainer(), map);
    map.atlas = new View(map, { ...config, id });
    map.atlas.fit(map.atlas.config.bounds, false);
    new ResizeObserver(() => map.atlas.resize()).observe(map.getContainer());
    atlas.printed(map, map.atlas);
    queueMicrotask(() => map.atlas.load(data));
    atlas.expose(map);
    return map;
  }

  /** What a page's own script may call, and the attributes and events by which it needs none. */
  function expose(map) {
    const view = map.atlas;
    globalThis.atlasMap ??= {
      map,
      ready: view.ready,
      focus: (id) => view.ready.then(() => view.focus(id)),
      home: () => view.ready.then(() => view.home()),
      setValues: (url) => view.setValues(url),
    };
    document.addEventListener("atlas:focus", ({ detail }) => view.ready.then(() => view.focus(detail.id)));
    const gapNamed = (event) => {
      const entry = event.target.closest?.("[data-gap-area]");
      return entry && view.values ? view.values.gap_areas.findIndex(({ id }) => id === entry.dataset.gapArea) : -1;
    };
    for (const type of ["pointerover", "focusin"]) {
      document.addEventListener(type, (event) => gapNamed(event) >= 0 && view.select(gapNamed(event)));
    }
    document.addEventListener("click", (event) => {
      const button = event.target.closest?.("[data-show-on-map]");
      if (button) view.ready.then(() => view.focus(button.dataset.showOnMap));
    });
    map.on("atlas:select", () => {
      const chosen = view.values.gap_areas[view.selected]?.id;
      for (const entry of document.querySelectorAll("[data-gap-area]")) {
        entry.toggleAttribute("data-selected", entry.dataset.gapArea === chosen);
      }
    });
  }

  Object.assign(atlas, { map: makeMap, expose });
})();
