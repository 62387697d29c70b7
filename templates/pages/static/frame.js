// What a page needs before its kernel answers. Voilà calls these by name.
"use strict";
window.voila_heartbeat = window.voila_process = window.update_loading_text = () => {};
window.voila_finish = window.display_cells = () => {};
document.addEventListener("DOMContentLoaded", () => {
  // on a phone not all pages of the header have room: the one that is open is seen
  const [pages, page] = [document.querySelector(".top nav"), document.querySelector(".top nav [aria-current]")];
  if (page) pages.scrollLeft = page.offsetLeft - pages.offsetLeft - (pages.clientWidth - page.offsetWidth) / 2;
  // who comes back after the session ended finds what they typed; nobody else does
  const person = document.querySelector("[data-person]")?.dataset.person;
  if (person === undefined) return;
  window.grantsDrafts = `grants ${person}\n`;
  for (const key of Object.keys(sessionStorage)) if (key.startsWith("grants ") && !key.startsWith(window.grantsDrafts)) sessionStorage.removeItem(key);
});
// A page whose kernel has died before it drew anything would wait without end.
document.addEventListener("DOMContentLoaded", () => setTimeout(() => {
  const wait = document.getElementById("wait");
  if (!wait || wait.hidden) return;
  const again = document.createElement("a");
  again.href = location.href;
  again.textContent = wait.dataset.again;
  wait.className = "note stop";
  wait.setAttribute("role", "alert");
  wait.replaceChildren(`${wait.dataset.late} `, again);
}, 45000));
// A page that is left takes its kernel with it; what was typed last goes along.
const unsent = new Map();
window.grantsUnsent = unsent;
addEventListener("pagehide", () => {
  const told = document.getElementById("jupyter-config-data");
  if (!told) return;
  const address = document.documentElement.dataset.base + "leave/" + JSON.parse(told.textContent).kernelId;
  navigator.sendBeacon(address, JSON.stringify(Object.fromEntries(unsent)));
});
// The language is switched where the person is: on the same semester, the same day.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-language]");
  if (!link) return;
  const query = new URLSearchParams(location.search);
  query.set("lang", link.lang);
  link.search = query;
});
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
document.addEventListener("submit", (event) => {
  if (event.target.matches("form.out")) sessionStorage.clear();
});
