// How a map is seen stands after the hash, which the server never hears of: it is added where addresses are shown.
"use strict";

(() => {
  const { hash } = location;
  if (!hash.includes("=")) return;
  for (const place of document.querySelectorAll("textarea[data-hash]")) {
    // hash as the browser writes it holds no quotes and no angle brackets
    place.value = place.value.includes('src="') ? place.value.replace(/src="[^"]*/, (src) => src + hash.replaceAll("&", "&amp;")) : place.value + hash;
  }
  for (const link of document.querySelectorAll("a[data-hash]")) link.href += hash;
})();
