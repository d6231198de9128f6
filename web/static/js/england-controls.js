// What works the map of England: its layers, its panel, the pointer and the keyboard.
"use strict";

(() => {
  const atlas = globalThis.atlas;
  const { element } = atlas;
  const BOARDS = "integrated-care-boards";

  /** Layers on and off: the word of each in the address, what it is called, and whether it is shown at the start. */
  const layers = ({ boardsYear }) =>
    [
      { word: "district-names", label: "District names", first: true },
      { word: BOARDS, label: `Integrated care boards, ${boardsYear}`, first: false },
    ].map((layer) => ({ ...layer, shown: layer.first }));

  /** Layers on and off, the whole of England, and the panel of an area: all in reach of the keyboard. */
  function furnish(map, view) {
    const stage = map.getContainer().closest(".atlas-stage");
    const box = element("details", { class: "atlas-layers leaflet-control" }, element("summary", {}, "Layers"));
    const inside = element("div");
    const hasBoards = () => view.shapes?.about.icbs.length > 1;
    for (const layer of view.layers) {
      const input = element("input", { type: "checkbox" });
      input.addEventListener("change", () => view.show((one) => (one === layer ? input.checked : one.shown)));
      const follow = () => (input.checked = layer.shown);
      follow();
      map.on("atlas:shown", follow);
      const label = element("label", {}, input, layer.label);
      inside.append(label);
      if (layer.word === BOARDS) view.ready.then(() => (label.hidden = !hasBoards()));
    }
    const whole = element("button", { type: "button" }, "All of England");
    whole.addEventListener("click", () => view.home());
    inside.append(whole);
    box.append(inside);
    atlas.disclosed(box);
    stage.querySelector(".leaflet-top.leaflet-right").append(box);
    const close = element("button", { type: "button", class: "atlas-close", "aria-label": "Close" }, "×");
    close.addEventListener("click", () => {
      view.choose(-1);
      map.getContainer().focus({ preventScroll: true });
    });
    const panel = element("section", { class: "atlas-sheet", id: `${view.config.id}_panel`, "aria-label": "Area" }, element("div"), close);
    panel.hidden = true;
    view.tell = atlas.teller(map);
    L.DomEvent.disableClickPropagation(panel).disableScrollPropagation(panel);
    stage.append(panel);
  }

  function listen(map, view) {
    const container = map.getContainer();
    container.addEventListener("focusin", () => map.scrollWheelZoom.enable());
    container.addEventListener("focusout", () => map.scrollWheelZoom.disable());
    container.addEventListener("pointerdown", () => container.classList.add("is-pointed"));
    // a finger does not hover: its tap opens the panel, which says all that the tooltip would
    let hovers = true;
    for (const type of ["pointerdown", "pointermove"]) {
      container.addEventListener(type, ({ pointerType }) => (hovers = pointerType !== "touch"), { capture: true, passive: true });
    }
    for (const type of ["pointerdown", "wheel", "keydown"]) {
      container.addEventListener(type, ({ target }) => (view.moved ||= !target.closest(".atlas-layers, .atlas-sheet")), { passive: true });
    }
    container.addEventListener("keydown", (event) => {
      container.classList.remove("is-pointed");
      if (event.target !== container) return;
      // the pointer of a keyboard is the middle of the map
      if (["Enter", " "].includes(event.key)) {
        event.preventDefault();
        view.choose(view.grid?.idAt(map.getCenter()) ?? -1);
      } else if (event.key === "Escape") view.choose(-1);
    });
    map.on("click", ({ latlng }) => view.choose(view.grid?.idAt(latlng) ?? -1));
    let waiting = null;
    map.on("mousemove", ({ latlng }) => {
      cancelAnimationFrame(waiting);
      if (hovers) waiting = requestAnimationFrame(() => view.hover(latlng));
    });
    map.on("mouseout movestart", () => {
      cancelAnimationFrame(waiting);
      view.hover(null);
    });
  }

  function controls(map, view) {
    furnish(map, view);
    listen(map, view);
  }

  Object.assign(atlas, { englandControls: controls, englandLayers: layers });
})();
