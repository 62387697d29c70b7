// The editable table of the pages. Python holds the rows and judges what is typed; here a page of
// them is drawn and keys are understood. Data becomes text nodes only, never markup.
const FIGURES = new Set(["whole", "money"]);
const KEYBOARDS = { whole: "numeric", money: "decimal" };
const PAUSE_MS = 250;

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function set(node, name, value) {
  if (value) node.setAttribute(name, value);
  else node.removeAttribute(name);
}

// What a spreadsheet lays on the clipboard: tabs and lines, a cell with either of them in quotes.
function block(text) {
  const rows = [[]];
  for (const [, quoted, bare, end] of text.replace(/\r\n?/g, "\n").matchAll(/(?:"((?:[^"]|"")*)"|([^\t\n]*))(\t|\n|$)/g)) {
    rows.at(-1).push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (end === "\n") rows.push([]);
    if (end === "") break;
  }
  while (rows.length > 1 && rows.at(-1).every((cell) => cell === "")) rows.pop();
  return rows;
}

class Table {
  constructor(model, el) {
    this.model = model;
    this.at = { row: 1, column: 0 };
    this.pen = null; // the field in the cell that has the focus, when it can be edited
    this.editing = false;
    this.how = {};
    this.said = ""; // a warning that belongs to no cell
    this.build(el);
    this.draw();
  }

  get view() { return this.model.get("view"); }
  get words() { return this.view.words; }

  // -- the frame, made once ------------------------------------------------------------------
  build(el) {
    const { columns, label, words } = this.view;
    const id = `grid-${Math.random().toString(36).slice(2)}`;
    this.search = make("input", { type: "search", autocomplete: "off", spellcheck: "false" });
    this.found = make("span", { class: "grid-found", role: "status" });
    this.bar = make("div", { class: "grid-bar" }, make("label", { class: "field" }, words.search, this.search), this.found);
    this.heads = columns.map((column) => {
      const head = make("th", { scope: "col" }, make("button", { type: "button", tabindex: "-1" }, column.title));
      set(head, "class", FIGURES.has(column.kind) ? "n" : "");
      return head;
    });
    this.body = make("tbody");
    this.foot = make("tfoot");
    this.table = make("table", { role: "grid", "aria-label": label, "aria-colcount": columns.length },
      make("thead", {}, make("tr", { "aria-rowindex": "1" }, ...this.heads)), this.body, this.foot);
    this.box = make("div", { class: "grid-box", role: "region", "aria-label": label, tabindex: "0" }, this.table);
    this.previous = make("button", { type: "button" }, words.previous);
    this.next = make("button", { type: "button" }, words.next);
    this.shown = make("span");
    this.turns = make("div", { class: "grid-pages", role: "group", "aria-label": words.pages }, this.previous, this.shown, this.next);
    this.wrong = make("p", { class: "note stop grid-wrong", id });
    this.live = make("p", { class: "grid-live", "aria-live": "polite" });
    this.root = make("div", { class: "grid", "data-lm-suppress-shortcuts": "true" }, this.bar, this.box, this.wrong, this.turns, this.live);
    el.append(this.root);
    this.listen();
  }

