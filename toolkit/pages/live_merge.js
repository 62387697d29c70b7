// The page's new HTML goes onto what stands there: what is the same stays the same node, so that
// a person keeps what they hold: the focus, typed text, open details, how far a table was scrolled.

// What a node is known by from one drawing to the next. A button is what it does: otherwise the
// press that approved would, on the same node, release next. A switch stays itself when it turns.
function key(node) {
  if (node.nodeType !== 1) return String(node.nodeType);
  const { dataset, tagName } = node;
  if (dataset?.on && tagName !== "FORM") return tagName + JSON.stringify({ ...dataset, wanted: undefined });
  const given = node.id || dataset?.key || node.getAttribute("name") || node.getAttribute("aria-labelledby") || node.getAttribute("aria-label");
  if (given) return tagName + given;
  if (tagName === "LABEL") return tagName + (node.querySelector("input, select, textarea")?.name || "");
  return tagName + (["DIV", "P"].includes(tagName) ? dataset.slot || node.classList[0] || "" : "");
}

function merge(old, fresh) {
  const kept = [...old.childNodes].filter((node) => !(node.nodeType === 1 && node.matches(".grants > .lost, .grants > .progress")));
  const byKey = new Map();
  for (const node of kept) if (node.nodeType === 1) (byKey.get(key(node)) || byKey.set(key(node), []).get(key(node))).push(node);
  const pairs = [...fresh.childNodes].map((next) => [next, next.nodeType === 1 ? byKey.get(key(next))?.shift() : undefined]);
  const used = new Set(pairs.map(([, match]) => match));
  // first what goes: then nothing that stays has to be moved, and a moved node loses the focus
  for (const node of kept) if (!used.has(node)) node.remove();
  let place = kept.find((node) => used.has(node)) || null;
  for (const [next, match] of pairs) {
    if (!match) old.insertBefore(next, place);
    else {
      if (match === place) place = place.nextSibling;
      else old.insertBefore(match, place);
      update(match, next);
    }
  }
}

function update(node, next) {
  const before = node.getAttribute("value");
  const own = (name) => (name === "open" && node.tagName === "DETAILS") || (name === "tabindex" && node === document.activeElement);
  for (const { name } of [...node.attributes]) if (!next.hasAttribute(name) && !own(name)) node.removeAttribute(name);
  for (const { name, value } of [...next.attributes]) if (node.getAttribute(name) !== value && !own(name)) node.setAttribute(name, value);
  if (node.dataset?.slot) return;
  if (node.tagName === "INPUT") { if (next.getAttribute("value") !== before || node.form?.dataset.fresh === "true") node.value = next.getAttribute("value") ?? ""; return; }
  if (node.tagName === "TEXTAREA") { if (node.defaultValue !== next.textContent) { node.defaultValue = next.textContent; node.value = next.textContent; } return; }
  if (node.tagName === "SELECT") {
    const chosen = [...next.options].find((option) => option.hasAttribute("selected"))?.value;
    merge(node, next);
    if (chosen !== undefined) node.value = chosen;
    return;
  }
  merge(node, next);
}
