// Drag and drop of a register, its size told before it is sent, and what is being done while the reader waits.
"use strict";

(() => {
  const form = document.getElementById("estate-import");
  const drop = document.getElementById("drop");

  const said = (words, isWrong) => {
    const place = document.getElementById("file-said");
    place.textContent = words;
    place.classList.toggle("is-wrong", isWrong);
  };

  const size = (bytes) =>
    bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1000)).toLocaleString("en-GB")} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

  const check = (input) => {
    const file = input.files[0];
    const isTooLarge = Boolean(file) && file.size > Number(form.dataset.mostBytes);
    const isEmpty = Boolean(file) && file.size === 0;
    input.setCustomValidity(isTooLarge ? `A register may have up to ${form.dataset.most}.` : isEmpty ? "The file is empty." : "");
    if (isTooLarge) said(`${file.name} has ${size(file.size)}: a register may have up to ${form.dataset.most}.`, true);
    else if (isEmpty) said(`${file.name} is empty.`, true);
    else said(file ? `${file.name}, ${size(file.size)}` : "", false);
  };

  if (form && drop) {
    const input = document.getElementById("file");
    drop.querySelector(".estate-drop-words").hidden = false;
    input.addEventListener("change", () => check(input));
    let inside = 0;
    drop.addEventListener("dragenter", (event) => {
      event.preventDefault();
      inside += 1;
      drop.classList.add("is-over");
    });
    drop.addEventListener("dragover", (event) => event.preventDefault());
    drop.addEventListener("dragleave", () => {
      inside -= 1;
      drop.classList.toggle("is-over", inside > 0);
    });
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      inside = 0;
      drop.classList.remove("is-over");
      const files = event.dataTransfer.files;
      if (files.length !== 1) {
        said("Drop one file at a time.", true);
        return;
      }
      input.files = files;
      check(input);
    });
    // what was typed stays in the address, where the way back finds it if the session has ended
    form.addEventListener("submit", () => {
      const typed = [...new FormData(form)].filter(([name, value]) => name !== "csrf" && typeof value === "string" && value);
      window.history.replaceState(window.history.state, "", `${form.action}?${new URLSearchParams(typed)}`);
    });
    // a file dropped beside the box must not take the place of the page
    for (const kind of ["dragover", "drop"]) window.addEventListener(kind, (event) => event.preventDefault());
  }

  for (const select of document.querySelectorAll("select[data-was]")) {
    const show = () => select.classList.toggle("is-changed", select.value !== select.dataset.was);
    select.addEventListener("change", show);
    show();
  }

  for (const one of document.querySelectorAll("form")) {
    one.addEventListener("submit", (event) => {
      const button = event.submitter;
      if (!button || !button.dataset.working) return;
      // only after the form was read, or the button's own value would not be sent
      setTimeout(() => {
        button.textContent = button.dataset.working;
        button.disabled = true;
        button.classList.add("is-busy");
      });
    });
  }
  // shown again from the browser's memory, nothing is being done any more
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });
})();
