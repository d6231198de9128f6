// The page of the single map: choices, the map and the sums follow one another, and the address follows all.
"use strict";

(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id);
  const form = byId("estate-form");
  if (!form) return;

  const narrow = matchMedia("(max-width: 56rem)");
  const SWAPPED = ["estate-answer", "panel-list", "panel-table", "unknowns", "estate-totals", "estate-groups", "foot"];
  const LISTS = ["owner", "use", "tenure", "status"];
  const whole = () => location.pathname + location.search;
  const view = () => globalThis.atlasMap?.map.atlas;
  let asked = null;
  let last = whole();
  let at = byId("estate-state") ? JSON.parse(byId("estate-state").textContent).at?.join("/") ?? "" : "";

  /** The address of what is chosen, what is left as it was left out. */
  function addressOf(where = at) {
    const fields = new URLSearchParams();
    const given = new FormData(form);
    for (const name of new Set(given.keys())) {
      const values = given.getAll(name).map((value) => value.trim()).filter(Boolean);
      const isDefault = name === "by" && values[0] === "owner";
      if (values.length && !isDefault) fields.set(name, LISTS.includes(name) ? values.join(",") : values.at(-1));
    }
    if (where) fields.set("view", where);
    const query = fields.toString().replaceAll("%2C", ",").replaceAll("%2F", "/");
    return form.getAttribute("action") + (query ? `?${query}` : "");
  }

  /**
   * Show what is chosen.
   * @param {string} address
   * @param {boolean} fits whether the map goes to it
   * @param {string} focused what has the focus then, of that which is put in place
   */
  async function show(address, fits, focused = "") {
    asked?.abort();
    const { signal } = (asked = new AbortController());
    document.body.classList.add("working");
    try {
      const response = await fetch(address, { signal, headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      if (!response.ok || !page.getElementById("estate-state")) return location.assign(address);
      for (const id of SWAPPED) byId(id).replaceChildren(...page.getElementById(id).childNodes);
      for (const said of all("[data-said]", page)) {
        form.querySelector(`[data-said="${said.dataset.said}"]`).textContent = said.textContent;
      }
      recount(page);
      for (const fault of all("#faults, #passed-over, #estate-form .govuk-error-message")) fault.remove();
      for (const input of all("[aria-invalid]", form)) input.removeAttribute("aria-invalid");
      byId("ward-choice").hidden = page.getElementById("ward-choice").hidden;
      const wards = page.getElementById("ward");
      const ward = wards.value;
      // as the options move one by one the last of them becomes the chosen one
      byId("ward").replaceChildren(...wards.children);
      byId("ward").value = ward;
      byId("estate-reset").hidden = page.getElementById("estate-reset").hidden;
      byId("totals-json")?.setAttribute("href", page.getElementById("totals-json").getAttribute("href"));
      if (focused) document.querySelector(focused)?.focus();
      const state = page.getElementById("estate-state").textContent;
      const isElsewhere = state !== byId("estate-state").textContent;
      byId("estate-state").textContent = state;
      document.title = page.title;
      history.pushState(null, "", address + location.hash);
      last = whole();
      if (view()?.estate && isElsewhere) await follow(fits);
    } catch (error) {
      if (error.name !== "AbortError") location.assign(address);
      return undefined;
    }
    document.body.classList.remove("working");
    return undefined;
  }

  /** Lists follow the choices made outside them; ticks stay as the reader left them, while the answer was under way. */
  function recount(page) {
    for (const name of LISTS) {
      const now = new Map(all(`input[name="${name}"]`, form).map((input) => [input.value, input]));
      const next = all(`input[name="${name}"]`, page);
      const moves = [...now.keys()].join() !== next.map((input) => input.value).join();
      const below = moves && now.values().next().value.closest("fieldset").querySelector(".estate-apart");
      for (const input of next) {
        const mine = now.get(input.value);
        const label = mine.closest("label");
        const theirs = input.closest("label");
        label.className = theirs.className;
        label.querySelector("span").textContent = theirs.querySelector("span").textContent;
        if (moves) mine.closest("fieldset").insertBefore(label, below);
      }
    }
  }

  async function follow(fits) {
    const here = view();
    const loaded = here.estate.follow(!fits);
    here.map.fire("estate:state");
    here.redraw();
    if (fits) here.estate.start();
    await loaded;
  }

  /** Ask for what the form says; where places changed, the map goes there. */
  function submit(isElsewhere) {
    goes = false;
    if (!form.reportValidity()) return;
    if (isElsewhere) at = "";
    show(addressOf(), isElsewhere);
  }

  const ELSEWHERE = ["in", "gap", "ward", "box", "area"];
  let waiting = 0;
  let goes = false;
  form.classList.add("live");
  document.addEventListener("change", ({ target }) => {
    if (target.form !== form) return;
    clearTimeout(waiting);
    if (target.name === "in") byId("ward").value = "";
    goes ||= ELSEWHERE.includes(target.name);
    waiting = setTimeout(() => submit(goes), 150);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    submit(goes);
  });
  byId("find").addEventListener("search", () => submit(false));
  addEventListener("popstate", () => (whole() === last ? undefined : location.reload()));

  // Lists close when the reader turns elsewhere.

  document.addEventListener("click", ({ target }) => {
    const field = byId(target.closest("#faults a")?.hash.slice(1));
    for (const list of all("details[open]", form)) if (!list.contains(field ?? target)) list.open = false;
  });
  form.addEventListener("keydown", (event) => {
    const list = form.querySelector("details[open]");
    if (event.key !== "Escape" || !list) return;
    list.open = false;
    list.querySelector("summary").focus();
  });

  // An area: drawn on the map, what the map shows, or none.

  function setArea(area) {
    byId("area").value = area;
    byId("box").value = "";
    submit(true);
  }

  const openMap = () => narrow.matches && byId("tab-map").click();

  document.addEventListener("estate:area", ({ detail }) => setArea(detail.area));
  form.addEventListener("click", (event) => {
    const { target } = event;
    if (target.matches("[data-draw]")) {
      byId("estate-area").open = false;
      openMap();
      byId("panel-map").scrollIntoView({ block: "nearest" });
      view()?.beginDrawing(event);
    } else if (target.matches("[data-draw-shown]") && view()) {
      const bounds = view().map.getBounds();
      const corners = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
      byId("area").value = "";
      byId("box").value = corners.map((degree) => degree.toFixed(5)).join(",");
      submit(false);
    } else if (target.matches("[data-draw-clear]")) {
      setArea("");
    }
  });

  // The table's order and its pages are the server's: they are fetched, so that map and choices stay as they are.

  byId("panel-table").addEventListener("click", (event) => {
    const link = event.target.closest("[data-order], .govuk-pagination a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.dataset.order === undefined) {
      const address = addressOf();
      const page = new URL(link.href).searchParams.get("page");
      show(`${address}${address.includes("?") ? "&" : "?"}page=${page}`, false, "#panel-table .scroll");
      return;
    }
    byId("sort").value = link.dataset.order;
    const column = link.dataset.order.replace("-", "");
    const heading = `#panel-table [data-order="${column}"], #panel-table [data-order="-${column}"]`;
    show(addressOf(), false, column ? heading : "#panel-table .scroll");
  });

  // Where the map looks is part of the address for as long as it is the reader's own choice.

  addEventListener("load", () => {
    const here = view();
    here?.map.on("moveend", () => {
      if (!here.moved && !at) return;
      const address = new URL(location.href);
      const { lat, lng } = here.map.getCenter();
      at = here.moved ? `${Number(here.map.getZoom().toFixed(2))}/${lat.toFixed(5)}/${lng.toFixed(5)}` : "";
      if (at) address.searchParams.set("view", at);
      else address.searchParams.delete("view");
      history.replaceState(history.state, "", address.href.replaceAll("%2C", ",").replaceAll("%2F", "/"));
      last = whole();
    });
  });

  document.addEventListener("click", (event) => {
    const { target } = event;
    const entry = target.closest("[data-show-asset]");
    if (entry && !target.closest("a") && view()?.estate) {
      openMap();
      const [longitude, latitude] = entry.dataset.at.split(",").map(Number);
      view().estate.show(entry.dataset.showAsset, [latitude, longitude]);
    }
    const more = target.closest("[data-more-sums]");
    if (more) {
      more.closest(".estate-sums").classList.add("is-whole");
      more.remove();
    }
    if (target.closest("[data-open-table]")) {
      event.preventDefault();
      byId("tab-table").click();
      byId("views").scrollIntoView({ block: "start" });
    }
  });
})();
