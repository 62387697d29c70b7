// Markup of the table and what is read from a clipboard. Data becomes text nodes only, never markup.
const FIGURES = new Set(["whole", "money"]);

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

// The parts of a table that stay while its rows change.
function framed({ columns, label, words }) {
  const parts = {
    search: make("input", { type: "search", autocomplete: "off", spellcheck: "false" }),
    found: make("span", { class: "grid-found", role: "status" }),
    heads: columns.map(heading),
    body: make("tbody"),
    foot: make("tfoot"),
    previous: make("button", { type: "button" }, words.previous),
    next: make("button", { type: "button" }, words.next),
    shown: make("span"),
    wrong: make("p", { class: "note stop grid-wrong", id: `grid-${Math.random().toString(36).slice(2)}` }),
    live: make("p", { class: "grid-live", "aria-live": "polite" }),
  };
  parts.field = make("label", { class: "field" }, words.search, parts.search);
  parts.bar = make("div", { class: "grid-bar" }, parts.field, parts.found);
  const head = make("thead", {}, make("tr", { "aria-rowindex": "1" }, ...parts.heads));
  parts.table = make("table", { role: "grid", "aria-label": label, "aria-colcount": columns.length }, head, parts.body, parts.foot);
  parts.box = make("div", { class: "grid-box", role: "region", "aria-label": label, tabindex: "0" }, parts.table);
  parts.turns = make("div", { class: "grid-pages", role: "group", "aria-label": words.pages }, parts.previous, parts.shown, parts.next);
  // JupyterLab would take keys for its own shortcuts
  parts.root = make("div", { class: "grid", "data-lm-suppress-shortcuts": "true" }, parts.bar, parts.box, parts.wrong, parts.turns, parts.live);
  return parts;
}

// A lone sign at the end, as the euro's, does not come to stand in a line of its own.
function together(title) { return title.replace(/ (\S)$/, "\u00a0$1"); }

function heading(column) {
  const head = make("th", { scope: "col" }, make("button", { type: "button", tabindex: "-1" }, together(column.title)));
  set(head, "class", FIGURES.has(column.kind) ? "n" : "");
  return head;
}

// A cell's attributes; `can` tells whether it can be edited, undefined in a table to read.
function dress(td, column, cell, can) {
  const { tone = "", error, waits } = cell || {};
  const classes = [FIGURES.has(column.kind) && "n", column.kind === "day" && "line", column.kind !== "tag" && tone, can && "can", can && column.kind === "choice" && "pick", error && "wrong"];
  set(td, "class", classes.filter(Boolean).join(" "));
  set(td, "title", error);
  set(td, "aria-invalid", error ? "true" : "");
  set(td, "aria-busy", waits ? "true" : "");
  if (can !== undefined) td.setAttribute("aria-readonly", String(!can));
}

// What stands in a cell.
function content(column, cell, opens) {
  const { text = "", tone = "", small, part, expanded } = cell || {};
  const nodes = [];
  if (column.kind === "part") {
    if (part !== undefined) nodes.push(share(part, text));
  } else if (text && column.kind === "tag") nodes.push(make("span", { class: `tag ${tone}`.trim() }, text));
  else if (text && column.opens && opens) nodes.push(make("button", { type: "button", class: "link", tabindex: "-1", ...(expanded === undefined ? {} : { "aria-expanded": String(expanded) }) }, text));
  else if (text) nodes.push(text);
  if (small) nodes.push(" ", make("small", {}, small));
  return nodes;
}

function share(part, text) {
  const bar = make("span", { class: "part", role: "img", "aria-label": text || `${part} %` });
  bar.style.setProperty("--p", `${part}%`);
  return bar;
}
