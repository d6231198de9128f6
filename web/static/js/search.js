// The search box: suggestions while one types, chosen by arrow keys or pointer. Without it the form goes to the page.
// A combobox as the ARIA Authoring Practices have it: focus stays in the box, the list is a listbox that it controls.
"use strict";

(() => {
  const PAUSE_MS = 90;
  const FEWEST = 2;
  const LIST = "search-list";
  const UNSEEN = "visually-hidden govuk-visually-hidden";

  const form = document.getElementById("search");
  if (!form) return;
  const place = document.createElement("div");
  const list = document.createElement("ul");
  const status = document.createElement("p");
  const kept = new Map();
  let waiting = 0;
  let asked = null;
  let active = -1;
  // what the list is of, and the last key that waits for another
  let listed = "";
  let stepping = null;

  const box = () => form.querySelector("input[type=search]");
  const options = () => [...list.children];
  const isOpen = () => !list.hidden;
  const isShown = () => isOpen() || status.className !== UNSEEN;

  /** The page may have put a new box in place of the old one: it says again what it controls. */
  function dress() {
    const input = box();
    if (!input || input.getAttribute("role") === "combobox") return;
    const words = form.querySelector("label").textContent;
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-expanded": "false",
      "aria-controls": LIST,
      "aria-autocomplete": "list",
      "aria-haspopup": "listbox",
      autocapitalize: "none",
      spellcheck: "false",
    })) {
      input.setAttribute(name, value);
    }
    list.setAttribute("aria-label", words);
  }

  /** Words for those who hear the page; to see as well where there is no list to see. */
  function say(words, isSeen = false) {
    status.textContent = words;
    status.className = isSeen ? "search-none" : UNSEEN;
  }

  function close() {
    clearTimeout(waiting);
    asked?.abort();
    list.hidden = true;
    listed = "";
    status.className = UNSEEN;
    active = -1;
    box().setAttribute("aria-expanded", "false");
    box().removeAttribute("aria-activedescendant");
  }

  /** The list stands under the box, wherever that is on the screen. */
  function settle() {
    const { left, bottom, width } = box().getBoundingClientRect();
    const { right } = form.getBoundingClientRect();
    const widest = document.documentElement.clientWidth;
    place.style.top = `${bottom + 2}px`;
    place.style.width = `${Math.min(Math.max(width, 440), widest - 16)}px`;
    place.style.left = `${Math.max(8, Math.min(left, right - place.offsetWidth))}px`;
  }

  function mark(next) {
    const all = options();
    all[active]?.removeAttribute("aria-selected");
    active = next;
    if (active < 0) return box().removeAttribute("aria-activedescendant");
    all[active].setAttribute("aria-selected", "true");
    all[active].scrollIntoView({ block: "nearest" });
    return box().setAttribute("aria-activedescendant", all[active].id);
  }

  function optionOf({ name, what, address }, index) {
    const option = document.createElement("li");
    const called = document.createElement("span");
    const about = document.createElement("span");
    option.id = `search-${index}`;
    option.setAttribute("role", "option");
    option.dataset.address = address;
    called.textContent = name;
    about.textContent = what;
    about.className = "search-what";
    option.append(called, " ", about);
    return option;
  }

  function show(query, { results, note }) {
    if (query !== box().value.trim() || document.activeElement !== box()) return;
    list.replaceChildren(...results.map(optionOf));
    list.hidden = results.length === 0;
    listed = query;
    active = -1;
    box().removeAttribute("aria-activedescendant");
    box().setAttribute("aria-expanded", String(results.length > 0));
    const many = results.length === 1 ? "One suggestion" : `${results.length} suggestions`;
    const told = note ? `${note}. ` : "";
    if (results.length) say(`${told}${many}. Arrow keys choose, Enter goes there.`);
    else say(told || "Nothing is called so.", true);
    settle();
  }

  /** The address that answers for what is typed, under the choices that the form keeps. */
  function addressOf(query) {
    const fields = new URLSearchParams(new FormData(form));
    fields.set("q", query);
    return `${form.dataset.suggest}?${fields}`;
  }

  async function suggest() {
    const query = box().value.trim();
    clearTimeout(waiting);
    if (query.length < FEWEST) return close();
    const address = addressOf(query);
    if (kept.has(address)) return show(query, kept.get(address));
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(address, { signal: asked.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) return close();
      const found = await answer.json();
      kept.set(address, found);
      return show(query, found);
    } catch (error) {
      // without an answer the form still goes to the page
      return error.name === "AbortError" ? undefined : close();
    }
  }

  const steps = {
    ArrowDown: (count) => (active + 1 < count ? active + 1 : -1),
    ArrowUp: (count) => (active < 0 ? count - 1 : active - 1),
  };

  /** A key chooses in the list of what is typed: what was chosen in the list before would go when that comes. */
  async function step(key, before) {
    await before;
    if (listed !== box().value.trim()) await suggest();
    if (isOpen()) mark(steps[key](options().length));
  }

  function press(key) {
    const turn = step(key, stepping);
    stepping = turn;
    turn.then(() => (stepping = stepping === turn ? null : stepping));
  }

  /** Go where the list says, or to the page of all. */
  function enter() {
    if (isOpen() && active >= 0) location.assign(options()[active].dataset.address);
    else form.requestSubmit();
  }

  form.addEventListener("keydown", (event) => {
    if (event.target !== box() || event.isComposing) return;
    if (event.key in steps && !event.altKey) {
      event.preventDefault();
      if (isOpen()) press(event.key);
      else suggest();
    } else if (event.key === "Enter" && (stepping || (isOpen() && active >= 0))) {
      event.preventDefault();
      if (stepping) stepping.then(enter);
      else enter();
    } else if (event.key === "Escape" && isShown()) {
      event.preventDefault();
      close();
      say("");
    } else if (event.key === "Tab") {
      close();
    }
  });

  form.addEventListener("input", (event) => {
    if (event.target !== box()) return;
    clearTimeout(waiting);
    waiting = setTimeout(suggest, PAUSE_MS);
  });

  form.addEventListener("focusin", dress);
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) close();
  });
  form.addEventListener("submit", close);
  for (const type of ["scroll", "resize"]) addEventListener(type, () => isShown() && settle(), { passive: true });
  new MutationObserver(dress).observe(form, { childList: true });
  // the box keeps the focus while an option is pressed
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    if (event.ctrlKey || event.metaKey) open(option.dataset.address, "_blank", "noopener");
    else location.assign(option.dataset.address);
  });

  Object.assign(list, { id: LIST, hidden: true, className: "search-list" });
  list.setAttribute("role", "listbox");
  status.className = UNSEEN;
  status.setAttribute("role", "status");
  place.className = "search-place";
  place.append(list, status);
  // beside the form's own content, which a page with choices renews
  form.after(place);
  dress();
})();
