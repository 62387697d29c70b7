// The pen: a field that lies over the cell from the moment the cell has the focus, its text selected
// and invisible, so that whatever is typed, composed or pasted first is already caught by it.
const KEYBOARDS = { whole: "numeric", money: "decimal" };

class Pen {
  constructor(table) {
    this.table = table;
    this.field = null;
    this.open = false; // whether something is being typed
    this.moving = false; // the field is put in or taken away: its loss of the focus means nothing
  }

  get isList() { return this.field?.tagName === "SELECT"; }

  take() {
    const { column } = this.table;
    this.lay(make("input", {
      class: "pen", type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
      inputmode: KEYBOARDS[column.kind] || "text", "aria-label": this.called(),
    }));
    this.field.addEventListener("input", () => { this.begin(); this.keep(this.field.value); });
    this.field.addEventListener("compositionstart", () => this.begin());
    this.rest();
  }

  // The page keeps what is being typed, before it is a value: a tab may close at any moment.
  keep(text) { this.table.keep([[this.table.row.key, this.table.column.name, text]]); }

  called() {
    const { at, row, column } = this.table;
    const name = at.column ? row.cells[0]?.text : "";
    return [name, column.title].filter(Boolean).join(", ");
  }

  lay(field) {
    const { here, how } = this.table;
    this.field = field;
    this.moving = true;
    here.tabIndex = -1;
    here.append(field);
    field.tabIndex = 0;
    field.focus(how);
    this.moving = false;
  }

  // The cell's own text again, invisible and selected.
  rest() {
    this.open = false;
    if (this.isList) return;
    this.field.classList.remove("open");
    this.field.value = this.table.cell.text || "";
    this.field.select();
  }

  drop() {
    const { field } = this;
    if (!field) return;
    const td = field.parentNode;
    this.field = null;
    this.open = false;
    this.moving = true;
    field.remove();
    this.moving = false;
    if (td === this.table.here) td.tabIndex = 0;
  }

  begin() {
    this.open = true;
    this.field.classList.add("open");
  }

  // F2, Enter, a second press: the old text to be changed.
  edit() {
    if (!this.table.can || this.open) return;
    if (this.table.column.kind === "choice") this.choose();
    else this.field.setSelectionRange(this.field.value.length, this.field.value.length);
    this.begin();
  }

  choose() {
    const { cell, column } = this.table;
    const shown = cell.text || "";
    const chosen = column.choices.find(([, word]) => word === shown);
    const options = column.choices.map(([code, word]) => make("option", { value: code }, word));
    if (!chosen) options.unshift(make("option", { value: "" }, shown));
    this.lay(make("select", { class: "pen", "aria-label": this.called() }, ...options));
    this.field.value = chosen?.[0] ?? "";
    this.byKeys = true; // with keys one passes by other choices until Enter
    this.field.addEventListener("keydown", () => { this.byKeys = true; });
    this.field.addEventListener("pointerdown", () => { this.byKeys = false; });
    this.field.addEventListener("change", () => { if (this.byKeys) this.keep(this.field.value); else this.commit(); });
  }

  // By the mouse: the list of choices falls open, and a press on one of them takes it.
  offer() {
    this.edit();
    if (!this.isList) return;
    this.byKeys = false;
    this.field.showPicker();
  }

  commit() {
    const { field, table } = this;
    const text = this.isList ? field.selectedOptions[0].textContent : field.value;
    this.open = false;
    if (text !== (table.cell.text || "")) table.hand([[table.at.row - 1, table.at.column, text, field.value]]);
    else this.keep(null);
    this.close();
  }

  giveUp() {
    this.keep(null);
    this.close();
  }

  // Done or given up; what came meanwhile is drawn.
  close() {
    this.open = false;
    const held = document.activeElement === this.field;
    if (this.isList) {
      this.drop();
      if (held) this.table.here.focus();
    } else this.rest();
    if (this.table.late) this.table.draw();
  }
}
