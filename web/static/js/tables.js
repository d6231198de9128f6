// Tables: sorted by every heading, and a long one filtered by what is typed above it. Both work without, by address.
"use strict";

(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const { hashParts, putHash } = globalThis.atlasPage;

  // Sorting: a column by its cells' data-value where they have one, else by their text; unknown values last.

  const valueOf = (row, column) => {
    const cell = row.cells[column];
    const value = cell?.dataset.value ?? cell?.textContent.trim() ?? "";
    const known = value !== "" && value !== "nan";
    return { known, value, number: Number(value) };
  };

  const sorted = document.createElement("p");
  sorted.className = "govuk-visually-hidden";
  sorted.setAttribute("role", "status");
  document.body.append(sorted);

  function sortBy(header) {
    const body = header.closest("table").tBodies[0];
    const column = header.cellIndex;
    // a column of which the most is asked for says so
    const first = header.dataset.first ?? "ascending";
    const isTurned = header.getAttribute("aria-sort") === first;
    const order = (first === "ascending") === isTurned ? -1 : 1;
    const keyed = [...body.rows].map((row) => ({ row, ...valueOf(row, column) }));
    const numbers = keyed.every(({ known, number }) => !known || !Number.isNaN(number));
    const compare = numbers
      ? (one, two) => one.number - two.number
      : (one, two) => one.value.localeCompare(two.value, "en-GB", { numeric: true });
    keyed.sort((one, two) => (one.known && two.known ? order * compare(one, two) : two.known - one.known));
    body.append(...keyed.map(({ row }) => row));
    for (const other of header.parentElement.cells) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", order === 1 ? "ascending" : "descending");
    sorted.textContent = `Sorted by ${header.querySelector("a, button").textContent.trim()}, ${header.getAttribute("aria-sort")}`;
  }

  /** A column that this very page can be asked to sort by is in its address: by its name, or turned with a "-". */
  function rememberOrder(link) {
    const address = new URL(link.href);
    const name = address.searchParams.get("sort").replace("-", "");
    const header = link.parentElement;
    const isTurned = header.getAttribute("aria-sort") !== (header.dataset.first ?? "ascending");
    address.searchParams.set("sort", (isTurned ? "-" : "") + name);
    address.hash = location.hash || address.hash;
    history.replaceState(history.state, "", address.href.replaceAll("%2C", ","));
    link.dispatchEvent(new Event("atlas:ordered", { bubbles: true }));
  }

  // Filtering: a long table gets a line to type in; a row stays where it has every word of it.

  const FEW_ROWS = 12;
  const KEEP_MS = 250;
  let filters = 0;

  /** The words of a table's filter are in the address, after the hash: `rows=`, or with the table's place `rows-2=`. */
  function filterOf(region) {
    const place = all(".scroll").indexOf(region);
    const name = place ? `rows-${place + 1}=` : "rows=";
    const others = () => hashParts().filter((part) => !part.startsWith(name));
    return {
      kept: new URLSearchParams(hashParts().find((part) => part.startsWith(name))).get(name.slice(0, -1)) ?? "",
      keep: (words) => putHash(words ? [...others(), name + encodeURIComponent(words)] : others()),
    };
  }

  function offerFilter(table) {
    const region = table.closest(".scroll");
    const rows = [...(table.tBodies[0]?.rows ?? [])];
    if (!region || rows.length <= FEW_ROWS || region.previousElementSibling?.matches(".filter")) return;
    const [line, label, input, said] = ["p", "label", "input", "span"].map((name) => document.createElement(name));
    line.className = "filter no-print";
    input.className = "govuk-input";
    input.type = "search";
    // its words are in the address, and come from there
    input.autocomplete = "off";
    input.id = `filter-${++filters}`;
    label.htmlFor = input.id;
    label.textContent = "Only rows with";
    const about = document.createElement("span");
    about.className = "govuk-visually-hidden";
    about.textContent = ` these words. ${region.getAttribute("aria-label")}`;
    label.append(about);
    said.setAttribute("role", "status");
    const filter = filterOf(region);
    const apply = () => {
      const words = input.value.toLocaleLowerCase("en-GB").split(/\s+/).filter(Boolean);
      const texts = rows.map((row) => row.textContent.toLocaleLowerCase("en-GB"));
      rows.forEach((row, index) => (row.hidden = !words.every((word) => texts[index].includes(word))));
      said.textContent = words.length ? `${rows.filter((row) => !row.hidden).length} of ${rows.length}` : "";
    };
    let waiting = 0;
    input.value = filter.kept;
    if (filter.kept) apply();
    input.addEventListener("input", () => {
      apply();
      clearTimeout(waiting);
      waiting = setTimeout(() => filter.keep(input.value.trim()), KEEP_MS);
    });
    line.append(label, " ", input, " ", said);
    region.before(line);
  }

  /** Only what scrolls has a stop of its own for the keyboard. */
  const stops = new ResizeObserver((entries) => {
    for (const region of new Set(entries.map(({ target }) => target.closest(".scroll")).filter(Boolean))) {
      const scrolls = region.scrollWidth > region.clientWidth || region.scrollHeight > region.clientHeight;
      if (scrolls) region.tabIndex = 0;
      else if (region !== document.activeElement) region.removeAttribute("tabindex");
    }
  });

  function prepare(root) {
    for (const part of all(".scroll, .scroll > table", root)) stops.observe(part);
    const isNarrowed = document.querySelector('main form [name="find"]') !== null;
    if (!isNarrowed) all("table.sortable", root).forEach(offerFilter);
    for (const words of all("table.sortable .sorts > span", root)) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...words.childNodes);
      words.replaceWith(button);
    }
  }

  document.addEventListener("click", (event) => {
    const control = event.target.closest(".sortable .sorts > a, .sortable .sorts > button");
    if (!control || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    sortBy(control.parentElement);
    if (control.pathname === location.pathname) rememberOrder(control);
  });
  prepare(document);
  document.addEventListener("atlas:renewed", ({ target }) => prepare(target));
})();
