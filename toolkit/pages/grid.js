// The editable table of the pages. Python holds the rows and judges what is typed; here a page of
// them is drawn and keys are understood. The widget is grid_parts.js, grid_pen.js and this, in one.
const PAUSE_MS = 250;

class Table {
  constructor(model, el) {
    this.model = model;
    this.at = { row: 1, column: 0 };
    this.pen = new Pen(this);
    this.how = {}; // of taking the focus
    this.said = ""; // a warning that belongs to no cell
    this.build(el);
    this.draw();
  }

  get view() { return this.model.get("view"); }
  get words() { return this.view.words; }

  // -- the frame, made once ------------------------------------------------------------------
  build(el) {
    Object.assign(this, framed(this.view));
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
    // a channel that has closed takes nothing: what was typed is with the page by then
    try { this.model.send(message); } catch (error) { console.info(error); }
  }

  // -- drawing ---------------------------------------------------------------------------------
  draw() {
    const { view, drawn } = this;
    const same = drawn && this.same(drawn, view);
    this.late = this.pen.open && !same;
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
    this.field.hidden = !view.search;
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
    this.pen.drop();
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
    dress(td, column, cell, this.view.read_only ? undefined : this.editable(column, row, cell));
    const held = td.contains(document.activeElement) && document.activeElement !== this.pen.field;
    for (const node of [...td.childNodes]) if (node !== this.pen.field) node.remove();
    td.prepend(...content(column, cell, row.opens));
    if (td.contains(this.pen.field) && !this.pen.open) this.pen.rest();
    if (td !== this.here) return;
    this.holder(td).tabIndex = 0; // its button is a new one
    if (held) this.holder(td).focus({ preventScroll: true });
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
    if (!td || target === this.pen.field) return;
    this.pen.drop();
    this.stand(td.parentNode.rowIndex, td.cellIndex);
    if (this.can && this.column.kind !== "choice" && target === td) this.pen.take();
    this.complain();
  }

  // The focus has gone elsewhere; a window that merely lost it changes nothing.
  leave() {
    if (this.pen.moving || document.activeElement === this.pen.field) return;
    this.finish();
    this.pen.drop();
  }

  finish() { if (this.pen.open) this.pen.commit(); }

  // -- edits and their answers -------------------------------------------------------------------
  // Cells with their new texts go to Python; until it answers they are shown as they were typed.
  hand(cells) {
    const asked = cells.map(([n, c, text, typed]) => {
      const row = this.drawn.rows[n];
      row.cells[c] = { ...row.cells[c], text, error: "", waits: true };
      this.write(this.table.rows[n + 1].cells[c], this.view.columns[c], row, row.cells[c]);
      return [row.key, this.view.columns[c].name, typed];
    });
    this.keep(asked);
    this.send({ type: "edit", cells: asked });
  }

  // What is typed and not yet answered, cell by cell; null when there is nothing more to be kept.
  keep(cells) { this.root.dispatchEvent(new CustomEvent("grants-cells", { bubbles: true, detail: cells })); }

  marked(marks) {
    const { drawn } = this;
    const typing = ({ key, name }) => this.pen.open && this.row?.key === key && this.column.name === name;
    this.keep(marks.filter((mark) => !typing(mark)).map(({ key, name }) => [key, name, null]));
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
    if (!this.pen.field) return;
    set(this.pen.field, "aria-invalid", here ? "true" : "");
    set(this.pen.field, "aria-describedby", here ? this.wrong.id : "");
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
    if (this.pen.open ? this.keyTyping(event) : this.keyMoving(event)) event.preventDefault();
  }

  keyTyping({ key, shiftKey }) {
    if (key === "Enter") { this.pen.commit(); this.move(shiftKey ? -1 : 1, 0); }
    else if (key === "Tab") { this.pen.commit(); this.step(shiftKey ? -1 : 1); }
    else if (key === "Escape") this.pen.giveUp();
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
    if (altKey && key === "ArrowDown") this.pen.edit();
    else if (moves[key] && !altKey) this.move(...moves[key]);
    else if (key === "F2" || (key === "Enter" && this.can)) this.pen.edit();
    else {
      // the first letter of a choice goes to the list it opens
      if (this.can && this.column.kind === "choice" && key.length === 1 && !far) this.pen.edit();
      return false;
    }
    return true;
  }

  // A second press on a cell that has the focus opens it.
  press(event) {
    const td = event.target.closest("td");
    if (event.target === this.pen.field) this.pen.begin();
    else this.again = td && td === document.activeElement;
  }

  click({ target }) {
    const button = target.closest("button");
    if (!button) {
      if (this.again && target.closest("td") === this.here) this.pen.offer();
      return;
    }
    const td = button.parentNode;
    const column = this.view.columns[td.cellIndex].name;
    if (td.tagName === "TH") this.send({ type: "sort", name: column });
    else this.send({ type: "open", key: this.lines(this.drawn)[td.parentNode.rowIndex - 1].key, name: column });
  }

  copy(event) {
    const taken = this.pen.open || (!this.pen.field && String(getSelection()));
    if (taken || !this.cell) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", this.cell.text || "");
  }

  paste(event) {
    if (this.pen.open || this.view.read_only || this.at.row < 1) return;
    event.preventDefault();
    const rows = block(event.clipboardData.getData("text/plain"));
    if (rows.length > 1 || rows[0].length > 1 || !this.pen.field) this.spread(rows);
    else {
      this.pen.field.value = rows[0][0];
      this.pen.begin();
    }
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
  const finish = () => table.finish();
  addEventListener("pagehide", finish, { signal });
  return finish;
}

export default { initialize, render };
