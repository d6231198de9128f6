// The drawing of the graph, whoever draws it: who is looked at, the tip, keys; and a plain one for where WebGL is missing.
"use strict";

(() => {
  const atlas = globalThis.atlas;
  const { element } = atlas;
  const { COLOURS, PAPER, trace, strokeTies, under, names } = atlas.graphPaint;
  const [MAY, STANDS] = [1, 2];
  /** Scales between which the reader zooms, and at which a neighbourhood is shown at most; in pixels for a unit. */
  const [FAR, NEAR, NEIGHBOURHOOD] = [0.1, 6, 1.7];
  const PAD = 26;
  /** Dots of paper for each of the screen's. */
  const SHARP = 3;
  /** How far an arrow key moves the drawing, in pixels. */
  const STEP = 80;
  const TIES = { [MAY]: "#dde1e4", [STANDS]: "#b4bdc3", faint: "#eff1f2" };

  /** A colour as it looks a fifth as strong on white. */
  const weaken = (colour) =>
    `#${[1, 3, 5].map((at) => Math.round(255 - 0.2 * (255 - parseInt(colour.slice(at, at + 2), 16))).toString(16).padStart(2, "0")).join("")}`;
  const FAINT = COLOURS.map(weaken);

  /** What both ways to draw share; each adds `at`, `scale`, `centre`, `goto` and `redraw`. */
  class Drawing {
    /**
     * @param {HTMLElement} box
     * @param {object} data `atlas.maps.graph_values`
     * @param {(node: number) => void} choose called with -1 where nobody stands
     * @param {object} scene what `graph-model.js` has to show first
     */
    constructor(box, data, choose, scene) {
      Object.assign(this, { box, data, choose, hovered: -1, dismissed: -1 });
      this.y = data.nodes.y.map((down) => -down);
      this.extent = this.extentOf([...this.y.keys()]);
      this.stage = element("div", { class: "graph-stage", "aria-hidden": "true" });
      this.tip = element("div", { class: "graph-tip", hidden: "" });
      box.replaceChildren(this.stage, this.tip);
      this.away = new AbortController();
      this.on("keydown", (event) => this.#key(event));
      this.on("pointerleave", () => this.look(-1));
      this.#take(scene);
    }

    /** Listen until the drawing gives way to another. */
    on(type, act, options = {}) {
      this.box.addEventListener(type, act, { ...options, signal: this.away.signal });
    }

    extentOf(nodes) {
      const span = (values) => [Math.min(...values), Math.max(...values)];
      return { x: span(nodes.map((node) => this.data.nodes.x[node])), y: span(nodes.map((node) => this.y[node])) };
    }

    get size() {
      return { x: this.stage.clientWidth, y: this.stage.clientHeight };
    }

    /** Radius of a shape in pixels at a scale. */
    sized(scale) {
      return Math.max(0.45, Math.min(1.6, scale ** 0.6));
    }

    radius(node) {
      return this.data.nodes.radius[node] * this.sized(this.scale);
    }

    /** Show a scene of `graph-model.js`. */
    show(scene) {
      this.#take(scene);
      this.redraw();
    }

    #take(scene) {
      this.scene = scene;
      this.drawn = [...scene.nodes.keys()].filter((node) => scene.nodes[node]);
      this.#refocus();
    }

    /** Look at a node under the pointer or of a list, without choosing it; -1 for none. */
    look(node, point) {
      if (node === this.hovered) return;
      this.hovered = node;
      this.box.classList.toggle("over-node", node >= 0);
      this.#tell(node, point);
      this.#refocus();
      this.redraw();
    }

    #refocus() {
      const { scene, hovered } = this;
      const stands = hovered >= 0 && scene.nodes[hovered];
      this.middle = stands ? hovered : scene.selected;
      this.focus = stands ? scene.neighbours(hovered) : scene.ego;
    }

    #tell(node, point) {
      const { tip } = this;
      tip.hidden = node < 0 || !point || node === this.dismissed;
      if (tip.hidden) return;
      this.dismissed = -1;
      const { name, what } = this.data.nodes;
      const may = this.scene.nodes[node] === MAY ? "; may stand at this date" : "";
      tip.replaceChildren(name[node], element("small", {}, what[node] + may));
      tip.style.left = `${Math.max(4, Math.min(this.size.x - tip.offsetWidth - 4, point.x + 14))}px`;
      tip.style.top = `${Math.max(4, Math.min(this.size.y - tip.offsetHeight - 4, point.y + 12))}px`;
    }

    /** Hide the tip until another node is pointed at. @returns {boolean} whether there was one */
    dismiss() {
      if (this.tip.hidden) return false;
      this.tip.hidden = true;
      this.dismissed = this.hovered;
      return true;
    }

    /** Ties of who is looked at, or between those who are. */
    nearTies() {
      const { focus, middle, scene } = this;
      const { from, to } = this.data.ties;
      if (!focus) return [];
      const isNear = (tie) => (middle >= 0 ? from[tie] === middle || to[tie] === middle : focus.has(from[tie]) && focus.has(to[tie]));
      return [...scene.ties.keys()].filter((tie) => scene.ties[tie] && isNear(tie));
    }

    /** Show some nodes as large as they fit; all of them where none are given, unless the reader moved meanwhile. */
    reveal(shown) {
      if (shown?.size) this.frame(this.extentOf([...shown]), NEIGHBOURHOOD);
      else if (this.isNear) this.fit();
      this.isNear = Boolean(shown?.size);
    }

    fit() {
      this.frame(this.extent, Infinity);
    }

    /** Show a part of the drawing, not larger than a scale. */
    frame(extent, most) {
      const { x, y } = extent;
      const margin = most === Infinity ? 2 * PAD : Math.min(130, this.size.x / 4);
      const scale = Math.max(FAR, Math.min(NEAR, most, this.fitting(extent, margin)));
      this.goto({ x: (x[0] + x[1]) / 2, y: (y[0] + y[1]) / 2 }, scale);
    }

    /** The scale at which a part fits, in pixels for a unit. */
    fitting({ x, y }, margin) {
      const { size } = this;
      return Math.min((size.x - margin) / Math.max(1, x[1] - x[0]), (size.y - margin) / Math.max(1, y[1] - y[0]));
    }

    #key(event) {
      const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      const factor = { "+": 1.5, "=": 1.5, "-": 1 / 1.5 }[event.key];
      if (event.target !== this.box || event.ctrlKey || event.metaKey || event.altKey) return;
      if (!step && !factor && event.key !== "0") return;
      event.preventDefault();
      if (factor) this.zoom(factor);
      else if (step) this.pan(step);
      else this.fit();
    }

    pan([right, up]) {
      const { centre, scale } = this;
      this.goto({ x: centre.x + (right * STEP) / scale, y: centre.y + (up * STEP) / scale }, scale);
    }

    zoom(factor) {
      this.goto(this.centre, Math.max(FAR, Math.min(NEAR, this.scale * factor)));
    }

    /** How a shape is filled and outlined. */
    lookOf(node) {
      const kind = this.data.nodes.kind[node];
      const colours = this.focus && !this.focus.has(node) ? FAINT : COLOURS;
      return { kind, colour: colours[kind], isHollow: this.scene.nodes[node] === MAY };
    }

    /** Colour of a tie that is not looked at; those that are lie over it. */
    tieColour(tie) {
      return this.focus ? TIES.faint : TIES[this.scene.ties[tie]];
    }

    /** Draw on a canvas what is seen. @returns {object[]} boxes of the names */
    paintOn(canvas, ratio) {
      const { scene, size } = this;
      const context = canvas.getContext("2d");
      [canvas.width, canvas.height] = [Math.round(size.x * ratio), Math.round(size.y * ratio)];
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.lineWidth = 1;
      for (const state of [MAY, STANDS]) {
        context.strokeStyle = this.focus ? TIES.faint : TIES[state];
        strokeTies(context, this, [...scene.ties.keys()].filter((tie) => scene.ties[tie] === state));
      }
      under(context, this);
      const isNear = (node) => Number(this.focus?.has(node) ?? 0);
      for (const node of [...this.drawn].sort((one, other) => isNear(one) - isNear(other))) {
        const { kind, colour, isHollow } = this.lookOf(node);
        trace(context, kind, ...this.at(node), this.radius(node));
        context.fillStyle = isHollow ? PAPER : colour;
        context.strokeStyle = colour;
        context.lineWidth = 1.5;
        context.fill();
        context.stroke();
      }
      return names(context, this);
    }

    kill() {
      this.away.abort();
    }
  }

  /** Without WebGL: one canvas, zoomed by buttons and keys. */
  class PlainDrawing extends Drawing {
    constructor(...args) {
      super(...args);
      this.canvas = this.stage.appendChild(element("canvas", { "aria-hidden": "true" }));
      this.on("pointermove", (event) => this.look(...this.#under(event)));
      this.on("click", (event) => event.target === this.canvas && this.choose(this.#under(event)[0]));
      this.watcher = new ResizeObserver(() => (this.isNear ? this.redraw() : this.fit()));
      this.watcher.observe(this.stage);
      this.fit();
    }

    #under({ clientX, clientY }) {
      const { left, top } = this.stage.getBoundingClientRect();
      const point = { x: clientX - left, y: clientY - top };
      const away = (node) => Math.hypot(this.at(node)[0] - point.x, this.at(node)[1] - point.y) - this.radius(node);
      const near = this.drawn.filter((node) => away(node) < 6).sort((one, other) => away(one) - away(other));
      return [near[0] ?? -1, point];
    }

    at(node) {
      const { size, centre, scale } = this;
      return [size.x / 2 + (this.data.nodes.x[node] - centre.x) * scale, size.y / 2 - (this.y[node] - centre.y) * scale];
    }

    goto(centre, scale) {
      Object.assign(this, { centre, scale });
      this.redraw();
    }

    redraw() {
      this.pending ||= requestAnimationFrame(() => this.#paint());
    }

    #paint() {
      this.pending = 0;
      this.named = this.paintOn(this.canvas, globalThis.devicePixelRatio || 1);
    }

    kill() {
      super.kill();
      this.watcher.disconnect();
    }
  }

  /**
   * Paper gets a picture of the drawing: of one by WebGL nothing is left when the page is printed.
   * @param {HTMLElement} panel
   * @param {() => Drawing} drawing
   */
  function pictured(panel, drawing) {
    const picture = panel.appendChild(element("canvas", { class: "graph-picture", "aria-hidden": "true" }));
    // before the map beside it takes the size that it has on paper
    addEventListener("beforeprint", () => drawing().paintOn(picture, SHARP), { capture: true });
    addEventListener("afterprint", () => (picture.width = picture.height = 0));
  }

  Object.assign(atlas, { pictured, Drawing, PlainDrawing, graphPad: PAD });
})();

