// Puts the page together: node assemble.mjs NODE_MODULES PAGE
import {existsSync, readdirSync, readFileSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";

const [modules, target] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const own = (name) => readFileSync(join(here, name), "utf8");
const of = (name) => readFileSync(join(modules, name), "utf8");

// A script as text inside <script>; where its map would be is of no use in a page without a network.
const inline = (script) => script.replace(/^\/\/# sourceMappingURL=.*$/gm, "").replaceAll("</script", "<\\/script");

// The interpreter comes as a module that imports names which the script of Vega has made global.
function interpreter() {
  const text = of("vega-interpreter/build/vega-interpreter.js");
  const imported = /^import (\{[^}]*\}) from 'vega-util';$/m,
        exported = /^export \{ expression as expressionInterpreter \};$/m;
  if (!imported.test(text) || !exported.test(text))
    throw new Error("vega-interpreter has another shape; adapt assemble.mjs");
  return `(() => {\n${
      text.replace(imported, "const $1 = vega;").replace(exported, "vega.expressionInterpreter = expression;")}})();`;
}

// ---- Countries ------------------------------------------------------------------------------------------------------

// Europe's east to the Altai: what the cases of this project lie in. Elsewhere a map has places and no borders.
const west = 18, east = 98, south = 34, north = 63;

function countries() {
  const world = JSON.parse(of("world-atlas/countries-50m.json"));
  const {scale, translate} = world.transform;
  const boxes = world.arcs.map((arc) => {
    let x = 0, y = 0;
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [dx, dy] of arc) {
      x += dx;
      y += dy;
      const lon = x * scale[0] + translate[0], lat = y * scale[1] + translate[1];
      box[0] = Math.min(box[0], lon);
      box[1] = Math.min(box[1], lat);
      box[2] = Math.max(box[2], lon);
      box[3] = Math.max(box[3], lat);
    }
    return box;
  });
  const near = (polygon) => polygon[0].some((arc) => {
    const [a, b, c, d] = boxes[arc < 0 ? ~arc : arc];
    return a <= east && c >= west && b <= north && d >= south;
  });
  const kept = [], number = new Map();
  const renumber = (arc) => {
    const at = arc < 0 ? ~arc : arc;
    if (!number.has(at)) number.set(at, kept.push(world.arcs[at]) - 1);
    return arc < 0 ? ~number.get(at) : number.get(at);
  };
  const geometries = [];
  for (const g of world.objects.countries.geometries) {
    const polygons = (g.type === "Polygon" ? [g.arcs] : g.type === "MultiPolygon" ? g.arcs : []).filter(near);
    if (polygons.length === 0) continue;
    geometries.push({
      type: "MultiPolygon",
      properties: {name: g.properties.name},
      arcs: polygons.map((rings) => rings.map((ring) => ring.map(renumber)))
    });
  }
  return {
    type: "Topology",
    transform: world.transform,
    arcs: kept,
    objects: {countries: {type: "GeometryCollection", geometries}}
  };
}

// ---- Licences -------------------------------------------------------------------------------------------------------

// Of everything that the scripts above carry inside them.
function licences() {
  const bundled =
      /^(vega|d3-|topojson-client$|world-atlas$|delaunator$|robust-predicates$|internmap$|fast-json-patch$|fast-deep-equal$|json-stringify-pretty-compact$|semver$)/;
  const all = [], texts = {};
  for (const name of readdirSync(modules).filter((n) => bundled.test(n)).sort()) {
    const about = JSON.parse(of(`${name}/package.json`));
    const file = ["LICENSE", "LICENSE.md", "LICENSE.txt", "license"].find((f) => existsSync(join(modules, name, f)));
    const text = file ? of(`${name}/${file}`) : "";
    const holders = text.split("\n").filter((line) => /^\s*copyright/i.test(line)).map((line) => line.trim());
    all.push({name, version: about.version, licence: about.license, copyright: holders.join(" ")});
    if (text)
      texts[about.license] ??= text.split("\n").filter((line) => !/^\s*copyright/i.test(line)).join("\n").trim();
  }
  return {all, texts};
}

const scripts = [
  "vega/build/vega.min.js", "vega-lite/build/vega-lite.min.js", "vega-embed/build/vega-embed.min.js",
  "topojson-client/dist/topojson-client.min.js"
].map((name) => inline(of(name)));
scripts.splice(1, 0, inline(interpreter()));
const scripts_of = (folder) => readdirSync(join(here, folder)).sort().map((name) => `${folder}/${name}`);
const json = (value) => JSON.stringify(value).replaceAll("<", "\\u003c");
const parts = {
  style: own("report.css"),
  libraries: scripts.map((s) => `<script>${s}</script>`).join("\n"),
  page: ["figures.js", "labels.js", ...scripts_of("charts"), ...scripts_of("sections"), "page.js"]
            .map((name) => inline(own(name)))
            .join("\n"),
  countries: json(countries()),
  licences: json(licences()),
};
writeFileSync(target, own("template.html").replace(/\{\{(\w+)\}\}/g, (whole, name) => parts[name] ?? whole));