  listen() {
    const { table } = this;
    table.addEventListener("keydown", (event) => this.key(event));
    table.addEventListener("pointerdown", (event) => this.press(event));
    table.addEventListener("click", (event) => this.click(event));
    table.addEventListener("focusin", (event) => this.arrive(event.target));
    table.addEventListener("focusout", () => this.leave());
    table.addEventListener("copy", (event) => this.copy(event));
    table.addEventListener("paste", (event) => this.paste(event));
    this.previous.addEventListener("click", () => this.turn(-1));
    this.next.addEventListener("click", () => this.turn(1));
    this.search.addEventListener("input", () => { clearTimeout(this.pause); this.pause = setTimeout(() => this.seek(), PAUSE_MS); });
    this.search.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.isComposing) this.seek(); });
  }

  seek() {
    clearTimeout(this.pause);
    this.pause = 0;
    this.send({ type: "filter", text: this.search.value });
  }

  turn(by) {
    const page = this.view.page + by;
    if (page >= 0 && page < this.view.pages) this.send({ type: "page", page });
  }

  send(message) {
    this.said = "";
    this.model.send(message);
  }

  // -- drawing ---------------------------------------------------------------------------------
  draw() {
    const { view, drawn } = this;
    const same = drawn && this.same(drawn, view);
    this.late = this.editing && !same;
    if (this.late) return; // what is being typed stays where it is
    this.drawn = view;
    this.frame(drawn);
    if (same) this.patch(drawn, view);
    else this.fill(drawn);
    this.complain();
  }

  frame(drawn) {
    const { view } = this;
    const { order } = view;
    this.heads.forEach((head, n) => {
      const way = order?.name === view.columns[n].name ? (order.descending ? "descending" : "ascending") : "none";
      head.setAttribute("aria-sort", way);
    });
    set(this.table, "aria-readonly", view.read_only ? "true" : "");
    this.table.setAttribute("aria-rowcount", 1 + view.count + (view.total ? 1 : 0));
    this.bar.hidden = !view.search && !view.found;
    this.bar.firstChild.hidden = !view.search;
    if (!this.pause && this.search !== document.activeElement) this.search.value = view.query;
    if (this.found.textContent !== view.found) this.found.textContent = view.found;
    this.turns.hidden = view.pages < 2;
    this.shown.textContent = view.shown;
    set(this.previous, "aria-disabled", view.page === 0 ? "true" : "");
    set(this.next, "aria-disabled", view.page + 1 >= view.pages ? "true" : "");
    if (drawn && JSON.stringify(drawn.order) !== JSON.stringify(order)) this.tell(this.ordered(order || drawn.order, order));
    else if (drawn && drawn.page !== view.page) this.tell(view.shown);
  }

  ordered({ name }, order) {
    const word = !order ? "unsorted" : order.descending ? "sorted_down" : "sorted_up";
    return this.words[word].replace("{title}", this.view.columns.find((column) => column.name === name).title);
  }

  lines(view) { return view.total ? [...view.rows, view.total] : view.rows; }

  same(old, view) {
    if (!old.total !== !view.total || old.before !== view.before || old.rows.length !== view.rows.length) return false;
    return view.rows.every((row, n) => row.key === old.rows[n].key);
  }

  // All rows anew; whoever stood in a cell stands in it again.
  fill(drawn) {
    const { view } = this;
    const held = this.table.contains(document.activeElement);
    const key = drawn && this.lines(drawn)[this.at.row - 1]?.key;
    this.drop();
    this.body.replaceChildren(...view.rows.map((row, n) => this.line(row, view.before + n + 2)));
    this.foot.replaceChildren(...(view.total ? [this.line(view.total, view.count + 2)] : []));
    if (drawn && drawn.before !== view.before) { this.box.scrollTop = 0; this.at.row = Math.min(this.at.row, 1); }
    const row = this.at.row && this.lines(view).findIndex((line) => line.key === key) + 1;
    this.stand(row || Math.min(this.at.row, this.table.rows.length - 1), this.at.column);
    if (held) this.focus({ preventScroll: true });
  }

  line(row, index) {
    const tr = make("tr", { "aria-rowindex": index });
    set(tr, "class", row.tone);
    this.view.columns.forEach((column, n) => {
      const td = document.createElement("td");
      td.tabIndex = -1;
      this.write(td, column, row, row.cells[n]);
      tr.append(td);
    });
    return tr;
  }

  // The same rows: only the cells that differ.
  patch(old, view) {
    const before = this.lines(old);
    this.lines(view).forEach((row, n) => {
      const tr = this.table.rows[n + 1];
      set(tr, "class", row.tone);
      view.columns.forEach((column, c) => {
        const changed = JSON.stringify(row.cells[c]) !== JSON.stringify(before[n].cells[c]) || row.opens !== before[n].opens;
        if (changed) this.write(tr.cells[c], column, row, row.cells[c]);
      });
    });
  }

  write(td, column, row, cell) {
    const { text = "", tone = "", small, error, part, waits } = cell || {};
    const can = this.editable(column, row, cell);
    const classes = [FIGURES.has(column.kind) && "n", column.kind !== "tag" && tone, can && "can", can && column.kind === "choice" && "pick", error && "wrong"];
    set(td, "class", classes.filter(Boolean).join(" "));
    set(td, "aria-invalid", error ? "true" : "");
    set(td, "title", error);
    set(td, "aria-busy", waits ? "true" : "");
    if (!this.view.read_only) td.setAttribute("aria-readonly", can ? "false" : "true");
    const nodes = [];
    if (column.kind === "part") { if (part !== undefined) nodes.push(this.share(part, text)); }
    else if (text && column.kind === "tag") nodes.push(make("span", { class: `tag ${tone}`.trim() }, text));
    else if (text && column.opens && row.opens) nodes.push(make("button", { type: "button", class: "link", tabindex: "-1" }, text));
    else if (text) nodes.push(text);
    if (small) nodes.push(" ", make("small", {}, small));
    for (const node of [...td.childNodes]) if (node !== this.pen) node.remove();
    td.prepend(...nodes);
    if (td.contains(this.pen) && !this.editing) this.rest();
  }

  share(part, text) {
    const bar = make("span", { class: "part", role: "img", "aria-label": text || `${part} %` });
    bar.style.setProperty("--p", `${part}%`);
    return bar;
  }

  // -- where one stands ------------------------------------------------------------------------
  get here() { return this.table.rows[this.at.row]?.cells[this.at.column]; }
  get row() { return this.lines(this.drawn)[this.at.row - 1]; }
  get column() { return this.view.columns[this.at.column]; }
  get cell() { return this.row?.cells[this.at.column]; }

  editable(column, row, cell) { return !this.view.read_only && column.editable && Boolean(cell) && row !== this.drawn.total; }
  get can() { return this.at.row > 0 && this.editable(this.column, this.row, this.cell); }

  holder(td) { return td.querySelector("button, .pen") || td; }

  stand(row, column) {
    if (this.here) this.holder(this.here).tabIndex = -1;
    this.at = { row: Math.max(0, row), column };
    if (this.here) this.holder(this.here).tabIndex = 0;
  }

  focus(how = {}) {
    this.how = how; // the field that comes into the cell takes the focus the same way
    this.holder(this.here).focus(how);
    this.how = {};
  }

  move(down, right) {
    const row = Math.min(Math.max(this.at.row + down, 0), this.table.rows.length - 1);
    const column = Math.min(Math.max(this.at.column + right, 0), this.view.columns.length - 1);
    this.stand(row, column);
    this.focus();
  }

  // Tab: the next cell, at the end of a row the first of the next one.
  step(by) {
    const width = this.view.columns.length;
    const place = (this.at.row * width) + this.at.column + by;
    if (place < width || place >= this.table.rows.length * width) return this.move(0, by);
    this.stand(Math.floor(place / width), place % width);
    this.focus();
  }

  arrive(target) {
    const td = target.closest("td, th");
    if (!td || target === this.pen) return;
    this.drop();
    this.stand(td.parentNode.rowIndex, td.cellIndex);
    if (this.can && this.column.kind !== "choice" && target === td) this.take();
    this.complain();
  }

  // The focus has gone elsewhere; a window that merely lost it changes nothing.
  leave() {
    if (this.moving || document.activeElement === this.pen) return;
    if (this.editing) this.commit();
    this.drop();
  }

  // -- the pen: a field lies over the cell from the moment it has the focus, its text selected and
  // invisible, so that whatever is typed, composed or pasted first is already caught by it ---------
  take() {
    this.pen = make("input", {
      class: "pen", type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
      inputmode: KEYBOARDS[this.column.kind] || "text", "aria-label": this.called(),
    });
    this.pen.addEventListener("input", () => this.open());
    this.pen.addEventListener("compositionstart", () => this.open());
    this.lay();
    this.rest();
  }

  called() {
    const name = this.at.column ? this.row.cells[0]?.text : "";
    return [name, this.column.title].filter(Boolean).join(", ");
  }

  lay() {
    this.moving = true;
    this.here.tabIndex = -1;
    this.here.append(this.pen);
    this.pen.tabIndex = 0;
    this.pen.focus(this.how);
    this.moving = false;
  }

  rest() {
    if (this.pen.tagName !== "INPUT") return;
    this.editing = false;
    this.pen.classList.remove("open");
    this.pen.value = this.cell.text || "";
    this.pen.select();
  }

  drop() {
    const { pen } = this;
    if (!pen) return;
    const td = pen.parentNode;
    this.pen = null;
    this.editing = false;
    this.moving = true;
    pen.remove();
    this.moving = false;
    if (td === this.here) td.tabIndex = 0;
  }

  open() {
    this.editing = true;
    this.pen.classList.add("open");
  }

  // F2, Enter, a second press: the old text to be changed.
  edit() {
    if (!this.can || this.editing) return;
    if (this.column.kind === "choice") return this.choose();
    this.open();
    this.pen.setSelectionRange(this.pen.value.length, this.pen.value.length);
  }

  choose() {
    const shown = this.cell.text || "";
    const options = this.column.choices.map(([code, word]) => make("option", { value: code }, word));
    if (!this.column.choices.some(([, word]) => word === shown)) options.unshift(make("option", { value: "" }, shown));
    this.pen = make("select", { class: "pen", "aria-label": this.called() }, ...options);
    this.pen.value = this.column.choices.find(([, word]) => word === shown)?.[0] ?? "";
    this.byKeys = true; // with keys one passes by other choices until Enter
    this.pen.addEventListener("keydown", () => { this.byKeys = true; });
    this.pen.addEventListener("pointerdown", () => { this.byKeys = false; });
    this.pen.addEventListener("change", () => { if (!this.byKeys) this.commit(); });
    this.lay();
    this.open();
  }

  // By the mouse: the list of choices falls open, and a press on one of them takes it.
  offer() {
    this.edit();
    if (this.pen?.tagName !== "SELECT") return;
    this.byKeys = false;
    this.pen.showPicker();
  }

  commit() {
    const { pen, cell } = this;
    const chosen = pen.tagName === "SELECT" ? pen.selectedOptions[0] : null;
    const text = chosen ? chosen.textContent : pen.value;
    this.editing = false;
    if (text !== (cell.text || "")) this.hand([[this.at.row - 1, this.at.column, text, pen.value]]);
    this.close();
  }

  close() {
    this.editing = false;
    const held = document.activeElement === this.pen;
    if (this.pen.tagName === "SELECT") { this.drop(); if (held) this.here.focus(); }
    else this.rest();
    if (this.late) this.draw();
  }

  // Cells with their new texts go to Python; until it answers they are shown as they were typed.
  hand(cells) {
    const asked = cells.map(([n, c, text, typed]) => {
      const row = this.drawn.rows[n];
      row.cells[c] = { ...row.cells[c], text, error: "", waits: true };
      this.write(this.table.rows[n + 1].cells[c], this.view.columns[c], row, row.cells[c]);
      return [row.key, this.view.columns[c].name, typed];
    });
    this.send({ type: "edit", cells: asked });
  }

  marked(marks) {
    const { drawn } = this;
    for (const { key, name, cell } of marks) {
      const n = this.lines(drawn).findIndex((row) => row.key === key);
      const c = drawn.columns.findIndex((column) => column.name === name);
      if (n < 0 || c < 0) continue;
      const row = this.lines(drawn)[n];
      row.cells[c] = cell; // drawn may be older than the view, while something is being typed
      this.write(this.table.rows[n + 1].cells[c], drawn.columns[c], row, row.cells[c]);
    }
    const wrong = marks.filter(({ cell }) => cell.error);
    if (wrong.length) {
      this.last = wrong[0];
      const many = wrong.length > 1 ? `${this.words.errors.replace("{count}", wrong.length)} ` : "";
      this.tell(many + this.sentence(wrong[0].key, wrong[0].name, wrong[0].cell.error));
    }
    this.complain();
  }

  sentence(key, name, error) {
    const row = this.lines(this.drawn).find((line) => line.key === key);
    const column = this.view.columns.find((one) => one.name === name);
    return `${[row?.cells[0]?.text, column?.title].filter(Boolean).join(", ")}: ${error}`;
  }

  // Below the table: what is wrong with this cell, else with the one last refused.
  complain() {
    let sentence = this.cell?.error && this.sentence(this.row.key, this.column.name, this.cell.error);
    const here = Boolean(sentence);
    if (!sentence && this.last) {
      const row = this.lines(this.drawn).find((line) => line.key === this.last.key);
      const error = row?.cells[this.drawn.columns.findIndex((column) => column.name === this.last.name)]?.error;
      sentence = error && this.sentence(this.last.key, this.last.name, error);
    }
    this.wrong.textContent = [this.said, sentence].filter(Boolean).join(" ");
    this.wrong.hidden = !this.wrong.textContent;
    if (this.pen) { set(this.pen, "aria-invalid", here ? "true" : ""); set(this.pen, "aria-describedby", here ? this.wrong.id : ""); }
  }

  tell(sentence) { this.live.textContent = sentence; }

  // What went wrong and belongs to no cell: to be heard and seen, until the next thing is done.
  warn(sentence) {
    this.tell(sentence);
    this.said = sentence;
    this.complain();
  }

  // -- keys, mouse, clipboard --------------------------------------------------------------------
  key(event) {
    if (event.isComposing || event.keyCode === 229) return; // the letter is not finished
    if (this.editing ? this.keyTyping(event) : this.keyMoving(event)) event.preventDefault();
  }

  keyTyping({ key, shiftKey }) {
    if (key === "Enter") { this.commit(); this.move(shiftKey ? -1 : 1, 0); }
    else if (key === "Tab") { this.commit(); this.step(shiftKey ? -1 : 1); }
    else if (key === "Escape") this.close();
    else return false;
    return true;
  }

  keyMoving(event) {
    const { key, ctrlKey, metaKey, altKey } = event;
    const far = ctrlKey || metaKey;
    const last = this.view.columns.length;
    const page = Math.max(1, Math.floor(this.box.clientHeight / (this.here?.offsetHeight || 1)) - 2);
    const moves = {
      ArrowUp: [far ? -Infinity : -1, 0], ArrowDown: [far ? Infinity : 1, 0], PageUp: [-page, 0], PageDown: [page, 0],
      ArrowLeft: [0, far ? -last : -1], ArrowRight: [0, far ? last : 1],
      Home: [far ? -Infinity : 0, -last], End: [far ? Infinity : 0, last],
    };
    if (altKey && key === "ArrowDown") this.edit();
    else if (moves[key] && !altKey) this.move(...moves[key]);
    else if (key === "F2" || (key === "Enter" && this.can)) this.edit();
    else {
      // the first letter of a choice goes to the list it opens
      if (this.can && this.column.kind === "choice" && key.length === 1 && !far) this.edit();
      return false;
    }
    return true;
  }

  // A second press on a cell that has the focus opens it.
  press(event) {
    const td = event.target.closest("td");
    if (event.target === this.pen) this.open();
    else this.again = td && td === document.activeElement;
  }

  click({ target }) {
    const button = target.closest("button");
    if (!button) { if (this.again && target.closest("td") === this.here) this.offer(); return; }
    const td = button.parentNode;
    const column = this.view.columns[td.cellIndex].name;
    if (td.tagName === "TH") this.send({ type: "sort", name: column });
    else this.send({ type: "open", key: this.drawn.rows[td.parentNode.rowIndex - 1].key, name: column });
  }

  copy(event) {
    const taken = this.editing || (!this.pen && String(getSelection()));
    if (taken || !this.cell) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", this.cell.text || "");
  }

  paste(event) {
    if (this.editing || this.view.read_only || this.at.row < 1) return;
    event.preventDefault();
    const rows = block(event.clipboardData.getData("text/plain"));
    if (rows.length > 1 || rows[0].length > 1 || !this.pen) this.spread(rows);
    else { this.pen.value = rows[0][0]; this.open(); }
  }

  // A block of a spreadsheet: each cell to its place, from this cell to the right and down.
  spread(rows) {
    const cells = [];
    let left = 0;
    rows.forEach((texts, down) => texts.forEach((text, right) => {
      const [n, c] = [this.at.row - 1 + down, this.at.column + right];
      const row = this.drawn.rows[n];
      const column = this.view.columns[c];
      if (row && column && this.editable(column, row, row.cells[c])) cells.push([n, c, text, text]);
      else left += 1;
    }));
    if (cells.length) this.hand(cells);
    const sentence = this.words[left ? "pasted_left" : "pasted"].replace("{count}", cells.length).replace("{left}", left);
    if (left) this.warn(sentence);
    else this.tell(sentence);
  }
}

// Python's answers go into the view, whether the table is on the page at that moment or not.
function initialize({ model }) {
  model.on("msg:custom", (message) => {
    if (message.type !== "mark") return;
    const { rows, total, columns } = model.get("view");
    for (const { key, name, cell } of message.cells) {
      const row = rows.find((one) => one.key === key) || (total?.key === key ? total : null);
      const column = columns.findIndex((one) => one.name === name);
      if (row && column >= 0) row.cells[column] = cell;
    }
  });
}

function render({ model, el, signal }) {
  const table = new Table(model, el);
  model.on("change:view", () => table.draw());
  model.on("msg:custom", (message) => {
    if (message.type === "mark") table.marked(message.cells);
    else if (message.type === "say") table.warn(message.sentence);
  });
  const finish = () => { if (table.editing) table.commit(); };
  addEventListener("pagehide", finish, { signal });
  return finish;
}

export default { initialize, render };
