// The part of an address after the hash, in which a page keeps what its reader sees of a map.
"use strict";

(() => {
  const written = (number, places) => String(Number(number.toFixed(places)));

  /** The part after the hash: a word (which tab, or a place of the page), then `name=value`, divided by "&". */
  function read(hash = location.hash) {
    const parts = hash.slice(1).split("&").filter(Boolean);
    const fields = new Map();
    for (const part of parts) {
      const at = part.indexOf("=");
      if (at > 0) fields.set(part.slice(0, at), decode(part.slice(at + 1)));
    }
    return { word: parts[0]?.includes("=") ? "" : (parts[0] ?? ""), fields };
  }

  function decode(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return "";
    }
  }

  /** Signs that an address may carry stay as they are, since people read it. */
  const encode = (text) => encodeURIComponent(text).replace(/%(2C|2F|3A)/g, decode);

  /** Where the map stands; null where that is no place. */
  function placeOf(text) {
    const [zoom, lat, lng] = (text ?? "").split("/").map(Number);
    const isPlace = zoom >= 0 && zoom <= 16 && Math.abs(lat) <= 85 && Math.abs(lng) <= 180;
    return isPlace ? { zoom, at: [lat, lng] } : null;
  }

  /** How a map stands, as `placeOf` reads it. @param {L.Map} map */
  function placed(map) {
    const centre = map.getCenter();
    return [written(map.getZoom(), 2), written(centre.lat, 4), written(centre.lng, 4)].join("/");
  }

  /**
   * Put fields in the address.
   * @param {string} word that begins it
   * @param {Map<string, string>} fields
   * @param {Map<string, string>} before what it had; another `show` is a step that can be taken back, a movement is none
   */
  function write(word, fields, before) {
    // the words of the tables' filters are the page's
    for (const [name, value] of before) if (/^rows(-\d+)?$/.test(name)) fields.set(name, value);
    if (!fields.size && !before.size) return;
    const parts = [...fields].map(([name, value]) => `${name}=${encode(value)}`);
    const address = `${location.pathname}${location.search}#${[word, ...parts].join("&")}`;
    if ((fields.get("show") ?? "") === (before.get("show") ?? "")) history.replaceState(history.state, "", address);
    else history.pushState(null, "", address);
  }

  const listed = (text) => (text ? text.split(",") : []);

  /**
   * Fields of the layers that are not as at the start: those hidden, and those shown besides.
   * @param {{word: string, first: boolean, shown: boolean}[]} layers
   * @returns {[string, string][]}
   */
  function changed(layers) {
    const words = (first) => layers.filter((layer) => layer.first === first && layer.shown !== first).map(({ word }) => word);
    return [["hide", words(true).join(",")], ["with", words(false).join(",")]].filter(([, said]) => said);
  }

  /** Whether a layer is shown, by what the address says and else as at the start. */
  const isShown = (fields, word, first) =>
    first ? !listed(fields.get("hide")).includes(word) : listed(fields.get("with")).includes(word);

  globalThis.atlas.hash = { changed, isShown, listed, placeOf, placed, read, write };
})();
