// The drawing of what could be done together: marks stand close, so that the nearest to the pointer is the one meant.
"use strict";

(() => {
  const drawing = document.querySelector(".opportunities-map");

  function awayFrom(link, { clientX, clientY }) {
    const { left, top, width, height } = link.querySelector(".mark-reach").getBoundingClientRect();
    return Math.hypot(left + width / 2 - clientX, top + height / 2 - clientY);
  }

  drawing?.addEventListener("click", (event) => {
    const isPointed = event.detail > 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    const pressed = event.target.closest("a");
    if (!pressed || !isPointed) return;
    const links = [...drawing.querySelectorAll("a")];
    const nearest = links.reduce((best, one) => (awayFrom(one, event) < awayFrom(best, event) ? one : best), pressed);
    if (nearest === pressed) return;
    event.preventDefault();
    location.hash = nearest.getAttribute("href");
  });
})();
