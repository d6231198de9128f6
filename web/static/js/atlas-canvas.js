// What every map of ours is made with: elements, numbers as they are written, and a canvas that goes with the map.
"use strict";

(() => {
  /**
   * An element, its text always text.
   * @param {string} tag
   * @param {Record<string, string>} attributes
   * @param {...(Node | string)} children
   * @returns {HTMLElement}
   */
  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  const thousands = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

  /** A canvas that moves and zooms with the map, drawn anew when it comes to rest; who extends it adds `draw(context)`. */
  const Canvas = L.Renderer.extend({
    _initContainer() {
      this._container = element("canvas", { class: "atlas-canvas", "aria-hidden": "true" });
      this._context = this._container.getContext("2d");
    },

    _destroyContainer() {
      this._container.remove();
      delete this._context;
    },

    _updatePaths() {},

    _reset() {
      this._update();
    },

    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      const size = this._bounds.getSize();
      this._ratio = globalThis.devicePixelRatio || 1;
      this._container.width = Math.round(size.x * this._ratio);
      this._container.height = Math.round(size.y * this._ratio);
      this._container.style.width = `${size.x}px`;
      this._container.style.height = `${size.y}px`;
      L.DomUtil.setPosition(this._container, this._bounds.min);
      this.paint();
    },

    /** Draw all of it again. */
    paint() {
      const context = this._context;
      if (!context || !this._bounds) return;
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, this._container.width, this._container.height);
      this.draw(context);
    },

    /** Where the canvas begins, in pixels of the world at this zoom. */
    _corner() {
      return this._map.getPixelOrigin().add(this._bounds.min);
    },
  });

  /**
   * Paper has a box of its own for a map (`.on-paper` in atlas-map.css): all that the reader sees is fitted to it.
   * @param {L.Map} map
   * @param {{fit: Function, fitted: L.LatLngBounds, moved: boolean}} view
   */
  function printed(map, view) {
    const root = document.documentElement.classList;
    let screen = null;
    const toPaper = () => {
      if (screen || !map.getContainer().clientWidth) return;
      const { fitted, moved } = view;
      const seen = moved ? map.getBounds() : fitted;
      screen = { fitted, moved, middle: map.getCenter(), zoom: map.getZoom() };
      root.add("on-paper");
      map.invalidateSize({ pan: false });
      view.fit(seen, false);
    };
    const toScreen = () => {
      if (!screen) return;
      const { fitted, moved, middle, zoom } = screen;
      screen = null;
      root.remove("on-paper");
      map.invalidateSize({ pan: false });
      view.fit(fitted, false);
      view.moved = moved;
      if (moved) map.setView(middle, zoom, { animate: false });
    };
    addEventListener("beforeprint", toPaper);
    addEventListener("afterprint", toScreen);
    matchMedia("print").addEventListener("change", ({ matches }) => (matches ? toPaper() : toScreen()));
  }

  /** Do something when a marker is pressed: Leaflet calls its markers buttons, but gives them no keys. */
  function pressed(marker, go) {
    marker.on("click", go);
    marker.on("keydown", ({ originalEvent }) => {
      if (![" ", "Enter"].includes(originalEvent.key)) return;
      originalEvent.preventDefault();
      go();
    });
  }

  /** A disclosure over a map: what is done in it does not move the map, and Escape closes it. @param {HTMLDetailsElement} holder */
  function disclosed(holder) {
    L.DomEvent.disableClickPropagation(holder).disableScrollPropagation(holder);
    holder.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key !== "Escape") return;
      holder.open = false;
      holder.querySelector("summary").focus();
    });
  }

  /** Gives words to those who hear the page: what a key or a press has shown. @returns {(words: string) => void} */
  function teller(map) {
    const said = element("p", { class: "atlas-said", role: "status" });
    map.getContainer().after(said);
    return (words) => said.replaceChildren(words);
  }

  Object.assign(globalThis.atlas, { Canvas, disclosed, element, pressed, printed, teller, thousands });
})();
