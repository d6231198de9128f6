// What a page does by itself: tabs, choices, sharing, printing. All of it works without, more slowly.
"use strict";

(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id);
  const narrow = matchMedia("(max-width: 56rem)");

  const hashParts = () => location.hash.slice(1).split("&").filter(Boolean);
  const putHash = (parts) =>
    history.replaceState(history.state, "", location.pathname + location.search + (parts.length ? `#${parts.join("&")}` : ""));

  // tables.js keeps the words of filters there
  globalThis.atlasPage = { hashParts, putHash };

  /** Tell whoever prepares a part of the page that this one is new. */
  const renewed = (part) => part.dispatchEvent(new Event("atlas:renewed", { bubbles: true }));

  // The menu of a narrow screen, and the focus on what is wrong.

  const menu = byId("nav");
  const menuButton = document.querySelector(".govuk-js-service-navigation-toggle");

  function foldMenu(isOpen = false) {
    menuButton.hidden = !narrow.matches;
    menuButton.toggleAttribute("aria-hidden", menuButton.hidden);
    if (menuButton.hidden) menuButton.removeAttribute("aria-expanded");
    else menuButton.setAttribute("aria-expanded", String(isOpen));
    menu.hidden = narrow.matches && !isOpen;
    document.querySelector(".band").dataset.menu = "";
  }

  if (menuButton) {
    menuButton.addEventListener("click", () => foldMenu(menu.hidden));
    narrow.addEventListener("change", () => foldMenu());
    foldMenu();
  }

  byId("faults")?.focus();

  // Tabs: map and table; on a narrow screen the list as well, and first.

  const views = byId("views");
  const tabs = views ? all(".tabs button", views) : [];

  function select(name, focus = false) {
    const chosen = name ?? (narrow.matches ? "list" : "map");
    if (name) views.dataset.view = name;
    else delete views.dataset.view;
    for (const tab of tabs) {
      const here = tab.dataset.panel === chosen;
      tab.setAttribute("aria-selected", String(here));
      tab.tabIndex = here ? 0 : -1;
      if (here && focus) tab.focus();
    }
  }

  /** The list stands beside the map on a wide screen, so that it is no tab there. */
  function arrange() {
    byId("panel-list").toggleAttribute("role", false);
    if (narrow.matches) byId("panel-list").setAttribute("role", "tabpanel");
    const [named] = hashParts();
    const known = tabs.some((tab) => tab.dataset.panel === named && getComputedStyle(tab).display !== "none");
    select(known ? named : null);
  }

  function moveTab(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const shown = tabs.filter((tab) => getComputedStyle(tab).display !== "none");
    const next = shown[(shown.indexOf(event.target) + step + shown.length) % shown.length];
    event.preventDefault();
    choose(next.dataset.panel, true);
  }

  function choose(name, focus = false) {
    select(name, focus);
    // after the tab's name stands how the map is seen
    putHash([name, ...hashParts().filter((part) => part.includes("="))]);
  }

  if (views) {
    views.querySelector(".tabs").setAttribute("role", "tablist");
    for (const tab of tabs) {
      tab.setAttribute("role", "tab");
      tab.addEventListener("click", () => choose(tab.dataset.panel));
      tab.addEventListener("keydown", moveTab);
    }
    for (const panel of ["panel-map", "panel-table"]) byId(panel).setAttribute("role", "tabpanel");
    narrow.addEventListener("change", arrange);
    arrange();
    document.addEventListener("click", (event) => {
      const entry = event.target.closest("[data-show-on-map]");
      if (entry && narrow.matches && !event.target.closest("a")) choose("map");
    });
  }

  // Choices: the answer, the list and the table are fetched and put in place; the map takes new values.

  const form = byId("choices");
  const SWAPPED = ["answer", "basis", "panel-list", "panel-table", "unknowns", "doors", "nav", "search", "foot"];
  const whole = () => location.pathname + location.search;
  let asked = null;
  // Set from the reader's choice until its answer is there: nothing else may take its place.
  let isChoosing = false;
  let last = whole();

  /** The address of the choices, the defaults left out. */
  function addressOf() {
    const fields = new URLSearchParams();
    for (const select of all("select", form)) {
      if (!select.disabled && select.value !== (select.dataset.default ?? "")) fields.set(select.name, select.value);
    }
    const ticked = all("[name=sectors]:checked", form).map((box) => box.value).join(",");
    if (ticked !== form.querySelector("fieldset").dataset.default) fields.set("sectors", ticked);
    const minutes = byId("minutes");
    if (minutes?.value) fields.set("minutes", minutes.value);
    const weights = weightsOf();
    // One domain left out has a word of its own in the address, which is exact.
    const { leftOut } = byId("weights")?.dataset ?? {};
    if (weights) fields.set(...(leftOut ? ["leave_out", leftOut] : ["weights", weights]));
    const query = fields.toString().replaceAll("%2C", ",");
    return form.getAttribute("action") + (query ? `?${query}` : "");
  }

  /** The reader's own weights as the address has them; empty for the official ones. */
  function weightsOf() {
    const boxes = all("#weights input");
    if (!boxes.length || byId("weights").hidden) return "";
    if (boxes.every(({ value, dataset }) => Number(value) === Number(dataset.official))) return "";
    return boxes.map(({ value }) => value || "0").join(",");
  }

  /** Says what the weights add to; what does not add to 100 cannot be asked for. */
  function addWeights() {
    const boxes = all("#weights input");
    if (!boxes.length) return true;
    const sum = boxes.reduce((total, { value }) => total + Number(value), 0);
    const fits = Math.abs(sum - 100) <= 0.5;
    const after = fits ? (sum.toFixed(1) === "100.0" ? "" : ", taken as 100%") : ", but must be 100%";
    byId("weights-sum").textContent = `Together ${sum.toFixed(1)}%${after}`;
    boxes[0].setCustomValidity(fits ? "" : "The weights must add to 100 per cent.");
    return fits;
  }

  /** Weights with some left out and the others scaled up, or the official ones. */
  function setWeights(leftOut) {
    const boxes = all("#weights input");
    const official = boxes.map(({ dataset }, index) => (index === leftOut ? 0 : Number(dataset.official)));
    const sum = leftOut === null ? 100 : official.reduce((total, weight) => total + weight, 0) / 100;
    byId("weights").dataset.leftOut = leftOut === null ? "" : boxes[leftOut].dataset.domain;
    boxes.forEach((box, index) => (box.value = leftOut === null ? official[index] : (official[index] / sum).toFixed(2)));
    addWeights();
  }

  /** Domains that the chosen release does not measure cannot be chosen. */
  function offerDomains() {
    const domain = byId("domain");
    if (!domain) return;
    for (const option of domain.options) {
      option.disabled = !option.dataset.releases.split(" ").includes(byId("release").value);
    }
    if (domain.selectedOptions[0]?.disabled) domain.value = domain.dataset.default;
    // Only the overall index weighs domains, and only where they are measured.
    const measured = [...domain.options].filter((option) => !option.disabled).length;
    if (byId("weights")) byId("weights").hidden = measured < 2 || domain.value !== domain.dataset.default;
  }

  const FOCUS = "atlas-focus";

  /** Open a page whose map has other shapes; the reader finds the keyboard where it was. */
  function goTo(address, held = form.contains(document.activeElement) ? document.activeElement.id : "") {
    try {
      sessionStorage.setItem(FOCUS, held);
    } catch {
      // who allows no storage begins at the top
    }
    location.assign(address);
  }

  function takeFocus() {
    try {
      const held = sessionStorage.getItem(FOCUS);
      sessionStorage.removeItem(FOCUS);
      if (held) byId(held)?.focus({ preventScroll: true });
    } catch {
      // as above
    }
  }

  async function show(address, remember) {
    isChoosing ||= remember;
    asked?.abort();
    const { signal } = (asked = new AbortController());
    document.body.classList.toggle("working", remember);
    try {
      const response = await fetch(address, { signal, headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const next = page.getElementById("views");
      if (!response.ok || !next || next.dataset.geometry !== views.dataset.geometry) return goTo(address);
      for (const id of SWAPPED) {
        // what stays as it was is not said again when it was not asked for
        if (!remember && byId(id).innerHTML === page.getElementById(id).innerHTML) continue;
        byId(id).replaceChildren(...page.getElementById(id).childNodes);
        renewed(byId(id));
      }
      for (const id of ["share", "embed"]) byId(id).href = page.getElementById(id).getAttribute("href");
      const said = all("#choices .chosen", page);
      all(".chosen", form).forEach((words, index) => (words.textContent = said[index].textContent));
      byId("progress").replaceWith(page.getElementById("progress"));
      follow();
      document.title = page.title;
      if (remember) {
        history.pushState(null, "", address + location.hash);
        // the new address has known fields alone
        byId("passed-over")?.remove();
      }
      last = whole();
      await moveMap(next, signal);
      if (signal.aborted) return undefined;
    } catch (error) {
      if (error.name !== "AbortError") location.assign(address);
      return undefined;
    }
    isChoosing = false;
    document.body.classList.remove("working");
    return undefined;
  }

  /** The map shows the same choices: its links, its legend, its values, and where it looks. */
  async function moveMap(next, signal) {
    const map = globalThis.atlasMap;
    const { values, focus } = next.dataset;
    const pages = map?.map.atlas.config.pages ?? {};
    for (const kind of Object.keys(pages)) pages[kind] = pages[kind].split("?")[0] + new URL(values, location.href).search;
    const legend = views.querySelector(".atlas-legend");
    next.querySelector(".atlas-legend").open = legend.open;
    for (const part of [".atlas-legend", ".atlas-keys"]) {
      views.querySelector(part).replaceWith(next.querySelector(part));
    }
    if (values !== views.dataset.values) await map?.setValues(values);
    if (signal.aborted) return;
    if (map) map.map.atlas.config.focus = focus;
    if (focus !== views.dataset.focus) await (focus ? map?.focus(focus) : map?.home());
    Object.assign(views.dataset, { values, focus });
  }

  takeFocus();
  document.addEventListener("atlas:leave", ({ detail: { address, held } }) => goTo(address, held));

  if (form) {
    form.classList.add("live");
    offerDomains();
    let waiting = 0;
    const first = form.querySelector("[name=sectors]");
    addWeights();
    form.addEventListener("input", ({ target }) => {
      if (target.name !== "weight") return;
      byId("weights").dataset.leftOut = "";
      addWeights();
    });
    form.addEventListener("click", ({ target }) => {
      if (target.matches("[data-leave-out]")) setWeights(Number(target.dataset.leaveOut));
      else if (target.matches("[data-official-weights]")) setWeights(null);
      else if (!target.matches("[data-apply-weights]")) return;
      if (form.reportValidity()) show(addressOf(), true);
    });
    form.addEventListener("change", ({ target }) => {
      // Seven numbers are changed one after the other: they are asked for when the reader says so.
      if (target.name === "weight") return;
      offerDomains();
      clearTimeout(waiting);
      const none = form.querySelector("[name=sectors]:checked") === null;
      first.setCustomValidity(none ? "Choose at least one sector." : "");
      isChoosing = form.reportValidity();
      if (!isChoosing) return;
      waiting = setTimeout(() => show(addressOf(), true), 200);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      show(addressOf(), true);
    });
    addEventListener("popstate", () => (whole() === last ? undefined : location.reload()));
    document.addEventListener("click", (event) => {
      const list = form.querySelector("details[open]");
      if (list && !list.contains(event.target)) list.open = false;
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.name === "weight") {
        // the form would be sent by its hidden button, and what is wrong with a weight not be shown
        event.preventDefault();
        if (form.reportValidity()) show(addressOf(), true);
      }
      const list = form.querySelector("details[open]");
      if (event.key !== "Escape" || !list) return;
      list.open = false;
      list.querySelector("summary").focus();
    });
    byId("share").addEventListener("click", async (event) => {
      event.preventDefault();
      const address = new URL(byId("share").getAttribute("href"), location.href).href;
      history.replaceState(history.state, "", address + location.hash);
      const copied = await navigator.clipboard?.writeText(address).then(() => true, () => false);
      byId("shared").textContent = copied ? "Address copied" : "The address above is this view";
    });
  }

  // A browser that comes back to a page puts into its boxes what stood there when the reader left, for another page.
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted && form && addressOf() !== whole()) location.reload();
    for (const one of all("form.choices")) if (!persisted || !one.id) one.reset();
    if (form) {
      offerDomains();
      addWeights();
    }
  });

  // What is still being worked out: a better answer takes the place of the first look when it is there.

  const PAUSE_MS = 400;

  async function follow() {
    const line = document.querySelector("[data-progress]");
    if (!line || line.hidden) return;
    const { progress, revision, assured } = line.dataset;
    const answer = await fetch(progress).catch(() => null);
    if (line !== document.querySelector("[data-progress]")) return;
    if (isChoosing || !answer?.ok) {
      setTimeout(follow, PAUSE_MS);
      return;
    }
    const state = await answer.json();
    line.querySelector("progress").value = state.total ? state.done / state.total : 0;
    if (state.revision !== revision || (state.is_assured && !assured)) await renew();
    else if (state.is_over) line.hidden = true;
    else setTimeout(follow, PAUSE_MS);
  }

  /** Fetch this page again and put in place what may have changed. */
  async function renew() {
    if (form) return show(whole(), false);
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    // A gap of the first look may be none by all draws: then the page says so itself.
    const hasGone = response.status === 404 && byId("brief-head");
    if (hasGone) byId("progress").textContent = "By all ways of measuring this is no gap area any more: see the list of gaps.";
    if (hasGone) return undefined;
    if (!response.ok) return location.reload();
    const parts = all("[data-renewed]");
    // A map stays where it is; of a page without one everything may be new.
    if (globalThis.atlasMap && parts.length < 2) return location.reload();
    if (!globalThis.atlasMap) {
      byId("main").replaceChildren(...page.getElementById("main").childNodes);
      renewed(byId("main"));
      return follow();
    }
    for (const part of parts) {
      part.replaceWith(page.getElementById(part.id));
      renewed(byId(part.id));
    }
    return follow();
  }

  follow();

  // how the map is seen goes along to where it is embedded
  document.addEventListener("click", ({ target }) => {
    const link = target.closest?.("a[data-keeps-view]");
    if (link && location.hash.includes("=")) link.hash = location.hash;
  });

  for (const button of all("[data-print]")) button.addEventListener("click", () => print());
})();
