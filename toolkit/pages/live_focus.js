// Where the keyboard stands: on the control that a person used, after the page is drawn anew too.
// What has opened is told by a heading with data-focus; what has closed gives back to what opened it.
const HEADINGS = "h1, h2, h3";
const TYPING = "input:not([type=file], [type=checkbox], [type=radio]), textarea, select";

class Focus {
  constructor(root) {
    this.root = root;
    this.opened = null; // what the headings with data-focus told when the page was last drawn
    this.opener = null; // where the person was when the last of them opened
    this.used = null; // where they were when they last asked for something
  }

  use(node) { this.used = node; }

  // Before the page is drawn: where the person is, and what stands above them.
  take() {
    const node = this.root.contains(document.activeElement) ? document.activeElement : null;
    if (!node) return null;
    const above = [...this.root.querySelectorAll(HEADINGS)].filter((one) => one.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING);
    return { node, above: above.reverse(), known: this.known(node), slot: node.closest("[data-slot]") };
  }

  known(node) { return key(node) + (node.form ? key(node.form) : ""); }

  // After it is drawn.
  give(held) {
    const first = this.opened === null;
    const before = this.opened || new Set();
    const wanted = [...this.root.querySelectorAll("[data-focus]")];
    this.opened = new Set(wanted.map((one) => one.dataset.focus));
    const fresh = wanted.find((one) => !before.has(one.dataset.focus));
    if (fresh && first) {
      // a page that comes moves nobody; an address that names something shows it
      if (location.search) fresh.scrollIntoView({ block: "nearest" });
      return;
    }
    if (fresh && !this.typingElsewhere(held)) {
      if (held && !fresh.closest("section")?.contains(held.node)) this.opener = held;
      this.stand(fresh);
      return;
    }
    if (!held || document.activeElement === held.node || held.slot?.contains(document.activeElement)) return;
    const closed = [...before].some((one) => !this.opened.has(one));
    const place = this.same(held) || (closed && this.backTo(this.opener)) || null;
    if (place) place.focus({ preventScroll: held.node.isConnected });
    else this.stand(held.above.find((one) => one.isConnected));
  }

  // Who has gone on and types is not called away.
  typingElsewhere(held) { return Boolean(held && held.node !== this.used && held.node.matches(TYPING)); }

  // The control itself, or the one that does the same in its form.
  same({ node, known }) {
    if (node.isConnected) return node;
    if (!node.name && !node.dataset.on) return null;
    return [...this.root.querySelectorAll(node.tagName)].find((one) => !one.closest("[data-slot]") && this.known(one) === known);
  }

  // A cell of a table may be drawn anew: then the one in which the person stands there.
  backTo(held) {
    if (!held) return null;
    if (held.node.isConnected) return held.node;
    return (held.slot?.isConnected && held.slot.querySelector("table [tabindex='0']")) || null;
  }

  stand(heading) {
    if (!heading) return;
    if (!heading.hasAttribute("tabindex")) heading.setAttribute("tabindex", "-1");
    heading.focus({ preventScroll: true });
    heading.scrollIntoView({ block: "nearest" });
  }
}
