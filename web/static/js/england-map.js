// The map of England: one measure of need at a time, districts drawn and named over it, and what lies under a point.
"use strict";

(() => {
  const atlas = globalThis.atlas;
  const { element, thousands } = atlas;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const narrow = matchMedia("(max-width: 39.99em)");
  const INK = "#0b0c0c";
  const PAPER = "#ffffff";
  const SELECTED = "#ffdd00";
  const TENTHS = 10;

  /** The tenth of each area, by the rank of each among all: 1 is the most deprived. */
  const decileOf = (rank, count) => Math.ceil((TENTHS * rank) / count);

  /** What is drawn over the tiles. */
  const Over = atlas.Canvas.extend({
    options: { padding: 0.15, pane: "atlas-top" },

    initialize(draw) {
      L.Renderer.prototype.initialize.call(this, {});
      this._paint = draw;
    },

    draw(context) {
      const frame = { corner: this._corner(), ratio: this._ratio, zoom: this._map.getZoom(), size: this._bounds.getSize() };
      this._paint(context, frame);
    },
  });

  /** One map of England with its measure and selection. */
  class England {
    constructor(map, config) {
      this.map = map;
      this.config = config;
      this.grid = null;
      this.hovered = -1;
      this.chosen = -1;
      this.district = -1;
      this.layers = atlas.englandLayers(config);
      this.fitted = config.bounds;
      map.createPane("atlas-top");
      this.over = new Over((context, frame) => this.#draw(context, frame)).addTo(map);
      map.on("layeradd", ({ layer }) => this.#take(layer));
    }

    /** The layer of tiles, which Folium adds after the map is made. */
    #take(layer) {
      if (!layer.colour || this.grid) return;
      this.grid = layer;
      layer.once("load", () => this.#announce());
      layer.on("load", () => this.over.paint());
      layer.on("tileerror", ({ error }) => this.#fail(error));
      if (this.values) this.#colour();
    }

    async load() {
      try {
        const [values, shapes] = await Promise.all([atlas.read(this.config.values), atlas.readShapes(this.config.districts)]);
        this.shapes = new atlas.Shapes(shapes);
        this.#use(values);
        this.#say();
      } catch (error) {
        this.#fail(error);
      }
    }

    #use(values) {
      if (values.key !== this.shapes.about.id) throw new Error("its areas are of another release: reload the page");
      this.values = values;
      const count = values.ranks.length;
      this.classes = Uint8Array.from(values.ranks, (rank) => decileOf(rank, count) - 1);
      this.#colour();
      this.over.paint();
      this.#tell(this.chosen);
    }

    #colour() {
      this.grid?.colour(this.classes);
    }

    /** Another measure on the same shapes. @param {string} address of its values */
    async setValues(address) {
      this.config.values = address;
      try {
        const values = await atlas.read(address);
        // who asked again meanwhile waits for other values
        if (address === this.config.values && this.shapes) this.#use(values);
      } catch (error) {
        this.#fail(error);
      }
      performance.mark("values-shown");
    }

    #announce() {
      if (!this.classes) return void setTimeout(() => this.#announce(), 10);
      requestAnimationFrame(() =>
        setTimeout(() => {
          performance.mark("map-ready");
          document.documentElement.dataset.mapReady = "1";
        }),
      );
    }

    #fail(error) {
      const again = element("button", { type: "button" }, "Try again");
      again.addEventListener("click", () => {
        this.#say("Drawing the map…");
        this.grid?.redraw();
        this.load();
      });
      this.#say(`The map could not be drawn (${error.message}). Its districts are also in the table. `, again);
    }

    #say(...words) {
      const message = document.getElementById(`${this.config.id}_message`);
      message.replaceChildren(...words);
      message.hidden = words.length === 0;
    }

    #draw(context, frame) {
      if (!this.shapes) return;
      const { shapes } = this;
      const scale = 2 ** (frame.zoom - atlas.UNIT_ZOOM);
      const left = shapes.origin[0] * scale - frame.corner.x;
      const top = shapes.origin[1] * scale - frame.corner.y;
      const { ratio } = frame;
      context.setTransform(scale * ratio, 0, 0, scale * ratio, left * ratio, top * ratio);
      context.lineJoin = context.lineCap = "round";
      this.lines ??= shapes.lines();
      this.boards ??= shapes.borders(shapes.boroughOf);
      const near = Math.max(0, Math.min(1, (frame.zoom - 6) / 4));
      this.#stroke(context, this.lines, (0.5 + 1.1 * near) / scale, PAPER);
      this.#stroke(context, this.lines, (0.25 + 0.75 * near) / scale, "rgba(11, 12, 12, 0.75)");
      if (this.isShown("integrated-care-boards")) {
        this.#stroke(context, this.boards, 4 / scale, PAPER);
        this.#stroke(context, this.boards, 2 / scale, "#12233d");
      }
      if (this.district >= 0) {
        const outline = shapes.outline(this.district);
        this.#stroke(context, outline, 7 / scale, SELECTED);
        this.#stroke(context, outline, 2.5 / scale, INK);
      }
      for (const id of new Set([this.chosen, this.hovered])) if (id >= 0) this.#mark(context, frame, id);
      if (this.isShown("district-names")) this.#write(context, frame, (point) => [point[0] * scale + left, point[1] * scale + top]);
    }

    #stroke(context, path, width, colour) {
      context.lineWidth = width;
      context.strokeStyle = colour;
      context.stroke(path);
    }

    #mark(context, frame, id) {
      this.grid?.outlines(id, (text, { coords, step }) => {
        const stretch = this.map.getZoomScale(frame.zoom, coords.z);
        const size = this.grid.getTileSize().x * stretch;
        const scale = step * stretch * frame.ratio;
        const [x, y] = [coords.x * size - frame.corner.x, coords.y * size - frame.corner.y];
        context.save();
        context.setTransform(frame.ratio, 0, 0, frame.ratio, x * frame.ratio, y * frame.ratio);
        context.beginPath();
        // an area of two tiles has no line where they meet
        context.rect(0, 0, size, size);
        context.clip();
        context.setTransform(scale, 0, 0, scale, x * frame.ratio, y * frame.ratio);
        const path = new Path2D(text);
        this.#stroke(context, path, (6 * frame.ratio) / scale, SELECTED);
        this.#stroke(context, path, (2 * frame.ratio) / scale, INK);
        context.restore();
      });
    }

    /** Names of districts, the largest first; each where it finds room. */
    #write(context, { ratio, zoom, size }, at) {
      const { about } = this.shapes;
      this.places ??= about.label
        .map((point, district) => ({ at: this.shapes.place(...point), name: about.stems.name[district] }))
        .map((place, district) => ({ ...place, people: about.people[district] }))
        .sort((one, other) => other.people - one.people);
      const height = zoom < 8 ? 12 : 13.5;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.font = `600 ${height}px ${getComputedStyle(this.map.getContainer()).fontFamily}`;
      context.textAlign = "center";
      context.textBaseline = "middle";
      const taken = [];
      // from afar a name is a help to find the way; near, nothing else is
      const most = zoom < 7 ? 18 : Infinity;
      for (const { at: point, name } of this.places) {
        if (taken.length >= most) break;
        const [x, y] = at(point);
        if (x < 0 || y < 0 || x > size.x || y > size.y) continue;
        const half = context.measureText(name).width / 2 + 5;
        const isFree = taken.every((box) => Math.abs(box.x - x) > box.half + half || Math.abs(box.y - y) > 1.6 * height);
        if (!isFree) continue;
        taken.push({ x, y, half });
        context.lineWidth = 3.5;
        context.strokeStyle = "rgba(255, 255, 255, 0.9)";
        context.strokeText(name, x, y);
        context.fillStyle = INK;
        context.fillText(name, x, y);
      }
      this.named = taken;
    }

    /** Code, name and place among all of an area; the names are fetched when they are first wanted. */
    async facts(id) {
      this.names ??= atlas.read(this.config.names).then((names) => ({
        ...names,
        code: names.codes.map(((number) => (step) => (number += step))(0)),
      }));
      const names = await this.names;
      const number = names.numbers[id] ? ` ${String(names.numbers[id]).padStart(3, "0")}${names.letters[id]}` : "";
      const lad = names.lads[names.lad[id]];
      const count = this.values.ranks.length;
      const rank = this.values.ranks[id];
      return {
        code: `E${String(names.code[id]).padStart(8, "0")}`,
        name: names.places[names.place[id]] + number,
        lad,
        district: this.shapes.about.stems.name[this.districtOf(lad)] ?? lad,
        rank,
        count,
        decile: decileOf(rank, count),
        percentile: Math.round((100 * (count - rank + 0.5)) / count),
      };
    }

    /** Id of an area, by its code; -1 where there is none. */
    async idOf(code) {
      // the names hold the codes
      await this.facts(0);
      return (await this.names).code.indexOf(Number(code.slice(1)));
    }

    /** Position of a district, by its code; -1 where there is none. */
    districtOf(code) {
      this.ladCodes ??= this.shapes.about.stems.name.map((_, district) => this.shapes.name(district).code);
      return this.ladCodes.indexOf(code);
    }

    isShown(word) {
      return this.layers.find((layer) => layer.word === word).shown;
    }

    /** Say which layers are shown. @param {(layer: {word: string, first: boolean, shown: boolean}) => boolean} isShown */
    show(isShown) {
      for (const layer of this.layers) layer.shown = isShown(layer);
      this.over.paint();
      this.map.fire("atlas:shown");
    }

    /** Mark an area and say what is known of it. @param {number} id -1 for none */
    choose(id) {
      this.chosen = id;
      this.over.paint();
      this.#tell(id);
      this.map.fire("atlas:chosen");
    }

    async #tell(id) {
      const panel = document.getElementById(`${this.config.id}_panel`);
      if (id < 0) return void (panel.hidden = true);
      try {
        const about = await this.facts(id);
        if (id !== this.chosen) return;
        const measure = document.querySelector("#england-domain option:checked")?.textContent ?? "Need";
        panel.querySelector("div").replaceChildren(
          element("h2", {}, about.name),
          element("p", {}, `${about.district} · ${about.code}`),
          element("p", {}, element("strong", {}, `${measure}: decile ${about.decile}`), about.decile === 1 ? " (the most deprived tenth)" : ""),
          element("p", {}, `Rank ${thousands(about.rank)} of ${thousands(about.count)} (1 is the most deprived); more deprived than ${about.percentile}% of England’s areas.`),
        );
        panel.hidden = false;
        this.tell(`${about.name}, ${about.district}. ${measure}: decile ${about.decile}`);
      } catch (error) {
        this.#fail(error);
      }
    }

    async hover(place) {
      const id = place ? (this.grid?.idAt(place) ?? -1) : -1;
      if (id === this.hovered) return;
      this.hovered = id;
      this.over.paint();
      this.tip ??= L.tooltip({ className: "atlas-tip", direction: "top", offset: [0, -6] });
      if (id < 0) return void this.tip.remove();
      const about = await this.facts(id);
      if (id !== this.hovered) return;
      const lines = [element("strong", {}, about.name), `${about.district}`, `Decile ${about.decile}, rank ${thousands(about.rank)}`];
      this.tip.setContent(element("div", {}, ...lines.map((line) => element("span", {}, line))));
      this.tip.setLatLng(place).addTo(this.map);
    }

    /** Go to a district and mark it. @param {string} code @returns {boolean} whether there is such a one */
    focus(code, animate = true) {
      if (!this.look(code, animate)) return false;
      this.district = this.districtOf(code);
      // what was said of an area elsewhere goes
      this.choose(-1);
      return true;
    }

    /** Let the map show a district. @returns {boolean} whether there is such a one */
    look(code, animate = true) {
      const district = this.shapes ? this.districtOf(code) : -1;
      if (district >= 0) this.fit(this.shapes.bounds((area) => area === district), animate);
      return district >= 0;
    }

    home() {
      this.district = -1;
      this.choose(-1);
      this.fit(this.config.bounds, false);
    }

    fit(bounds, animate = true) {
      this.fitted = bounds;
      this.moved = false;
      this.map.fitBounds(bounds, { padding: [8, 8], maxZoom: 11, animate: animate && !calm.matches });
    }

    resize() {
      const { clientWidth, clientHeight } = this.map.getContainer();
      if (!clientWidth || this.map.getSize().equals([clientWidth, clientHeight])) return;
      this.map.invalidateSize({ pan: false });
      if (!this.moved) this.fit(this.fitted, false);
    }
  }

  /**
   * Make a map of England; its tiles are added to it by Folium, then values and districts are fetched.
   * @param {string} id of its element
   * @param {object} config
   * @returns {L.Map}
   */
  atlas.englandMap = (id, config) => {
    const legend = document.getElementById(id).closest(".atlas-frame").querySelector(".atlas-legend");
    if (narrow.matches) legend?.removeAttribute("open");
    const map = L.map(id, {
      zoomSnap: 0.25,
      zoomDelta: 0.75,
      wheelPxPerZoomLevel: 120,
      minZoom: 4.5,
      maxZoom: 14,
      maxBounds: L.latLngBounds(config.bounds).pad(0.4),
      zoomControl: false,
      attributionControl: Boolean(config.raster),
      scrollWheelZoom: false,
      trackResize: false,
      zoomAnimation: !calm.matches,
      fadeAnimation: false,
      inertia: !calm.matches,
    });
    L.control.zoom({ position: "topleft", zoomInTitle: "Zoom in", zoomOutTitle: "Zoom out" }).addTo(map);
    L.control.scale({ position: "bottomleft", imperial: false, maxWidth: 110 }).addTo(map);
    const view = new England(map, { ...config, id });
    view.ready = new Promise((resolve) => (view.begin = () => view.load().then(resolve)));
    atlas.englandControls(map, view);
    atlas.englandChoices(view);
    atlas.englandEquals();
    atlas.englandAddress(map, view);
    view.fit(config.bounds, false);
    if (config.raster) {
      map.attributionControl.setPrefix(false);
      L.tileLayer(config.raster.url, { attribution: config.raster.attribution, pane: "mapPane", zIndex: 0 }).addTo(map);
      map.getPane("tilePane").classList.add("is-over-pictures");
    }
    new ResizeObserver(() => view.resize()).observe(map.getContainer());
    atlas.englandPrinted(map);
    map.atlas = view;
    globalThis.englandMap = { map, view };
    queueMicrotask(view.begin);
    return map;
  };
})();
