// What a page needs before its kernel answers. Voilà calls these by name.
"use strict";
window.voila_heartbeat = window.voila_process = window.update_loading_text = () => {};
window.voila_finish = window.display_cells = () => {};
document.addEventListener("DOMContentLoaded", () => {
  // whoever comes to the door has left: nothing typed before stays in this tab
  if (document.querySelector("[data-door]")) sessionStorage.clear();
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("form.out")) sessionStorage.clear();
});
