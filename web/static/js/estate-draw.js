// Drawing an area on the map: corners by click or by the keyboard, closed at the first corner.
"use strict";

(() => {
  const atlas = globalThis.atlas;
  const { element } = atlas;
  const INK = "#0b0c0c";
  const BAND = "#12233d";
  const PAPER = "#ffffff";

  /** Pixels from the first corner within which a click closes the area. */
  const CLOSE = 11;
  const MOST = 200;

  /** Fingers, and no keys. */
  const touched = matchMedia("(hover: none) and (pointer: coarse)");

  const written = (corners) => corners.map(({ lng, lat }) => `${lng.toFixed(5)},${lat.toFixed(5)}`).join(",");

  function readCorners(text) {
    const numbers = text ? text.split(",").map(Number) : [];
    return numbers.flatMap((longitude, index) => (index % 2 ? [] : [L.latLng(numbers[index + 1], longitude)]));
  }

  /** Tell the page which area was drawn; empty for none. */
  const tell = (area) => document.dispatchEvent(new CustomEvent("estate:area", { detail: { area } }));

  /** Whether a button was pressed by a key. */
  const wasKeyed = ({ detail }) => detail === 0;

  atlas.estateDrawing = (map) => {
    const view = map.atlas;
    const container = map.getContainer();
    const stage = container.closest(".atlas-stage");
    const draw = element("button", { type: "button", "aria-pressed": "false" }, "Draw an area");
    const clear = element("button", { type: "button", hidden: "" }, "No area");
    const hint = element("p", { class: "estate-hint", role: "status" });
    const cross = element("div", { class: "estate-cross", "aria-hidden": "true" });
    let corners = [];
    let pointer = null;

    const control = L.control({ position: "topleft" });
    control.onAdd = () => element("div", { class: "estate-tools leaflet-control" }, draw, clear);
    control.addTo(map);
    L.DomEvent.disableClickPropagation(control.getContainer());
    stage.append(hint);
    container.append(cross);

    view.add({
      pane: "overlayPane",
      shown: true,
      build() {},
      draw(context, frame) {
        const area = view.isDrawing ? [] : readCorners(view.estate.state.area);
        if (area.length) paintArea(context, frame, area);
      },
    });
    view.add({
      pane: "atlas-top",
      shown: true,
      build() {},
      draw(context, frame) {
        if (view.isDrawing) paintLine(context, frame);
      },
    });

    const placeOf = ({ lng, lat }) => view.shapes.place(lng, lat);

    function paintArea(context, frame, area) {
      const text = area.map((corner, index) => `${index ? "L" : "M"}${placeOf(corner).join(" ")}`).join("");
      const path = new Path2D(`${text}Z`);
      const outside = new Path2D(path);
      outside.rect(-1e7, -1e7, 3e7, 3e7);
      context.fillStyle = "rgba(255, 255, 255, 0.55)";
      context.fill(outside, "evenodd");
      atlas.cased(context, frame, path, 2.4, BAND, PAPER, 1.5);
    }

    function paintLine(context, frame) {
      const shown = pointer ? [...corners, pointer] : corners;
      if (!shown.length) return;
      const text = shown.map((corner, index) => `${index ? "L" : "M"}${placeOf(corner).join(" ")}`).join("");
      const path = new Path2D(corners.length > 1 ? `${text}Z` : text);
      context.fillStyle = "rgba(18, 35, 61, 0.12)";
      context.fill(path);
      atlas.cased(context, frame, path, 2, BAND, PAPER, 1.5);
      frame.inPixels();
      corners.forEach((corner, index) => {
        const [x, y] = frame.at(placeOf(corner));
        const half = index ? 3.5 : 5.5;
        context.fillStyle = index ? INK : "#ffdd00";
        context.strokeStyle = INK;
        context.lineWidth = 1.5;
        context.fillRect(x - half, y - half, 2 * half, 2 * half);
        context.strokeRect(x - half, y - half, 2 * half, 2 * half);
      });
    }

    const words = () => {
      if (touched.matches) return corners.length < 3 ? "Touch the corners of the area." : "Touch the first corner to close the area.";
      if (corners.length < 3) return "Click the corners of the area; Escape leaves it. Keys: arrows move the map, Space sets a corner in its middle.";
      return "Click the first corner, double-click, or press Enter, to close the area. Backspace takes the last corner back.";
    };

    /** Keys set corners in the middle, which is marked for as long as they are used. */
    function mark(isKeyed) {
      stage.classList.toggle("is-keyed", isKeyed);
      if (!isKeyed || !corners.length) return;
      pointer = map.getCenter();
      view.redraw(["atlas-top"]);
    }

    /** @param {boolean} isKeyed whether a key was pressed for it */
    function begin(isKeyed = false) {
      view.isDrawing = true;
      corners = [];
      pointer = null;
      map.closePopup();
      map.doubleClickZoom.disable();
      stage.classList.add("is-drawing");
      draw.setAttribute("aria-pressed", "true");
      draw.textContent = "Stop drawing";
      hint.textContent = words();
      container.focus({ preventScroll: true });
      mark(isKeyed);
      view.redraw();
    }

    function end() {
      view.isDrawing = false;
      corners = [];
      pointer = null;
      map.doubleClickZoom.enable();
      stage.classList.remove("is-drawing", "is-keyed");
      draw.setAttribute("aria-pressed", "false");
      draw.textContent = "Draw an area";
      hint.textContent = "";
      view.redraw();
    }

    function close() {
      if (corners.length < 3) {
        hint.textContent = `An area has three corners or more; ${["none is", "one is", "two are"][corners.length]} set.`;
        return;
      }
      const area = written(corners);
      end();
      tell(area);
    }

    function add(corner) {
      // the second click of a double one sets no corner of its own
      if (corners.length && corners.at(-1).equals(corner)) return;
      const first = corners[0] && map.latLngToContainerPoint(corners[0]);
      const isClosing = corners.length >= 3 && first.distanceTo(map.latLngToContainerPoint(corner)) <= CLOSE;
      if (isClosing || corners.length === MOST) {
        close();
        return;
      }
      corners.push(corner);
      hint.textContent = words();
      view.redraw(["atlas-top"]);
    }

    map.on("click", ({ latlng }) => view.isDrawing && add(latlng));
    map.on("dblclick", () => view.isDrawing && close());
    map.on("move", () => view.isDrawing && stage.classList.contains("is-keyed") && mark(true));
    map.on("mousemove", ({ latlng, originalEvent }) => {
      // a map that moves under a pointer at rest is told of as a movement, of nothing
      if (!view.isDrawing || !(originalEvent.movementX || originalEvent.movementY)) return;
      mark(false);
      if (!corners.length) return;
      pointer = latlng;
      view.redraw(["atlas-top"]);
    });
    stage.addEventListener("keydown", (event) => {
      if (!view.isDrawing || event.target.closest("button")) return;
      mark(true);
      const act = {
        Escape: end,
        Enter: close,
        " ": () => add(map.getCenter()),
        Backspace: () => {
          corners.pop();
          hint.textContent = words();
          view.redraw(["atlas-top"]);
        },
      }[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    });
    draw.addEventListener("click", (event) => (view.isDrawing ? end() : begin(wasKeyed(event))));
    clear.addEventListener("click", () => {
      // it goes away with the area, and must not take the focus along
      draw.focus({ preventScroll: true });
      tell("");
    });

    const follow = () => {
      clear.hidden = !view.estate.state.area;
    };
    map.on("estate:state", follow);
    follow();
    view.beginDrawing = (event) => begin(wasKeyed(event));
  };
})();
