// A page's model as anywidget hands it to the widget; the tests answer for Python, one event at a time.
import widget from "./live.js";

const state = { html: "", slots: {}, address: "", most_bytes: 2 ** 25, words: { working: "…", required: "Aizpildiet!", no_answer: "…", reload: "…", too_large: "…" } };
const listeners = {};
const tell = (name, ...facts) => { for (const listener of listeners[name] || []) listener(...facts); };
const open = [];

window.asked = []; // every event and every piece of a file, as Python would hear it
window.show = (html) => { state.html = html; tell("change:html"); };
window.answer = (html, form) => {
  const { number } = open.shift();
  if (html !== null) show(html);
  if (form) tell("msg:custom", { type: "handed_in", form });
  tell("msg:custom", { type: "done", number });
};
const model = {
  get: (name) => state[name],
  on: (name, listener) => (listeners[name] ||= []).push(listener),
  send(message) {
    if (message.type === "draft" && window.drafts !== "late") return tell("msg:custom", { type: "done", number: message.number });
    open.push(message);
    if (message.type !== "open") asked.push(message);
  },
};
widget.render({ model, el: document.body });
