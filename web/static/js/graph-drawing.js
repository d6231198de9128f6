// The drawing of the graph: positions come from the server, Leaflet pans and zooms, a canvas is drawn anew each time.
"use strict";

(() => {
  const atlas = globalThis.atlas;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const INK = "#0b0c0c";
  const PAPER = "#ffffff";
  const TIE = "#8d959b";
  const NEW = "#b58800";
  const COLOURS = ["#6f777b", "#12233d", "#1d70b8"];
  const [INSTITUTION, NETWORK, PROGRAMME] = [0, 1, 2];
  /** Degree, and 6 more for a network, from which a name must be read. */
  const FORCED = 20;
  const FAMILY = 'Arial, "Liberation Sans", sans-serif';

  /** Trace a shape: a circle, a square or a diamond of about the same weight. */
  function trace(context, kind, x, y, radius) {
    context.beginPath();
    if (kind === INSTITUTION) context.arc(x, y, radius, 0, 2 * Math.PI);
    else if (kind === NETWORK) context.rect(x - 0.92 * radius, y - 0.92 * radius, 1.84 * radius, 1.84 * radius);
    else {
      const reach = 1.22 * radius;
      context.moveTo(x, y - reach);
      context.lineTo(x + reach, y);
      context.lineTo(x, y + reach);
      context.lineTo(x - reach, y);
      context.closePath();
    }
  }

  /** A name on one line, or on two of about the same length. */
  function lines(name) {
    const short = name.length > 48 ? `${name.slice(0, 47).replace(/\s\S*$/, "")}…` : name;
    if (short.length < 21) return [short];
    const spaces = [...short.matchAll(/ /g)].map(({ index }) => index);
    if (!spaces.length) return [short];
    const half = short.length / 2;
    const cut = spaces.reduce((best, at) => (Math.abs(at - half) < Math.abs(best - half) ? at : best));
    return [short.slice(0, cut), short.slice(cut + 1)];
  }

  const overlap = (one, other) =>
    one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

  /** The drawing in one element. */
  class Drawing {
    /** @param {HTMLElement} box @param {object} data `atlas.maps.graph_values` @param {(node: number) => void} choose */
    constructor(box, data, choose) {
      this.data = data;
      this.box = box;
      this.scene = null;
      this.hovered = -1;
      this.map = L.map(box, {
        crs: L.CRS.Simple,
        zoomSnap: 0,
        zoomDelta: 0.5,
        wheelPxPerZoomLevel: 120,
        minZoom: -2.5,
        maxZoom: 3,
        zoomControl: false,
        attributionControl: false,
        scrollWheelZoom: false,
        trackResize: false,
        zoomAnimation: false,
        markerZoomAnimation: false,
        inertia: !calm.matches,
      });
      L.control.zoom({ position: "topleft", zoomInTitle: "Zoom in", zoomOutTitle: "Zoom out" }).addTo(this.map);
      this.canvas = atlas.element("canvas", { "aria-hidden": "true" });
      box.prepend(this.canvas);
      this.context = this.canvas.getContext("2d");
      this.tip = atlas.element("div", { class: "graph-tip", hidden: "" });
      box.append(this.tip);
      this.#fit();
      this.#listen(choose);
      new ResizeObserver(() => this.#resize()).observe(box);
    }

    #fit() {
      const { x, y, degree } = this.data.nodes;
      const tied = degree.flatMap((number, node) => (number ? [node] : []));
      const shown = tied.length ? tied : [...degree.keys()];
      const [left, right] = [Math.min(...shown.map((node) => x[node])), Math.max(...shown.map((node) => x[node]))];
      const [top, bottom] = [Math.min(...shown.map((node) => y[node])), Math.max(...shown.map((node) => y[node]))];
      this.map.fitBounds([[-bottom, left], [-top, right]], { padding: [26, 22], animate: false });
      this.map.setMaxBounds(L.latLngBounds([[-bottom, left], [-top, right]]).pad(0.6));
      this.moved = false;
    }

    #resize() {
      this.map.invalidateSize({ pan: false });
      const { x, y } = this.map.getSize();
      const ratio = globalThis.devicePixelRatio || 1;
      this.ratio = ratio;
      this.canvas.width = Math.round(x * ratio);
      this.canvas.height = Math.round(y * ratio);
      if (!this.moved) this.#fit();
      this.draw();
    }

    #listen(choose) {
      const { box, map } = this;
      map.on("move zoom", () => this.draw());
      box.addEventListener("focusin", () => map.scrollWheelZoom.enable());
      box.addEventListener("focusout", () => map.scrollWheelZoom.disable());
      box.addEventListener("pointerdown", () => box.classList.add("is-pointed"));
      box.addEventListener("keydown", () => box.classList.remove("is-pointed"));
      for (const type of ["pointerdown", "wheel", "keydown"]) {
        box.addEventListener(type, () => (this.moved = true), { passive: true });
      }
      map.on("mousemove", ({ containerPoint }) => this.#hover(this.nodeAt(containerPoint), containerPoint));
      map.on("mouseout movestart", () => this.#hover(-1));
      map.on("click", ({ containerPoint }) => choose(this.nodeAt(containerPoint)));
    }

    #hover(node, point) {
      this.box.classList.toggle("over-node", node >= 0);
      this.tip.hidden = node < 0;
      if (node >= 0) {
        const { name, what } = this.data.nodes;
        const may = this.scene.nodes[node] === 1 ? "; may stand at this date" : "";
        this.tip.replaceChildren(name[node], atlas.element("small", {}, what[node] + may));
        const { x, y } = this.map.getSize();
        const { offsetWidth: wide, offsetHeight: tall } = this.tip;
        this.tip.style.left = `${Math.max(4, Math.min(x - wide - 4, point.x + 14))}px`;
        this.tip.style.top = `${Math.max(4, Math.min(y - tall - 4, point.y + 12))}px`;
      }
      if (node === this.hovered) return;
      this.hovered = node;
      this.draw();
    }

    /** The node under a pixel; -1 where none. */
    nodeAt(point) {
      let [best, least] = [-1, Infinity];
      const { kind } = this.data.nodes;
      for (const node of this.drawn ?? []) {
        const [x, y] = this.at(node);
        const distance = Math.hypot(point.x - x, point.y - y) - this.radius(node) - (kind[node] === NETWORK ? 1 : 0);
        if (distance < Math.min(6, least)) [best, least] = [node, distance];
      }
      return best;
    }

    at(node) {
      return [this.left + this.data.nodes.x[node] * this.scale, this.top + this.data.nodes.y[node] * this.scale];
    }

    radius(node) {
      return this.data.nodes.radius[node] * Math.max(0.45, Math.min(1.6, this.scale ** 0.6));
    }

    /** Show a scene of `graph.js`. */
    show(scene) {
      this.scene = scene;
      this.draw();
    }

    /** Show some nodes as large as they fit; all of them where none are given, unless the reader moved meanwhile. */
    reveal(shown) {
      if (!shown) {
        if (this.isNear) this.#fit();
        this.isNear = false;
        return;
      }
      const { x, y } = this.data.nodes;
      const box = L.latLngBounds([...shown].map((node) => [-y[node], x[node]]));
      this.map.fitBounds(box, { padding: [70, 60], maxZoom: 0.9, animate: false });
      this.isNear = this.moved = true;
    }

    /** Draw anew at the next frame, once however often it is asked for. */
    draw() {
      this.pending ||= requestAnimationFrame(() => {
        this.pending = 0;
        this.#paint();
      });
    }

    #paint() {
      const { context, scene } = this;
      if (!scene || !this.canvas.width) return;
      const corner = this.map.latLngToContainerPoint([0, 0]);
      [this.left, this.top, this.scale] = [corner.x, corner.y, 2 ** this.map.getZoom()];
      context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
      context.clearRect(0, 0, this.canvas.width, this.canvas.height);
      this.drawn = [...scene.nodes.keys()].filter((node) => scene.nodes[node]);
      const focus = scene.selected >= 0 ? scene.ego : this.hovered >= 0 ? scene.neighbours(this.hovered) : null;
      this.#ties(focus);
      this.#ghosts();
      this.#shapes(focus);
      this.#names(focus);
    }

    #ties(focus) {
      const { context, scene } = this;
      const { from, to } = this.data.ties;
      const middle = scene.selected >= 0 ? scene.selected : this.hovered;
      const passes = [[], [], [], []];
      scene.ties.forEach((state, tie) => {
        if (!state) return;
        const near = focus && (from[tie] === middle || to[tie] === middle);
        passes[(near ? 2 : 0) + (state === 2 ? 1 : 0)].push(tie);
      });
      passes.forEach((ties, pass) => {
        const near = pass >= 2;
        context.globalAlpha = focus && !near ? 0.22 : 1;
        context.strokeStyle = near ? INK : TIE;
        context.lineWidth = near ? 1.5 : 0.8;
        context.setLineDash(pass % 2 ? [] : near ? [5, 4] : [3, 3]);
        context.beginPath();
        for (const tie of ties) {
          context.moveTo(...this.at(from[tie]));
          context.lineTo(...this.at(to[tie]));
        }
        context.stroke();
      });
      context.setLineDash([]);
      context.globalAlpha = 1;
    }

    /** Who came before or after the chosen node and does not stand: hollow, with an arrow to the later one. */
    #ghosts() {
      const { context, scene } = this;
      for (const [older, newer] of scene.successions) {
        const [[x0, y0], [x1, y1]] = [this.at(older), this.at(newer)];
        const angle = Math.atan2(y1 - y0, x1 - x0);
        const [start, end] = [this.radius(older) + 3, this.radius(newer) + 5];
        const tip = [x1 - end * Math.cos(angle), y1 - end * Math.sin(angle)];
        context.strokeStyle = context.fillStyle = NEW;
        context.lineWidth = 2.2;
        context.beginPath();
        context.moveTo(x0 + start * Math.cos(angle), y0 + start * Math.sin(angle));
        context.lineTo(...tip);
        context.stroke();
        context.beginPath();
        context.moveTo(...tip);
        for (const turn of [2.65, -2.65]) context.lineTo(tip[0] + 10 * Math.cos(angle + turn), tip[1] + 10 * Math.sin(angle + turn));
        context.fill();
      }
      for (const node of scene.ghosts) {
        trace(context, this.data.nodes.kind[node], ...this.at(node), this.radius(node));
        context.fillStyle = PAPER;
        context.fill();
        context.setLineDash([2, 2]);
        context.lineWidth = 1.5;
        context.strokeStyle = COLOURS[this.data.nodes.kind[node]];
        context.stroke();
        context.setLineDash([]);
      }
    }

    #shapes(focus) {
      const { context, scene } = this;
      const { kind } = this.data.nodes;
      const order = [...this.drawn].sort((one, other) => (focus?.has(one) ?? 0) - (focus?.has(other) ?? 0));
      for (const node of order) {
        const [x, y] = this.at(node);
        const radius = this.radius(node);
        context.globalAlpha = focus && !focus.has(node) ? 0.2 : 1;
        if (scene.fresh.has(node)) {
          context.beginPath();
          context.arc(x, y, radius * 1.25 + 4, 0, 2 * Math.PI);
          context.lineWidth = 3;
          context.strokeStyle = NEW;
          context.stroke();
        }
        if (node === scene.selected) {
          trace(context, kind[node], x, y, radius + 5);
          context.fillStyle = "#ffdd00";
          context.fill();
          context.lineWidth = 1.5;
          context.strokeStyle = INK;
          context.stroke();
        }
        trace(context, kind[node], x, y, radius);
        context.lineWidth = 2.4;
        context.strokeStyle = PAPER;
        context.stroke();
        const isMay = scene.nodes[node] === 1;
        context.fillStyle = isMay ? PAPER : COLOURS[kind[node]];
        context.fill();
        context.lineWidth = 1.4;
        context.strokeStyle = COLOURS[kind[node]];
        context.stroke();
      }
      context.globalAlpha = 1;
    }

    /** Names in order of weight, each where it finds room. */
    #names(focus) {
      const { context, scene } = this;
      const { name, degree, kind } = this.data.nodes;
      const size = this.map.getSize();
      const taken = [{ left: 0, right: 44, top: 0, bottom: 78 }];
      const shapes = [];
      const heavy = (node) => degree[node] + (kind[node] === NETWORK ? 6 : 0);
      const isNamed = (node) => {
        if (focus) return focus.has(node);
        if (kind[node] === NETWORK) return true;
        return degree[node] * this.scale ** 2 > (kind[node] === PROGRAMME ? 1.6 : 3.5);
      };
      const first = (node) => (node === scene.selected || node === this.hovered ? 1e4 : 0);
      const wanted = [...this.drawn.filter(isNamed), ...scene.ghosts];
      wanted.sort((one, other) => first(other) + heavy(other) - first(one) - heavy(one));
      for (const node of wanted) {
        if (!kind[node]) continue;
        const [x, y] = this.at(node);
        const radius = this.radius(node);
        shapes.push({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius });
      }
      for (const node of wanted) {
        const [x, y] = this.at(node);
        if (x < -40 || y < -40 || x > size.x + 40 || y > size.y + 40) continue;
        const isLarge = kind[node] === NETWORK || node === scene.selected;
        const height = isLarge ? 13 : 12;
        context.font = `${isLarge ? 600 : 400} ${isLarge ? 12 : 11}px ${FAMILY}`;
        const said = lines(name[node]);
        const wide = Math.max(...said.map((line) => context.measureText(line).width));
        const room = (others) => this.#room(x, y, this.radius(node) + 3, wide, said.length * height, others, size);
        // A name that must be read may lie over shapes, never over another name.
        const place = room([...taken, ...shapes]) ?? (heavy(node) >= FORCED ? room(taken) : null);
        if (!place && !first(node)) continue;
        const box = place ?? { left: x - wide / 2, top: y + this.radius(node) + 3, right: x + wide / 2, bottom: y + 30 };
        taken.push(box);
        context.textAlign = "center";
        context.textBaseline = "top";
        context.lineJoin = "round";
        context.lineWidth = 3.5;
        context.strokeStyle = "rgba(255, 255, 255, 0.92)";
        context.fillStyle = scene.nodes[node] ? INK : "#505a5f";
        said.forEach((line, row) => {
          const at = [(box.left + box.right) / 2, box.top + row * height];
          context.strokeText(line, ...at);
          context.fillText(line, ...at);
        });
      }
    }

    /** A free box below, above, right or left of a shape; null where there is none. */
    #room(x, y, away, wide, tall, taken, size) {
      const tries = [
        [x - wide / 2, y + away],
        [x - wide / 2, y - away - tall],
        [x + away + 2, y - tall / 2],
        [x - away - 2 - wide, y - tall / 2],
      ];
      for (const [left, top] of tries) {
        const box = { left: left - 2, right: left + wide + 2, top, bottom: top + tall };
        const isInside = box.left > 0 && box.top > 0 && box.right < size.x && box.bottom < size.y;
        if (isInside && !taken.some((other) => overlap(box, other))) return box;
      }
      return null;
    }
  }

  Object.assign(atlas, { Drawing, shapeOf: ["M5.5 0a5.5 5.5 0 1 1-11 0 5.5 5.5 0 1 1 11 0Z", "M-5.5-5.5h11v11h-11Z", "M0-7 7 0 0 7-7 0Z"] });
})();
