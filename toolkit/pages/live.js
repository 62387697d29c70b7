// A page of the toolkit: draws the HTML that Python sends, sends back what was clicked and typed.
// Python escapes; nothing here makes markup out of data. The widget is live_merge.js, live_focus.js
// and this, in one.
const PIECE = 2 * 1024 * 1024;
const PATIENCE_MS = 20000;
const WORK_MS = 60000; // an event may take long: a file of 100 MiB is read in it
const PAUSE_MS = 400;
const NOTES = ".note[role]:not(.progress, .lost)"; // what an action answered

function render({ model, el }) {
  const root = document.createElement("div");
  root.className = "grants";
  // Voilà lays widgets out in a shell of its own; a page stands in the frame's <main>
  (document.getElementById("page") || el).append(root);
  const waiting = new Map();
  const acting = new Map(); // events that are being answered: since when, and what asked for them
  const typed = new Map();
  const focus = new Focus(root);
  let number = 0;
  let asked = null; // the form whose values were handed in last
  let next = null; // what was pressed last while something else was being answered
  let uploading = false; // the bar stays between two pieces of a file

  const store = {
    get key() { return (window.grantsDrafts || "grants ") + location.pathname; },
    read() { try { return JSON.parse(sessionStorage.getItem(this.key)) || {}; } catch { return {}; } },
    put(form, values) { const all = this.read(); all[form] = values; sessionStorage.setItem(this.key, JSON.stringify(all)); },
    drop(form, values) {
      const all = this.read();
      if (JSON.stringify(all[form]) === JSON.stringify(values)) { delete all[form]; sessionStorage.setItem(this.key, JSON.stringify(all)); }
    },
  };

  function send(message, done, buffers, by = null) {
    const mine = ++number;
    let late = setTimeout(function check() {
      const since = Math.min(...[...acting.values()].map((one) => one.since));
      if (acting.size && performance.now() - since < WORK_MS) late = setTimeout(check, 5000);
      else lost();
    }, PATIENCE_MS);
    waiting.set(mine, () => { clearTimeout(late); if (done) done(); });
    if (message.type !== "draft") acting.set(mine, { since: performance.now(), by });
    busy();
    // a channel that has closed takes nothing: the frame's last message carries what was typed
    try { model.send({ ...message, number: mine }, undefined, buffers || []); } catch (error) { console.info(error); }
  }

  function busy() { root.setAttribute("aria-busy", acting.size ? "true" : "false"); }

  function lost() {
    if (root.querySelector(":scope > .lost")) return;
    const note = document.createElement("p");
    note.className = "note stop lost";
    note.setAttribute("role", "alert");
    note.append(model.get("words").no_answer + " ");
    const again = document.createElement("a");
    again.href = location.href;
    again.textContent = model.get("words").reload;
    note.append(again);
    root.prepend(note);
  }

  function found() { root.querySelector(":scope > .lost")?.remove(); }

  function formOf(node) { return node.closest("form") || (node.dataset.form && root.querySelector(`form[name="${CSS.escape(node.dataset.form)}"]`)); }

  function valuesOf(node) {
    const values = {};
    const form = formOf(node);
    if (form) for (const [name, value] of new FormData(form)) if (typeof value === "string") values[name] = value;
    if (node.name && !form) values[node.name] = node.value;
    for (const [name, value] of Object.entries(node.dataset)) if (!["on", "form", "draft"].includes(name)) values[name] = value;
    return values;
  }

  // Asks Python for what a button or a form does. Pressed again while it is being answered, it asks
  // nothing more; pressed while something else is, it waits for its turn.
  function fire(node, at = document.activeElement) {
    const form = node.closest("form");
    if (form) for (const field of form.elements) { // in the page's language, not in the browser's
      field.setCustomValidity?.("");
      if (field.validity?.valueMissing) field.setCustomValidity(model.get("words").required);
    }
    if (form && !node.hasAttribute("formnovalidate") && node.type === "submit" && !form.reportValidity()) return;
    if ([...acting.values()].some(({ by }) => by === node)) return;
    if (acting.size || uploading) { next = { node, at, does: JSON.stringify(node.dataset) }; return; }
    focus.use(at);
    flush();
    asked = formOf(node);
    send({ type: "event", name: node.dataset.on, values: valuesOf(node) }, undefined, [], node);
  }

  // The turn of what was pressed meanwhile, if it still stands and still does the same.
  function goOn() {
    if (acting.size || uploading || !next) return;
    const { node, at, does } = next;
    next = null;
    if (root.contains(node) && !node.disabled && JSON.stringify(node.dataset) === does) fire(node, at);
  }

  // -- typing ----------------------------------------------------------------------------
  function keep(form) { put(form.dataset.draft, valuesOf(form)); }

  function put(name, values) {
    store.put(name, values);
    window.grantsUnsent?.set(name, values);
    clearTimeout(typed.get(name)?.timer);
    typed.set(name, { values, timer: setTimeout(() => hand(name), PAUSE_MS) });
  }

  function hand(name) {
    const one = typed.get(name);
    if (!one) return;
    clearTimeout(one.timer);
    typed.delete(name);
    send({ type: "draft", form: name, values: one.values }, () => {
      store.drop(name, one.values);
      if (window.grantsUnsent?.get(name) === one.values) window.grantsUnsent.delete(name);
    });
  }

  function flush() { for (const name of [...typed.keys()]) hand(name); }

  // A form that was handed in is as Python draws it, unless somebody has typed on meanwhile.
  function clear(name) {
    if (!(name in store.read())) root.querySelector(`form[data-draft="${CSS.escape(name)}"]`)?.reset();
  }

  // -- files -----------------------------------------------------------------------------
  async function upload(input) {
    const file = input.files[0];
    if (!file) return;
    if (file.size > model.get("most_bytes")) { alertFor(input, model.get("words").too_large); input.value = ""; return; }
    const values = valuesOf(input);
    focus.use(input);
    uploading = true;
    try {
      for (let at = 0; at === 0 || at < file.size; at += PIECE) {
        const piece = await file.slice(at, at + PIECE).arrayBuffer();
        const last = at + PIECE >= file.size;
        progress(at, file.size, model.get("words").working);
        await new Promise((done) => send({ type: "piece", name: input.dataset.onFile, file: file.name, at, last, values }, done, [piece]));
      }
    } finally { // a file that is changed meanwhile cannot be read to its end
      uploading = false;
      progress(0, 0, "");
      input.value = "";
      goOn();
    }
  }

  function alertFor(input, sentence) {
    let note = input.parentElement.querySelector(".note");
    if (!note) { note = document.createElement("p"); note.className = "note stop"; note.setAttribute("role", "alert"); input.parentElement.append(note); }
    note.textContent = sentence;
  }

  function progress(done, of, sentence) {
    let bar = root.querySelector(":scope > .progress");
    if (!of) { bar?.remove(); return; }
    if (!bar) {
      bar = document.createElement("div");
      bar.className = "note progress";
      bar.setAttribute("role", "status");
      const meter = document.createElement("progress");
      bar.append(document.createElement("span"), meter);
      root.prepend(bar);
    }
    bar.firstChild.textContent = sentence;
    bar.lastChild.max = of;
    bar.lastChild.value = done;
    bar.lastChild.setAttribute("aria-label", sentence);
  }

  // -- drawing ---------------------------------------------------------------------------
  const mounted = new Map();

  function draw() {
    const html = model.get("html");
    if (!html) return;
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    const held = focus.take();
    const told = notes();
    merge(root, fresh.content);
    const wait = document.getElementById("wait");
    if (wait) wait.hidden = true;
    mount();
    focus.give(held);
    if (acting.size && notes() && notes() !== told) root.querySelector(NOTES).scrollIntoView({ block: "nearest" });
    mark();
  }

  // The fields that an answer is about: marked, each with its sentence; the first takes the focus.
  function mark() {
    if (!asked?.isConnected) return;
    const wrong = [];
    for (const answer of root.querySelectorAll(".note[data-about], .note [data-about]")) {
      const field = [...asked.elements].find((one) => one.name === answer.dataset.about && !one.hasAttribute("aria-invalid"));
      if (!field) continue;
      const words = document.createElement("small");
      words.className = "fault";
      words.id = `fault-${wrong.push(field)}`;
      words.textContent = answer.textContent.trim();
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", words.id);
      (field.closest(".field, .checks") || field.parentElement).append(words);
    }
    if (wrong.length && acting.size) { wrong[0].focus({ preventScroll: true }); wrong[0].scrollIntoView({ block: "center" }); }
  }

  function notes() { return [...root.querySelectorAll(NOTES)].map((note) => note.textContent).join("\n"); }

  async function mount() {
    for (const slot of root.querySelectorAll("[data-slot]")) {
      const reference = (model.get("slots") || {})[slot.dataset.slot];
      if (!reference || mounted.get(slot) === reference) continue;
      mounted.set(slot, reference);
      const id = String(reference.model_id || reference).replace("IPY_MODEL_", "");
      const child = await model.widget_manager.get_model(id);
      const view = await model.widget_manager.create_view(child);
      slot.replaceChildren(view.el);
    }
  }

  // -- what people do --------------------------------------------------------------------
  root.addEventListener("click", (event) => {
    const node = event.target.closest("button[data-on], a[data-on]");
    if (!node || node.disabled) return;
    event.preventDefault();
    fire(node);
  });
  root.addEventListener("keydown", (event) => { // Enter held down is one press
    if (event.repeat && event.key === "Enter" && event.target.matches("button, input, select") && !event.target.closest("[data-slot]")) event.preventDefault();
  });
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    const by = event.submitter;
    if (by?.dataset.on) return;
    if (event.target.dataset.on) fire(event.target);
  });
  root.addEventListener("change", (event) => {
    const node = event.target;
    if (node.dataset.onFile) upload(node);
    else if (node.dataset.onChange) { flush(); const values = valuesOf(node); values[node.name] = node.value; send({ type: "event", name: node.dataset.onChange, values }); }
  });
  root.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-draft]");
    if (form && event.target.type !== "file" && event.target.type !== "password") keep(form);
  });
  // Cells of a table that are typed and not yet answered: a draft of their own.
  const cells = new Map();
  root.addEventListener("grants-cells", ({ target, detail }) => {
    const name = target.closest("[data-slot]")?.dataset.draft;
    if (!name || !detail.length) return;
    const kept = cells.get(name) || {};
    for (const [key, column, text] of detail) if (text === null) delete kept[`${key}\n${column}`]; else kept[`${key}\n${column}`] = `=${text}`; // an emptied cell is typed too
    cells.set(name, kept);
    put(name, { ...kept });
  });
  model.on("change:html", draw);
  model.on("change:address", () => history.replaceState(history.state, "", location.pathname + model.get("address")));
  model.on("msg:custom", (message) => {
    if (message.type === "done") {
      found();
      const done = waiting.get(message.number);
      waiting.delete(message.number);
      acting.delete(message.number);
      busy();
      if (done) done();
      if (!waiting.size && !uploading) progress(0, 0, "");
      goOn();
    } else if (message.type === "handed_in") clear(message.form);
    else if (message.type === "progress") progress(message.done, message.of, message.sentence);
    else if (message.type === "fetch") {
      const link = document.createElement("a");
      link.href = document.documentElement.dataset.base + "download/" + message.token;
      link.download = "";
      link.click();
    } else if (message.type === "fault") {
      const note = document.createElement("p");
      note.className = "note stop";
      note.setAttribute("role", "alert");
      note.textContent = message.sentence;
      root.prepend(note);
    }
  });
  draw();
  send({ type: "open", drafts: store.read() }, () => sessionStorage.removeItem(store.key));
}

export default { render };
