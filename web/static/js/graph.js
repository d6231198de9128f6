// The page of the graph: what was chosen, what stands on the day, and the words about it.
"use strict";

(() => {
  const atlas = globalThis.atlas;
  const { element } = atlas;
  const byId = (id) => document.getElementById(id);
  const form = byId("graph-form");
  const views = byId("graph-views");
  const { DAY_MS, MONTHS, MAY, STANDS, isoOf, dayOf, plural } = atlas.graphTime;
  const STEP_MS = 900;

  class Page extends atlas.GraphTeller {
    /** Draw what is chosen. */
    show() {
      const scene = this.scene();
      this.before = scene.nodes;
      this.current = scene;
      if (this.drawing) this.drawing.show(scene);
      else this.draw();
      this.showPlaces();
      this.tell(scene);
      this.control();
    }

    draw() {
      const replaced = (drawing) => (this.drawing = drawing);
      this.drawing = atlas.drawingIn(byId("drawing"), this.data, (node) => this.choose(node), () => this.current, replaced);
      byId("drawing-message").hidden = true;
      atlas.pictured(byId("drawing").parentElement, () => this.drawing);
    }

    /** Show on the map what is drawn, once there is a map. */
    showPlaces() {
      this.count(this.current, this.map?.inTime(this.current) ?? 0);
    }

    count({ nodes, ties, covered, whole, sites, selected, footprint }, boards) {
      const { kind } = this.data.nodes;
      const numbers = {
        joint: nodes.filter((stands, node) => stands && kind[node]).length,
        institutions: nodes.filter((stands, node) => stands && !kind[node]).length,
        certain: ties.filter((stands) => stands === STANDS).length,
        possible: ties.filter((stands) => stands === MAY).length,
      };
      for (const place of document.querySelectorAll("[data-count]")) place.textContent = numbers[place.dataset.count];
      byId("map-words").textContent = this.mapWords({ covered, whole, sites, selected, footprint }, boards);
      byId("covered").hidden = Boolean(footprint);
      views.dataset.boards = String(boards);
    }

    mapWords({ covered, whole, sites, selected, footprint }, boards) {
      if (selected >= 0) {
        const whose = this.data.nodes.kind[selected] ? "its partners" : "its own";
        const points = sites.length ? `Points: ${plural(sites.length, "site")} of ${whose}; choose one to see whose it is.` : "";
        if (footprint) return `Outlined: where it works. ${points}`;
        return `${points || "No site is on record."} ${covered.some(Boolean) ? "Coloured: where its networks work." : ""}`;
      }
      const lines = boards ? `Thick lines: the ${boards} integrated care boards of the NHS then.` : "";
      const where = covered.some(Boolean) ? "Numbers: networks and programmes that work, or may, in each borough" : "None works in a part of London";
      return `${where}${whole ? `, besides ${whole} across all London` : ""}. Choose a borough to see which. ${lines}`;
    }

    /** Set the controls to what is chosen. */
    control() {
      const { data, state } = this;
      const iso = isoOf(state.day);
      const [year, month] = iso.split("-").map(Number);
      byId("at").value = iso;
      const first = new Date(data.first * DAY_MS).getUTCFullYear();
      const slider = byId("month");
      slider.value = String((year - first) * 12 + month - 1);
      slider.setAttribute("aria-valuetext", `${MONTHS[month - 1]} ${year}`);
      byId("node").value = state.node >= 0 ? data.nodes.name[state.node] : "";
      for (const [id, value] of [["place", this.codes[state.borough]], ["sector", data.sectors[state.sector]?.[0]], ["relation", data.relation_ids[state.relation]], ["works_on", data.domains[state.domain]?.[0]]]) byId(id).value = value ?? "";
      // Not disabled: whoever steps to the end would lose the focus.
      byId("time-back").setAttribute("aria-disabled", String(state.day <= this.changes()[0]));
      byId("time-next").setAttribute("aria-disabled", String(state.day >= data.last));
      atlas.graphFields.clear();
      for (const link of document.querySelectorAll(".story-days a")) {
        link.toggleAttribute("aria-current", link.dataset.at === iso && this.number.get(link.dataset.node) === state.node);
        if (link.hasAttribute("aria-current")) link.setAttribute("aria-current", "true");
      }
      const address = this.address();
      byId("graph-share").href = address;
    }

    /** Change what is chosen. @param {boolean} [remember] as a step of the history rather than in place of the last */
    set(changes, remember = false) {
      const day = this.state.day;
      Object.assign(this.state, changes);
      // What is new is told against the day before this step, not against other choices.
      if (this.state.day === day || this.state.day < day) this.before = null;
      this.show();
      const address = this.address() + location.hash;
      if (remember) history.pushState(null, "", address);
      clearTimeout(this.resting);
      this.resting = setTimeout(() => this.rest(address, remember), 450);
    }

    /** When the reader has come to rest: the address, and the sentence and the table from the server. */
    async rest(address, remembered) {
      if (!remembered) history.replaceState(null, "", address);
      this.asked?.abort();
      const { signal } = (this.asked = new AbortController());
      try {
        const response = await fetch(this.address(), { signal, headers: { Accept: "text/html" } });
        if (!response.ok) return;
        byId("passed-over")?.remove();
        const next = new DOMParser().parseFromString(await response.text(), "text/html");
        const isOpen = document.querySelector("#standing details")?.open ?? false;
        next.querySelector("#standing details")?.toggleAttribute("open", isOpen);
        for (const id of ["graph-answer", "standing"]) byId(id).replaceChildren(...next.getElementById(id).childNodes);
        document.title = next.title;
      } catch (error) {
        if (error.name !== "AbortError") byId("standing").prepend(element("p", { class: "quiet" }, "The table could not be brought up to this date."));
      }
    }

    /** Choose a node; nobody where it was chosen already, or is -1. */
    choose(node) {
      if (node < 0 && !this.current.ego) return;
      this.set({ node: node === this.state.node ? -1 : node, borough: -1 }, true);
      this.reveal();
    }

    /** Choose a borough, which is to choose all that works there. */
    chooseBorough(borough) {
      this.set({ node: -1, borough: borough === this.state.borough ? -1 : borough }, true);
      this.reveal();
    }

    /** Bring who was chosen, and those tied to it, into view; everybody where nobody is. */
    reveal() {
      const { ego, successions, borough } = this.current;
      this.drawing.reveal(borough >= 0 ? null : ego && new Set([...ego, ...successions.flat()]));
    }

    /** Hide what the pointer brought up. @returns {boolean} whether anything was there */
    dismiss() {
      return [this.drawing.dismiss(), this.map?.dismiss() ?? false].some(Boolean);
    }

    step(direction) {
      const days = this.changes();
      const { day } = this.state;
      const next = direction > 0 ? days.find((one) => one > day) : days.findLast((one) => one < day);
      if (next === undefined) return false;
      this.set({ day: next });
      return true;
    }

    play() {
      const button = byId("time-play");
      const stop = () => {
        clearInterval(this.playing);
        this.playing = 0;
        button.textContent = "Play";
        button.setAttribute("aria-label", "Play the changes");
      };
      if (this.playing) return stop();
      const { data, state } = this;
      if (state.day >= data.last) this.set({ day: data.first });
      button.textContent = "Stop";
      button.setAttribute("aria-label", "Stop");
      this.stop = stop;
      this.playing = setInterval(() => (this.step(1) ? undefined : stop()), STEP_MS);
      return undefined;
    }
  }

  /** Arrow keys go from name to name. */
  function moveInList(event, about) {
    const names = [...about.querySelectorAll("li [data-choose]")];
    const at = names.indexOf(document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: names.length - 1 }[event.key];
    if (next === undefined || !names[next]) return;
    event.preventDefault();
    names[next].focus();
  }

  function listen(page) {
    const { data } = page;
    const slider = byId("month");
    form.classList.add("live");
    form.noValidate = true;
    atlas.graphFields.listen(page);
    byId("node-names").replaceChildren(...data.nodes.name.map((name) => element("option", { value: name })));
    const yearOf = new Date(data.first * DAY_MS).getUTCFullYear();
    slider.addEventListener("input", () => {
      const month = Number(slider.value);
      const day = month === Number(slider.max) ? data.last : Date.UTC(yearOf, month, 1) / DAY_MS;
      page.set({ day });
    });
    slider.addEventListener("keydown", (event) => {
      const years = { PageUp: 1, PageDown: -1 }[event.key];
      if (!years) return;
      event.preventDefault();
      slider.value = String(Number(slider.value) + 12 * years);
      slider.dispatchEvent(new Event("input"));
    });
    byId("place").addEventListener("change", ({ target }) => page.set({ node: -1, borough: page.codes.indexOf(target.value) }, true));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", ({ target }) => {
      const { id, name, value } = target;
      if (name === "kind") {
        const boxes = [...form.querySelectorAll("[name=kind]")];
        boxes[0].setCustomValidity(boxes.some(({ checked }) => checked) ? "" : "Choose at least one.");
        if (!boxes[0].reportValidity()) return;
        const chosen = boxes.filter(({ checked }) => checked).map((box) => box.parentElement.textContent.trim());
        byId("kinds-said").textContent = chosen.length === boxes.length ? "All" : chosen.join(", ");
        page.set({ kinds: boxes.map(({ checked }) => checked) }, true);
      } else if (id === "sector") page.set({ sector: data.sectors.findIndex(([one]) => one === value) }, true);
      else if (id === "relation") page.set({ relation: data.relation_ids.indexOf(value) }, true);
      else if (id === "works_on") page.set({ domain: data.domains.findIndex(([one]) => one === value) }, true);
    });
    byId("filters-toggle").addEventListener("click", ({ currentTarget }) => {
      const isOpen = byId("filters").classList.toggle("is-open");
      currentTarget.setAttribute("aria-expanded", String(isOpen));
    });
    const about = byId("about");
    about.addEventListener("keydown", (event) => moveInList(event, about));
    const look = (event) => page.drawing.look(Number(event.target.closest?.("[data-choose]")?.dataset.choose ?? -1));
    for (const type of ["focusin", "pointerover"]) about.addEventListener(type, look);
    for (const type of ["focusout", "pointerleave"]) about.addEventListener(type, () => page.drawing.look(-1));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || page.dismiss()) return;
      if (page.current.ego && views.contains(document.activeElement)) page.set({ node: -1, borough: -1 }, true), page.reveal();
    });
    byId("zoom-in").addEventListener("click", () => page.drawing.zoom(1.5));
    byId("zoom-out").addEventListener("click", () => page.drawing.zoom(1 / 1.5));
    byId("zoom-all").addEventListener("click", () => page.drawing.fit());
    byId("time-back").addEventListener("click", () => page.step(-1));
    byId("time-next").addEventListener("click", () => page.step(1));
    byId("time-play").addEventListener("click", () => page.play());
    byId("time-play").hidden = matchMedia("(prefers-reduced-motion: reduce)").matches;
    document.addEventListener("click", (event) => {
      const chooser = event.target.closest?.("[data-choose]");
      const borough = event.target.closest?.("[data-borough]");
      if (borough) page.chooseBorough(Number(borough.dataset.borough));
      if (event.target.closest?.("[data-list]")) {
        page.isWhole = !page.isWhole;
        page.tell(page.current);
      }
      const story = event.target.closest?.(".story-days a");
      if (chooser) page.choose(Number(chooser.dataset.choose));
      if (!story || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      page.stop?.();
      page.set({ day: dayOf(story.dataset.at), node: page.number.get(story.dataset.node) ?? -1, borough: -1 }, true);
      page.reveal();
      byId("time").scrollIntoView({ block: "start" });
    });
    document.addEventListener("click", (event) => {
      const list = form.querySelector("details[open]");
      if (list && !list.contains(event.target)) list.open = false;
    });
    addEventListener("popstate", () => {
      page.state = page.read(new URL(location.href).searchParams);
      page.before = null;
      page.show();
      page.reveal();
      page.rest(location.href, true);
    });
  }

  async function start() {
    try {
      const page = new Page(await atlas.read(views.dataset.graph), form);
      listen(page);
      page.show();
      if (page.current.ego) page.reveal();
      atlas.page = page;
      document.documentElement.dataset.graphReady = "1";
      performance.mark("graph-ready");
      const view = await globalThis.atlasMap?.ready;
      if (!view) return;
      page.map = view;
      view.chosen = ({ node, borough }) => (node === undefined ? page.chooseBorough(borough) : page.choose(node));
      page.showPlaces();
    } catch (error) {
      byId("drawing-message").textContent = `The graph could not be drawn (${error.message}). The table below has its facts.`;
    }
  }

  addEventListener("DOMContentLoaded", start);
})();
