// The fields Who and As at of the page of the graph: what is typed, and in words beside it what is wrong with that.
"use strict";

(() => {
  const atlas = globalThis.atlas;
  const { element } = atlas;
  const { isoOf, dayOf, written } = atlas.graphTime;
  const inWords = (day) => written(day, day);
  const byId = (id) => document.getElementById(id);
  const DRAWN = new Set(["institution", "network", "programme"]);
  /** Near names told, and how many things a search is asked for, since it finds places too. */
  const [NEAR, ASKED] = [4, 30];
  /** A browser tells of each digit of a year: no fault is told while the reader is at it. */
  const TYPING_MS = 900;

  /** Says what is wrong with a field; nothing, with no words. */
  function tell(field, ...words) {
    const place = byId(`${field.id}-fault`);
    place.replaceChildren(...words);
    if (words.length) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }

  /** What is wrong with a day; empty where nothing is. */
  function faultOf(value, { first, last }) {
    const day = /^\d{4}-\d\d-\d\d$/.test(value) ? dayOf(value) : NaN;
    if (Number.isNaN(day)) return "Give a whole date: day, month and year.";
    if (day > last) return `The last day on record is ${inWords(last)}.`;
    return day < first ? `The first day on record is ${inWords(first)}.` : "";
  }

  function listenToDay(page) {
    const field = byId("at");
    let waiting = 0;
    const check = () => {
      clearTimeout(waiting);
      const fault = faultOf(field.value, page.data);
      if (fault) tell(field, `${fault} Still shown: ${inWords(page.state.day)}.`);
      else if (field.value === isoOf(page.state.day)) tell(field);
      else page.set({ day: dayOf(field.value) }, true);
    };
    // Words on the reader's way out, or at rest; a day that is one is shown at once.
    field.addEventListener("input", () => {
      clearTimeout(waiting);
      if (faultOf(field.value, page.data)) waiting = setTimeout(check, TYPING_MS);
      else check();
    });
    field.addEventListener("blur", check);
    field.addEventListener("keydown", ({ key }) => key === "Enter" && check());
  }

  /** Names near to what was typed, as the search of every page finds them. */
  async function near(typed, page) {
    const fields = new URLSearchParams({ q: typed, limit: String(ASKED) });
    const response = await fetch(`${byId("node").dataset.search}?${fields}`, { headers: { Accept: "application/json" } });
    if (!response.ok) return [];
    const { results } = await response.json();
    const drawn = results.filter(({ kind }) => DRAWN.has(kind));
    // Of names equally near, the shortest has least besides what was meant.
    drawn.sort((one, other) => other.score - one.score || one.name.length - other.name.length);
    const found = drawn.map(({ kind, id }) => page.number.get(`${kind}:${id}`));
    return found.filter((node) => node !== undefined).slice(0, NEAR);
  }

  function linkTo(node, page) {
    const address = page.address({ ...page.state, node, borough: -1 });
    const link = element("a", { href: address }, page.data.nodes.name[node]);
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      byId("node").focus();
      choose(node, page);
    });
    return link;
  }

  function choose(node, page) {
    page.set({ node, borough: -1 }, true);
    page.reveal();
  }

  /** Say that nobody is called so, and then who is nearly. */
  async function tellNobody(field, page) {
    const typed = field.value.trim();
    const words = `Nobody here is called “${typed}”.`;
    tell(field, words);
    const found = await near(typed, page).catch(() => []);
    if (!found.length || field.value.trim() !== typed || !field.hasAttribute("aria-invalid")) return;
    const links = found.flatMap((node, place) => [place ? (place === found.length - 1 ? " or " : ", ") : "", linkTo(node, page)]);
    tell(field, `${words} Did you mean `, ...links, "?");
  }

  function listenToName(page) {
    const field = byId("node");
    const { name } = page.data.nodes;
    field.addEventListener("change", () => {
      const wanted = field.value.trim().toLowerCase();
      const node = page.byName.get(wanted) ?? name.findIndex((one) => wanted && one.toLowerCase().includes(wanted));
      if (wanted && node < 0) void tellNobody(field, page);
      else choose(node, page);
    });
  }

  atlas.graphFields = {
    listen(page) {
      listenToDay(page);
      listenToName(page);
    },
    /** Nothing is wrong any more: the fields show what is chosen. */
    clear() {
      for (const id of ["at", "node"]) tell(byId(id));
    },
  };
})();
