// The page of the graph: what was chosen, what stands on the day, and the words about it.
"use strict";

(() => {
  const atlas = globalThis.atlas;
  const { element } = atlas;
  const byId = (id) => document.getElementById(id);
  const form = byId("graph-form");
  const views = byId("graph-views");
  const { DAY_MS, MONTHS, MAY, STANDS, standing, isoOf, dayOf, plural, written, period } = atlas.graphTime;
  const STEP_MS = 900;
  const pages = JSON.parse(views.dataset.pages);

  class Page extends atlas.GraphModel {
    constructor(data) {
      super(data, form);
      this.drawing = new atlas.Drawing(byId("drawing"), data, (node) => this.choose(node));
      byId("drawing-message").hidden = true;
    }

    /** Draw what is chosen. */
    show() {
      const scene = this.scene();
      this.before = scene.nodes;
      this.current = scene;
      this.drawing.show(scene);
      const boards = this.map?.inTime(scene) ?? 0;
      this.count(scene, boards);
      this.tell(scene);
      this.control();
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
      const lines = boards ? `Thick lines: the ${boards} integrated care boards of the NHS then.` : "";
      const where = covered.some(Boolean) ? "Numbers: networks and programmes that work, or may, in each borough" : "None works in a part of London";
      const besides = whole ? `, besides ${plural(whole, "one", "").replace("1 one", "1")} across all London` : "";
      let words = covered.length ? `${where}${besides}. ${lines}` : byId("map-words").textContent;
      if (selected >= 0) {
        const points = sites.length ? `Points: ${plural(sites.length, "site")} of ${kind[selected] ? "its partners" : "its own"}.` : "";
        words = footprint ? `Outlined: where it works. ${points}` : `${points || "No site is on record."} ${covered.some(Boolean) ? "Coloured: where its networks work." : ""}`;
      }
      byId("map-words").textContent = words;
      byId("covered").hidden = Boolean(footprint);
      views.dataset.boards = String(boards);
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
      for (const [id, value] of [["sector", data.sectors[state.sector]?.[0]], ["relation", data.relation_ids[state.relation]], ["works_on", data.domains[state.domain]?.[0]]]) byId(id).value = value ?? "";
      byId("time-back").disabled = state.day <= data.first;
      byId("time-next").disabled = state.day >= data.last;
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
        const next = new DOMParser().parseFromString(await response.text(), "text/html");
        const isOpen = document.querySelector("#standing details")?.open ?? false;
        next.querySelector("#standing details")?.toggleAttribute("open", isOpen);
        for (const id of ["graph-answer", "standing"]) byId(id).replaceChildren(...next.getElementById(id).childNodes);
        document.title = next.title;
      } catch (error) {
        if (error.name !== "AbortError") byId("standing").prepend(element("p", { class: "quiet" }, "The table could not be brought up to this date."));
      }
    }

    choose(node, remember = true) {
      this.set({ node: node === this.state.node ? -1 : node }, remember);
      this.reveal();
    }

    /** Bring who was chosen, and those tied to it, into view; everybody where nobody is. */
    reveal() {
      const { ego, successions } = this.current;
      this.drawing.reveal(ego && new Set([...ego, ...successions.flat()]));
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

    /** The words beside the drawing: who was chosen and its ties, or who has most. */
    tell(scene) {
      const { selected } = scene;
      byId("about").replaceChildren(...(selected < 0 ? this.tellAll(scene) : this.tellOne(selected, scene)));
    }

    mark(node, state) {
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
      const kind = this.data.nodes.kind[node];
      svg.setAttribute("viewBox", "-9 -9 18 18");
      svg.setAttribute("aria-hidden", "true");
      shape.setAttribute("d", atlas.shapeOf[kind]);
      shape.setAttribute("class", `ego-shape ego-${this.data.kinds[kind]}${state === STANDS ? "" : " ego-may"}`);
      svg.append(shape);
      return svg;
    }

    button(node) {
      const button = element("button", { type: "button", class: "as-link", "data-choose": String(node) }, this.data.nodes.name[node]);
      return button;
    }

    tellAll({ nodes: states }) {
      const { nodes } = this.data;
      const rows = [...states.keys()].filter((node) => states[node] && nodes.kind[node]).map((node) => [node, ...this.partners(node)]);
      rows.sort((one, other) => other[1] + other[2] - one[1] - one[2]);
      const said = (certain, possible) => [certain && `${certain} certain`, possible && `${possible} possible`].filter(Boolean).join(", ");
      const row = ([node, ...numbers]) =>
        element("li", {}, this.mark(node, states[node]), this.button(node), element("small", {}, said(...numbers) || "none"));
      const list = rows.slice(0, 12).map(row);
      const hint = "Choose a shape, or a name here, to see who is tied to it and where.";
      return [element("h2", {}, "Most partners on this day"), element("p", { class: "small quiet" }, hint), element("ul", {}, ...list)];
    }

    tellOne(node, scene) {
      const { nodes } = this.data;
      const kind = this.data.kinds[nodes.kind[node]];
      const close = element("button", { type: "button", class: "as-link", "data-choose": String(node) }, "Show everyone");
      const state = ["did not stand on this day", "may have stood on this day", "stood on this day"][standing(nodes.span[node], this.state.day)];
      const page = element("a", { href: pages[kind].replace("{id}", encodeURIComponent(nodes.id[node].split(":").pop())) }, "Its page");
      const head = [
        element("div", { class: "about-head" }, element("h2", {}, nodes.name[node]), close),
        element("p", { class: "quiet" }, `${nodes.what[node]}, ${period(nodes.span[node])}: ${state}.`),
        element("p", { class: "about-links" }, page),
      ];
      return [...head, ...this.tellSuccession(node), ...this.tellTies(node, scene)];
    }

    tellSuccession(node) {
      const { nodes, ties } = this.data;
      return this.tiesOf[node].filter((tie) => ties.relation[tie] === this.succeeds).map((tie) => {
        const isLater = ties.from[tie] === node;
        const other = isLater ? ties.to[tie] : ties.from[tie];
        const when = written(ties.span[tie][0], ties.span[tie][1]);
        const words = isLater ? "Took the place of " : "Gave way to ";
        return element("p", {}, words, this.button(other), when ? ` (${when})` : "", ".");
      });
    }

    tellTies(node, { ties: states }) {
      const { ties, relations } = this.data;
      const groups = new Map();
      for (const tie of this.tiesOf[node]) {
        if (!states[tie] || ties.relation[tie] === this.succeeds) continue;
        const [phrase, inverse] = relations[ties.relation[tie]];
        const words = ties.from[tie] === node ? phrase : inverse;
        groups.set(words, [...(groups.get(words) ?? []), tie]);
      }
      if (!groups.size) return [element("p", {}, "No tie on record on this day.")];
      return [...groups].sort((one, other) => other[1].length - one[1].length).flatMap(([words, mine]) => [
        element("h3", {}, `${words[0].toUpperCase()}${words.slice(1)} `, element("span", { class: "of" }, String(mine.length))),
        element("ul", {}, ...mine.map((tie) => this.tieRow(node, tie, states[tie]))),
      ]);
    }

    tieRow(node, tie, state) {
      const { ties, sources } = this.data;
      const other = ties.from[tie] === node ? ties.to[tie] : ties.from[tie];
      const [title, url] = sources[ties.source[tie]];
      const source = url ? element("a", { href: url, rel: "noopener external" }, title) : title;
      const when = [period(ties.span[tie]) + (state === MAY ? ", may stand" : ""), ties.note[tie]].filter(Boolean).join(" · ");
      const words = element("span", {}, this.button(other), element("br"), element("small", {}, `${when} · `, source));
      return element("li", {}, this.mark(other, state), words);
    }
  }

  function listen(page) {
    const { data } = page;
    const slider = byId("month");
    form.classList.add("live");
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
    byId("at").addEventListener("change", ({ target }) => target.checkValidity() && page.set({ day: dayOf(target.value) }, true));
    byId("node").addEventListener("change", ({ target }) => {
      const wanted = target.value.trim().toLowerCase();
      const node = page.byName.get(wanted) ?? data.nodes.name.findIndex((name) => wanted && name.toLowerCase().includes(wanted));
      target.setCustomValidity(wanted && node < 0 ? "No institution, network or programme of that name is here." : "");
      if (target.reportValidity()) page.set({ node: wanted ? node : -1 }, true);
      page.reveal();
    });
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
    byId("time-back").addEventListener("click", () => page.step(-1));
    byId("time-next").addEventListener("click", () => page.step(1));
    byId("time-play").addEventListener("click", () => page.play());
    byId("time-play").hidden = matchMedia("(prefers-reduced-motion: reduce)").matches;
    document.addEventListener("click", (event) => {
      const chooser = event.target.closest?.("[data-choose]");
      const story = event.target.closest?.(".story-days a");
      if (chooser) page.choose(Number(chooser.dataset.choose));
      if (!story || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      page.stop?.();
      page.set({ day: dayOf(story.dataset.at), node: page.number.get(story.dataset.node) ?? -1 }, true);
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
      const page = new Page(await atlas.read(views.dataset.graph));
      listen(page);
      page.show();
      if (page.state.node >= 0) page.reveal();
      atlas.page = page;
      document.documentElement.dataset.graphReady = "1";
      performance.mark("graph-ready");
      const view = await globalThis.atlasMap?.ready;
      if (!view) return;
      page.map = view;
      page.boroughs = view.shapes.about.boroughs.length;
      page.show();
    } catch (error) {
      byId("drawing-message").textContent = `The graph could not be drawn (${error.message}). The table below has its facts.`;
    }
  }

  addEventListener("DOMContentLoaded", start);
})();
