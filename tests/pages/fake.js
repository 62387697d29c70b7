// A model as anywidget hands it to a widget; the tests are its kernel.
import widget from "./grid.js";

class Model {
  constructor(state) { this.state = state; this.listeners = {}; }
  get(name) { return this.state[name]; }
  on(name, listener) { (this.listeners[name] ||= []).push(listener); }
  fire(name, ...facts) { for (const listener of this.listeners[name] || []) listener(...facts); }
  async send(message) { this.receive(await window.kernelHears(JSON.parse(JSON.stringify(message)))); }
  receive(answers) {
    for (const [kind, content] of answers) {
      if (kind === "view") { this.state.view = content; this.fire("change:view"); } else this.fire("msg:custom", content);
    }
  }
}

window.begin = async () => {
  window.model = new Model({ view: await window.kernelState() });
  widget.initialize({ model: window.model });
  window.draw();
};
window.draw = () => {
  window.away?.();
  const slot = document.getElementById("slot");
  slot.replaceChildren();
  const begun = performance.now();
  window.away = widget.render({ model: window.model, el: slot });
  document.body.offsetHeight; // lays it out
  window.took = performance.now() - begun;
};
await window.begin();
