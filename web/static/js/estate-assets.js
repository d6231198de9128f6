// Land and property on the map: the assets that were chosen, what lies under the pointer, and what is told of it.
"use strict";

(() => {
  const atlas = globalThis.atlas;
  const { element } = atlas;
  const { INK, RADIUS, thousands, radiusOf, sizeAt, drawMark, drawCluster } = atlas.estateMarks;

  /** Pixels. */
  const REACH = 4;

  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  /** The assets of a choice. */
  class Assets {
    constructor(map, state) {
      this.map = map;
      this.view = map.atlas;
      this.answer = null;
      this.hovered = null;
      this.isNew = false;
      this.take(state);
    }

    /** @param {object} state what the page says of the choice */
    take(state) {
      this.state = state;
      this.marked = state.marked ?? this.marked ?? null;
    }

    /** Ask for what the window holds; who asks again meanwhile waits for that. */
    async load() {
      const { map, state } = this;
      if (!map.getSize().x) return;
      const bounds = map.getBounds().pad(0.12);
      const corners = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
      const zoom = Math.round(4 * map.getZoom()) / 4;
      const fields = new URLSearchParams(state.query);
      fields.set("by", state.by);
      fields.set("bbox", corners.map((degree) => degree.toFixed(4)).join(","));
      fields.set("zoom", String(zoom));
      this.asked?.abort();
      const { signal } = (this.asked = new AbortController());
      try {
        const response = await fetch(`${state.view}?${fields}`, { signal });
        if (!response.ok) throw new Error(`${response.status} ${response.statusText}`.trim());
        const answer = await response.json();
        this.put(answer);
      } catch (error) {
        if (error.name !== "AbortError") this.say(`The assets could not be drawn (${error.message}).`);
      }
    }

    say(words) {
      const line = document.getElementById("estate-count");
      if (line) line.textContent = words;
    }

    put(answer) {
      this.answer = answer;
      this.hovered = null;
      this.marks = this.#marks(answer);
      this.clusters = answer.clusters.count.map((count, index) => ({
        at: this.view.shapes.place(answer.clusters.at[2 * index], answer.clusters.at[2 * index + 1]),
        count,
        kind: answer.clusters.kind[index],
        share: answer.clusters.share[index],
        box: answer.clusters.box.slice(4 * index, 4 * index + 4),
      }));
      this.outlines = answer.outlines.map((steps) => this.#outline(steps));
      this.view.redraw(["atlas-top"]);
      const places = `${thousands(answer.places)} asset${answer.places === 1 ? "" : "s"} here`;
      this.say(this.clusters.length ? `${places}; numbers count several` : places);
      this.#openWanted();
      if (this.isNew) this.#goThere();
      document.documentElement.dataset.estateReady = String(Number(document.documentElement.dataset.estateReady ?? 0) + 1);
    }

    /** Go to what was chosen, unless it is in view: all of it, or some where the reader has moved the map. */
    #goThere() {
      this.isNew = false;
      const { map, view, state, marks, clusters, answer } = this;
      const seen = map.getBounds();
      const boxes = [...marks.map(({ place }) => L.latLngBounds([place])), ...clusters.map(({ box }) => boundsOf(box))];
      const isAll = answer.places === state.places && boxes.every((box) => seen.contains(box));
      const isEnough = isAll || (view.moved && boxes.some((box) => seen.intersects(box)));
      const place = L.latLngBounds(state.bounds ?? view.config.bounds);
      const isThere = !view.moved && place.equals(L.latLngBounds(view.fitted));
      if (state.places && !isEnough && !isThere) view.fit(state.bounds ?? view.config.bounds, false);
    }

    /** Open the asset that the page asked for, once it is here by itself. */
    #openWanted() {
      const mark = this.wanted && this.marks.find(({ id }) => id === this.wanted);
      if (!mark) return;
      this.wanted = null;
      panel(this.map, this, mark);
    }

    /** Marks of single assets; those on one spot stand round it. */
    #marks({ assets, words }) {
      const taken = new Map();
      const approximate = new Set(assets.approximate);
      return assets.id.map((id, index) => {
        const [longitude, latitude] = [assets.at[2 * index], assets.at[2 * index + 1]];
        const spot = `${longitude} ${latitude}`;
        const before = taken.get(spot) ?? 0;
        taken.set(spot, before + 1);
        const angle = before * 2.4;
        const away = before ? 2 * RADIUS * Math.sqrt(before) : 0;
        return {
          id,
          name: assets.name[index],
          place: L.latLng(latitude, longitude),
          at: this.view.shapes.place(longitude, latitude),
          offset: [away * Math.cos(angle), away * Math.sin(angle)],
          kind: assets.kind[index],
          interests: assets.interests[index] ?? 1,
          isApproximate: approximate.has(index),
          facts: ["partner", "use", "tenure", "status"].map((name) => words[name][assets[name][index]]),
        };
      });
    }

    #outline([asset, ...steps]) {
      let [longitude, latitude] = [0, 0];
      let text = "";
      for (let step = 0; step < steps.length; step += 2) {
        longitude += steps[step];
        latitude += steps[step + 1];
        const [x, y] = this.view.shapes.place(longitude / 1e6, latitude / 1e6);
        text += `${step ? "L" : "M"}${x.toFixed(2)} ${y.toFixed(2)}`;
      }
      return { mark: this.marks[asset], path: new Path2D(`${text}Z`) };
    }

    draw(context, frame) {
      if (!this.answer) return;
      this.frame = frame;
      const { groups } = this.state;
      context.lineJoin = "round";
      for (const { mark, path } of this.outlines) {
        context.globalAlpha = 0.5;
        context.fillStyle = groups[mark.kind].fill;
        context.fill(path, "evenodd");
        context.globalAlpha = 1;
        context.lineWidth = (this.isMarked(mark) ? 3 : 1.3) * frame.pixel;
        context.strokeStyle = INK;
        context.stroke(path);
      }
      frame.inPixels();
      context.textAlign = "center";
      context.textBaseline = "middle";
      const size = sizeAt(frame.zoom);
      const draw = (mark) => drawMark(context, this.#pixel(frame, mark, size), mark, groups[mark.kind], size, this.isMarked(mark));
      for (const mark of this.marks) if (!this.isMarked(mark)) draw(mark);
      for (const mark of this.marks) if (this.isMarked(mark)) draw(mark);
      for (const one of this.clusters) drawCluster(context, frame.at(one.at), one, groups[one.kind], one === this.hovered);
    }

    /** Where marks and numbers stand, so that no name is written under them. */
    covered(frame) {
      if (!this.answer) return [];
      const size = sizeAt(frame.zoom);
      return [...this.marks, ...this.clusters].map((one) => {
        const [x, y] = one.count ? frame.at(one.at) : this.#pixel(frame, one, size);
        const half = one.count ? radiusOf(one) : RADIUS * size;
        return { x, y, half, tall: half };
      });
    }

    isMarked(mark) {
      return mark.id === this.marked || mark === this.hovered;
    }

    #pixel(frame, { at, offset }, size = sizeAt(frame.zoom)) {
      const [x, y] = frame.at(at);
      return [x + offset[0] * size, y + offset[1] * size];
    }

    /** What lies under a point of the screen: a mark, a cluster, an outline; null for nothing. */
    under(point) {
      if (!this.answer || !this.frame) return null;
      const { frame } = this;
      const scale = 2 ** (this.map.getZoom() - atlas.UNIT_ZOOM);
      const corner = this.map.getPixelOrigin().add(this.map._getMapPanePos().multiplyBy(-1));
      const { origin } = this.view.shapes;
      const size = sizeAt(frame.zoom);
      const spot = ({ at, offset = [0, 0] }) => [
        (at[0] + origin[0]) * scale - corner.x + offset[0] * size,
        (at[1] + origin[1]) * scale - corner.y + offset[1] * size,
      ];
      let [found, nearest] = [null, Infinity];
      for (const one of [...this.marks, ...this.clusters]) {
        const [x, y] = spot(one);
        const distance = Math.hypot(x - point.x, y - point.y) - (one.count ? radiusOf(one) : RADIUS * size);
        if (distance < Math.min(nearest, REACH)) [found, nearest] = [one, distance];
      }
      return found ?? this.#outlineAt(point);
    }

    #outlineAt(point) {
      const { lng, lat } = this.map.containerPointToLatLng(point);
      const [x, y] = this.view.shapes.place(lng, lat);
      const pen = (this.pen ??= document.createElement("canvas").getContext("2d"));
      return this.outlines.findLast(({ path }) => pen.isPointInPath(path, x, y, "evenodd"))?.mark ?? null;
    }
  }

  const boundsOf = ([west, south, east, north]) => L.latLngBounds([south, west], [north, east]);

  function lineOf(assets, one) {
    if (one.count) {
      const { label } = assets.state.groups[one.kind];
      const most = one.share === 100 ? `all: ${label}` : `${one.share}% ${label}`;
      return element("div", {}, element("strong", {}, `${thousands(one.count)} assets`), element("span", {}, most));
    }
    const [owner, use, tenure, status] = one.facts;
    const words = [owner, `${use} · ${tenure}`, status];
    if (one.isApproximate) words.push("placed by postcode");
    return element("div", {}, element("strong", {}, one.name), ...words.map((line) => element("span", {}, line)));
  }

  function panelOf(assets, mark) {
    const [owner, use, tenure, status] = mark.facts;
    const list = element("dl", { class: "atlas-facts" });
    const rows = [["Use", use], ["Tenure", tenure], ["Status", status]];
    if (mark.interests > 1) rows.push(["Here", `${mark.interests} rows of registers in one place`]);
    if (mark.isApproximate) rows.push(["Placed", "by postcode, approximate"]);
    for (const [term, text] of rows) list.append(element("dt", {}, term), element("dd", {}, text));
    const address = assets.state.pages.replace("{id}", encodeURIComponent(mark.id));
    const more = element("a", { href: address, class: "estate-open" }, "Everything on record");
    return element("div", {}, element("h2", {}, mark.name), element("p", {}, owner), list, more);
  }

  /** Assets, asked for again whenever the window or the choice changes. */
  atlas.estateAssets = (map, { state }) => {
    const view = map.atlas;
    const read = () => JSON.parse(document.getElementById(state.slice(1)).textContent);
    const assets = new Assets(map, read());
    view.estate = assets;
    view.covered = (frame) => assets.covered(frame);
    view.add({ pane: "atlas-top", shown: true, build() {}, draw: (context, frame) => assets.draw(context, frame) });

    let waiting = 0;
    const later = () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => assets.load(), 90);
    };
    start(assets);
    view.ready.then(() => {
      map.on("moveend resize", later);
      assets.load();
    });

    const tip = L.tooltip({ className: "atlas-tip", direction: "auto", offset: [14, 0], opacity: 1 });
    const hover = (one) => {
      if (one === assets.hovered) return;
      assets.hovered = one;
      map.getContainer().style.cursor = one && !view.isDrawing ? "pointer" : "";
      view.redraw(["atlas-top"]);
    };
    const leave = () => {
      tip.remove();
      hover(null);
    };
    map.on("mousemove", ({ containerPoint, latlng, originalEvent }) => {
      const isOver = originalEvent.target.closest(".leaflet-control, .leaflet-popup");
      const one = isOver || view.isDrawing ? null : assets.under(containerPoint);
      if (!one) return leave();
      hover(one);
      tip.setLatLng(latlng).setContent(lineOf(assets, one));
      if (!map.hasLayer(tip)) tip.addTo(map);
      return undefined;
    });
    map.on("mouseout movestart", leave);
    map.on("click", ({ containerPoint }) => {
      const one = view.isDrawing ? null : assets.under(containerPoint);
      tip.remove();
      if (!one) return;
      if (one.count) nearer(map, assets, one);
      else panel(map, assets, one);
    });

    /** @param {boolean} goes whether the map goes to what was chosen, where it is not in view */
    assets.follow = (goes) => {
      assets.take(read());
      assets.isNew = goes;
      return assets.load();
    };
    assets.start = () => start(assets);
    assets.show = (id, place) => {
      assets.marked = assets.wanted = id;
      view.moved = true;
      map.setView(place, Math.max(map.getZoom(), 16), { animate: false });
      assets.load();
    };
  };

  /** Where the page says that the map looks. */
  function start({ map, state }) {
    const view = map.atlas;
    if (state.at) {
      view.fitted = map.getBounds();
      view.moved = true;
      map.setView([state.at[1], state.at[2]], state.at[0], { animate: false });
    } else {
      view.fit(state.bounds ?? view.config.bounds, false);
    }
  }

  function panel(map, assets, mark) {
    const maxHeight = Math.max(140, map.getSize().y - 70);
    const popup = L.popup({ className: "atlas-panel", maxWidth: 260, maxHeight, autoPanPadding: [24, 12], offset: [0, -4] });
    popup.setLatLng(mark.place).setContent(panelOf(assets, mark)).openOn(map);
  }

  /** Go so near that a cluster falls apart; one that cannot is told in words. */
  function nearer(map, assets, cluster) {
    assets.view.moved = true;
    const bounds = boundsOf(cluster.box);
    if (map.getZoom() >= map.getMaxZoom() - 0.25) {
      const words = `${thousands(cluster.count)} assets stand here. Choose an owner or a use to see fewer, or open the table.`;
      L.popup({ className: "atlas-panel", maxWidth: 240 }).setLatLng(bounds.getCenter()).setContent(element("p", {}, words)).openOn(map);
      return;
    }
    const zoom = Math.min(map.getMaxZoom(), Math.max(map.getZoom() + 1.5, map.getBoundsZoom(bounds, false, [60, 60])));
    map.setView(bounds.getCenter(), zoom, { animate: !calm.matches });
  }
})();
