// What every chart of the page shares: elements, numbers, tables, downloads, and when a chart is drawn.

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const data = read("data");

/** An element; texts become text nodes, so no name of a case is ever markup. */
function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on"))
      node.addEventListener(name.slice(2), value);
    else
      node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return node;
}

// ---- Numbers and times ----------------------------------------------------------------------------------------------

const missing = (x) => x === null || x === undefined || Number.isNaN(x);
const whole = new Intl.NumberFormat("en-GB", {maximumFractionDigits: 0});
const few = new Intl.NumberFormat("en-GB", {maximumSignificantDigits: 3});
function number(x) {
  if (missing(x)) return "–";
  if (typeof x !== "number") return String(x);
  return Math.abs(x) >= 100 ? whole.format(x) : few.format(x);
}
const percent = (x) =>
    (missing(x) ? "–" :
                  `${
                      x > 0 && x < 0.01     ? "<1" :
                          x < 1 && x > 0.99 ? ">99" :
                                              Math.round(100 * x)} %`);
const words = (name) => String(name).replaceAll("_", " ").replace(/:/, ": ");
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const count = (n, thing) => `${whole.format(n)} ${thing}${n === 1 ? "" : "s"}`;
const listed = (items) => (items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`);

/** The clock of a part: hours since its epoch as dates of its own time zone, or ticks. */
class PartClock {
  constructor(clock, ticks) {
    this.ticks = ticks;
    this.clock = clock;
    const m = clock.offset_minutes, two = (n) => String(n).padStart(2, "0");
    this.zone = `UTC${m < 0 ? "−" : "+"}${two(Math.floor(Math.abs(m) / 60))}:${two(Math.abs(m) % 60)}`;
  }
  /** What a chart gets: milliseconds that read as local time when shown as UTC. */
  value(hours) {
    if (missing(hours)) return null;
    return this.ticks ? hours - this.clock.start :
                        (this.clock.epoch_seconds + this.clock.offset_minutes * 60 + hours * 3600) * 1000;
  }
  text(hours) {
    if (missing(hours)) return "–";
    if (this.ticks) return `tick ${number(hours - this.clock.start)}`;
    return new Date(this.value(hours))
        .toLocaleString("en-GB", {timeZone: "UTC", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit"});
  }
  /** An x channel over time. */
  x(field, more = {}) {
    return this.ticks ? {field, type: "quantitative", title: "tick", ...more} : {
      field,
      type: "temporal",
      scale: {type: "utc", ...more.scale},
      title: "title" in more ? more.title : `time (${this.zone})`,
      axis: {format: "%-d %b", tickCount: more.ticks ?? 6, labelOverlap: true, ...more.axis}
    };
  }
}

// ---- Looks ----------------------------------------------------------------------------------------------------------

// Okabe and Ito's colours, a little lighter on dark ground. Charts name them as variables of the page, so a change of
// scheme or of paper needs no new drawing; what is downloaded gets their values.
const ink = "var(--ink)", quiet = "var(--quiet)", rule = "var(--rule)", paper = "var(--paper)";
const blue = "var(--blue)", orange = "var(--orange)", green = "var(--green)", pink = "var(--pink)",
      yellow = "var(--yellow)", sky = "var(--sky)";
const font = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif';

const looks = {
  background: "transparent",
  font,
  padding: 4,
  view: {stroke: null},
  axis: {
    labelColor: quiet,
    titleColor: quiet,
    gridColor: rule,
    domainColor: rule,
    tickColor: rule,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: "normal",
    titlePadding: 8,
    labelPadding: 4,
    gridOpacity: 0.8
  },
  legend: {
    labelColor: ink,
    titleColor: quiet,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: "normal",
    orient: "top",
    symbolStrokeWidth: 0
  },
  header: {
    labelColor: ink,
    labelFontSize: 12,
    labelFontWeight: 600,
    labelAnchor: "start",
    labelLimit: 260,
    titleColor: quiet
  },
  text: {color: ink, fontSize: 12},
  title: {color: ink},
  facet: {spacing: 18},
};

// ---- Tables and downloads -------------------------------------------------------------------------------------------

const shown = (value) => (typeof value === "number" ? number(value) : missing(value) ? "–" : String(value));

function table(columns, rows) {
  return el(
      "div", {class: "scroll", tabindex: "0", role: "region", "aria-label": "table"},
      el("table", {},
         el("thead", {},
            el("tr", {},
               columns.map(
                   ([field, title]) => el(
                       "th", {scope: "col", class: typeof rows[0]?.[field] === "number" ? "number" : null}, title)))),
         el("tbody", {},
            rows.map(
                (row) =>
                    el("tr", {},
                       columns.map(
                           ([field]) => el(
                               "td", typeof row[field] === "number" ? {class: "number"} : {}, shown(row[field]))))))));
}

// A cell that a spreadsheet would take for a formula stays a text.
function cell(value) {
  if (missing(value)) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return `"${text.replaceAll('"', '""')}"`;
}
const csv = (columns, rows) => [columns.map(([, title]) => cell(title)),
                                ...rows.map((row) => columns.map(([field]) => cell(row[field])))]
                                   .map((cells) => cells.join(","))
                                   .join("\r\n") +
    "\r\n";

function save(name, type, content) {
  const address = URL.createObjectURL(new Blob([content], {type}));
  const link = el("a", {href: address, download: name});
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

/** The drawing as a file of its own: on white paper, with the colours of the light scheme. */
async function drawing(view) {
  const light = getComputedStyle(document.getElementById("print-colours"));
  const text = (await view.toSVG()).replace(/var\((--[a-z]+)\)/g, (_, name) => light.getPropertyValue(name).trim());
  return text.replace(/(<svg[^>]*>)/, '$1<rect width="100%" height="100%" fill="#ffffff"/>');
}

function picture(svg, width, height) {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => {
      const canvas = el("canvas", {width: 2 * width, height: 2 * height});
      canvas.getContext("2d").drawImage(image, 0, 0, 2 * width, 2 * height);
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the picture cannot be drawn"))), "image/png");
    };
    image.onerror = () => reject(new Error("the picture cannot be drawn"));
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  });
}

