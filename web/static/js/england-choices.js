// What is shown of England: its release, its measure and one of its districts; and the map on paper.
"use strict";

(() => {
  const atlas = globalThis.atlas;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const PAPER_PX = { width: 690, height: 500 };

  /** On paper the map is what the screen shows, made smaller: tiles of another size would come too late for it. */
  function printed(map) {
    const frame = map.getContainer().closest(".atlas-frame");
    const stage = map.getContainer().closest(".atlas-stage");
    const sizes = ["width", "height"];
    addEventListener("beforeprint", () => {
      const { x: width, y: height } = map.getSize();
      if (!width) return;
      Object.assign(stage.style, { width: `${width}px`, height: `${height}px` });
      frame.style.zoom = Math.min(1, PAPER_PX.width / width, PAPER_PX.height / height);
      document.documentElement.classList.add("on-paper");
    });
    addEventListener("afterprint", () => {
      document.documentElement.classList.remove("on-paper");
      frame.style.removeProperty("zoom");
      for (const size of sizes) stage.style.removeProperty(size);
    });
  }

  /** A measure fetches the page for its words and table, and the map takes new values; another release is another page. */
  function choices(view) {
    const form = document.getElementById("england-choices");
    if (!form) return;
    form.classList.add("live");
    const whole = () => location.pathname + location.search;
    let last = whole();
    let asked = "";
    const show = async (address) => {
      asked = address;
      const answer = await fetch(address);
      if (!answer.ok) return void location.assign(address + location.hash);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (address !== asked) return;
      for (const old of document.querySelectorAll("[data-england]")) {
        const renewed = page.querySelector(`[data-england="${old.dataset.england}"]`);
        if (!renewed) continue;
        // in its place: a live region that is put in anew says nothing
        old.replaceChildren(...renewed.childNodes);
        old.dispatchEvent(new Event("atlas:renewed", { bubbles: true }));
      }
    };
    /** The address with one choice changed: order and all else stay. */
    const addressWith = ({ name, value, dataset }) => {
      const fields = new URLSearchParams(location.search);
      if (value === dataset.default) fields.delete(name);
      else fields.set(name, value);
      const query = fields.toString().replaceAll("%2C", ",");
      return location.pathname + (query && `?${query}`);
    };
    form.addEventListener("change", ({ target }) => {
      const address = addressWith(target);
      if (target.name === "release") {
        const detail = { address: address + location.hash, held: target.id };
        // page.js opens it, and puts the keyboard back where it was
        return document.dispatchEvent(new CustomEvent("atlas:leave", { detail }));
      }
      history.pushState(null, "", address + location.hash);
      last = whole();
      for (const option of target.options) option.defaultSelected = option.selected;
      view.setValues(target.selectedOptions[0].dataset.values);
      return show(address);
    });
    // a page that is kept for Back says what it shows, not what was chosen last
    addEventListener("pageshow", () => form.reset());
    document.addEventListener("atlas:ordered", () => (last = whole()));
    addEventListener("popstate", () => (whole() === last ? undefined : location.reload()));
    document.addEventListener("click", (event) => {
      const button = event.target.closest?.("[data-district]");
      if (!button) return;
      view.ready.then(() => {
        if (view.focus(button.dataset.district)) view.tell(`On the map: ${view.shapes.about.stems.name[view.district]}`);
        view.map.getContainer().scrollIntoView({ block: "nearest", behavior: calm.matches ? "auto" : "smooth" });
      });
    });
  }

  /** Rows that are equal in a column stand by name, as web/england.py has them: tables.js keeps equals in their order. */
  function equalsByName() {
    const name = (row) => row.querySelector("th").dataset.value;
    const byName = (one, other) => (name(one) < name(other) ? -1 : 1);
    const arrange = ({ target }) => {
      const body = target.closest?.("[data-england=table] .sorts > a")?.closest("table").tBodies[0];
      body?.append(...[...body.rows].sort(byName));
    };
    document.addEventListener("click", arrange, { capture: true });
  }

  Object.assign(atlas, { englandChoices: choices, englandEquals: equalsByName, englandPrinted: printed });
})();
