// What sections share: their frame, and how things are called and numbers shown.

const main = document.getElementById("main"), nav = el("ol");
const base = (path) => String(path).split("/").at(-1);
const kinds = (kind) => data.parts.filter((part) => part.kind === kind);

function section(id, title, ...children) {
  const node = el("section", {id, "aria-labelledby": `${id}-h`}, el("h2", {id: `${id}-h`}, title), children);
  main.append(node);
  nav.append(el("li", {}, el("a", {href: `#${id}`}, title)));
  return node;
}
const p = (...children) => el("p", {}, children);
/** Sections of several files of one kind say which file they are of. */
const suffix = (part) => (kinds(part.kind).length > 1 ? ` · ${base(part.file ?? part.source)}` : "");
const id_of = (part, name) => `${name}-${data.parts.indexOf(part)}`;
const interval = ([value, low, high], show = number) =>
    (missing(low) ? show(value) : `${show(value)} [${show(low)}, ${show(high)}]`);
const estimate_of = (e) => [e?.value, e?.low, e?.high];
const index_options = (items, text) => items.map((item, i) => [i, text(item)]);
const share_axis = (title) =>
    ({type: "quantitative", title, scale: {domain: [0, 1]}, axis: {format: ".0%", tickCount: 5}});

function key(entries) {
  const shapes = {
    bar: (c) => `<rect x="1" y="3" width="24" height="8" fill="${c}" opacity=".75"/>`,
    range: (c) => `<path d="M1 7H25" stroke="${c}" stroke-width="2"/><path d="M7 7H19" stroke="${
        c}" stroke-width="7"/><circle cx="13" cy="7" r="4" fill="var(--paper)" stroke="${c}" stroke-width="2"/>`,
    dot: (c) => `<path d="M2 7H24" stroke="${c}" stroke-width="3"/><circle cx="13" cy="7" r="4.5" fill="${c}"/>`,
    diamond: (c) => `<path d="M13 1L19 7L13 13L7 7Z" fill="${c}"/>`,
    disc: (c) => `<circle cx="13" cy="7" r="6" fill="${c}"/>`,
    square: (c) => `<rect x="7" y="1" width="12" height="12" fill="none" stroke="${c}" stroke-width="1.6"/>`,
    text: (c) => `<text x="6" y="12" font-size="12" font-weight="700" fill="${c}">Aa</text>`
  };
  // Only shapes and colours of this file become markup here.
  return el("ul", {class: "key"}, entries.map(([shape, colour, text]) => {
    const picture = el("span", {"aria-hidden": "true"});
    picture.innerHTML = `<svg viewBox="0 0 26 14">${shapes[shape](colour)}</svg>`;
    return el("li", {}, picture, text);
  }));
}
const keyed = (node, entries) => {
  node.querySelector("figcaption").after(key(entries));
  return node;
};
const label_of = (part, id) => part.names?.[id] ?? words(id);
/**
 * An outcome in words: "site_fell_occurred:almaty_knb", or [almaty_knb], as the result of a run on the same page
 * explains it.
 */
function outcome_text(name) {
  const [written, at] = String(name).split(/[:[\]]/), plain = written.replace(/_occurred$/, "");
  const part = kinds("run").find((x) => x.outcomes?.some((o) => o.name === plain));
  const outcome = part?.outcomes.find((o) => o.name === plain), text = outcome?.text || words(written);
  if (at === undefined) return text;
  const where = part ? label_of(part, at) : words(at);
  return outcome?.axis === "action" ? where : `${where}: ${text}`;
}
const account_label = (account) => words(account.name);
