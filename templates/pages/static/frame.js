// What a page needs before its kernel answers. Voilà calls these by name.
"use strict";
window.voila_heartbeat = window.voila_process = window.update_loading_text = () => {};
window.voila_finish = window.display_cells = () => {};
document.addEventListener("DOMContentLoaded", () => {
  // whoever comes to the door has left: nothing typed before stays in this tab
  if (document.querySelector("[data-door]")) sessionStorage.clear();
});
// A page that is left takes its kernel with it; what was typed last goes along.
const unsent = new Map();
window.grantsUnsent = unsent;
addEventListener("pagehide", () => {
  const told = document.getElementById("jupyter-config-data");
  if (!told) return;
  const address = document.documentElement.dataset.base + "leave/" + JSON.parse(told.textContent).kernelId;
  navigator.sendBeacon(address, JSON.stringify(Object.fromEntries(unsent)));
});
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
document.addEventListener("submit", (event) => {
  if (event.target.matches("form.out")) sessionStorage.clear();
});