// ---- Figures --------------------------------------------------------------------------------------------------------

const figures = [];
let figureNumber = 0;

/**
 * A chart with everything around it. `of` has: title (what to see; text or function of the state), note, columns
 * ([field, title] of the table), rows(state), spec(rows, width, state), alt(rows, state), and controls: {name: {label,
 * options: [[value, text]], value}}.
 */
function figure(of) {
  const id = `figure-${++figureNumber}`;
  const state = {};
  const text = (what) => (typeof what === "function" ? what(state) : what) ?? "";
  const title = el("h3", {id: `${id}-title`});
  const note = el("p", {class: "note"});
  const chart = el("div", {class: "chart", id});
  const list = el("div", {class: "table"});
  const details = el("details", {}, el("summary", {}, "The numbers as a table"), list);
  const f = {of, id, state, drawn: false, width: 0, view: null, visible: false};

  const controls = el("div", {class: "controls"});
  for (const [name, control] of Object.entries(of.controls ?? {})) {
    const start = control.value ?? control.options[0]?.[0];
    state[name] = start;
    const select =
        el("select", {
          onchange: (event) => {
            state[name] = event.target.value;
            f.changed(name);
          }
        },
           control.options.map(
               ([value, label]) => el("option", {value, selected: String(value) === String(start)}, label)));
    if (control.options.length > 1) controls.append(el("label", {}, el("span", {}, control.label), select));
  }
  const button = (label, about, action) =>
      el("button", {
        type: "button",
        "aria-label": `${about}: ${text(of.title)}`,
        title: about,
        onclick: () => action().catch((error) => console.error(error))
      },
         label);
  const name = () => text(of.title).toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60) || id;
  const tools =
      el("div", {class: "tools"},
         button(
             "SVG", "Download as SVG",
             async () => {
               await f.draw();
               save(`${name()}.svg`, "image/svg+xml", await drawing(f.view));
             }),
         button(
             "PNG", "Download as PNG",
             async () => {
               await f.draw();
               const box = chart.querySelector("svg");
               save(
                   `${name()}.png`, "image/png",
                   await picture(
                       await drawing(f.view), Number(box.getAttribute("width")), Number(box.getAttribute("height"))));
             }),
         button(
             "CSV", "Download the numbers as CSV",
             async () => save(`${name()}.csv`, "text/csv;charset=utf-8", csv(of.columns, of.rows(state)))));

  const fill = () => {
    if (details.open) list.replaceChildren(table(of.columns, of.rows(state)));
  };
  details.addEventListener("toggle", fill);
  f.changed = (control) => {
    of.change?.(state, control, f);
    title.textContent = text(of.title);
    note.textContent = text(of.note);
    note.hidden = !note.textContent;
    fill();
    f.drawn = false;
    return f.draw();
  };
  f.update = fill;

  f.draw = async () => {
    const width = Math.floor(chart.clientWidth) - 10;
    if ((f.drawn && f.width === width) || width < 50) return f.drawing;
    f.drawn = true;
    f.width = width;
    f.drawing =
        (async () => {
          const rows = of.rows(state);
          const spec = of.spec(rows, width, state);
          const description = `${text(of.title)}. ${
              of.alt ? of.alt(rows, state) : `${count(rows.length, "row")}; the numbers are in the table below.`}`;
          const result = await vegaEmbed(
              chart, {
                $schema: "https://vega.github.io/schema/vega-lite/v6.json",
                data: {values: rows},
                ...spec,
                description,
                config: {...looks, ...spec.config}
              },
              {
                actions: false,
                renderer: "svg",
                ast: true,
                expr: vega.expressionInterpreter,
                tooltip: {theme: "page"},
                downloadFileName: name()
              });
          f.view?.finalize();
          f.view = result.view;
          // On paper, what is higher than a page may be cut.
          f.element.classList.toggle("tall", chart.clientHeight > 800);
        })().catch((error) => {
          chart.textContent = "This chart cannot be drawn; its numbers are in the table.";
          console.error(of.title, error);
        });
    return f.drawing;
  };

  f.element =
      el("figure", {"aria-labelledby": `${id}-title`}, el("figcaption", {}, title, note), controls,
         of.before ? of.before(f) : null, chart, el("div", {class: "under"}, details, tools));
  title.textContent = text(of.title);
  note.textContent = text(of.note);
  note.hidden = !note.textContent;
  if (controls.children.length === 0) controls.remove();
  f.element.figure = f;
  figures.push(f);
  return f.element;
}

/** Draws what is in sight first, then the rest whenever there is time. */
function draw_all() {
  const sight = new IntersectionObserver((entries) => {
    for (const entry of entries)
      if (entry.isIntersecting) entry.target.figure.draw();
  }, {rootMargin: "200px"});
  for (const f of figures) sight.observe(f.element);
  const later = window.requestIdleCallback ?? ((work) => setTimeout(work, 1));
  const next = async () => {
    const f = figures.find((one) => !one.drawn && one.element.clientWidth > 0);
    if (!f) {
      document.documentElement.dataset.ready = "true";
      return;
    }
    await f.draw();
    later(next);
  };
  later(next);
  let timer = 0;
  new ResizeObserver(() => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      for (const f of figures)
        if (f.drawn && f.width !== Math.floor(f.element.querySelector(".chart").clientWidth) - 10) f.draw();
    }, 150);
  }).observe(document.getElementById("main"));
}
