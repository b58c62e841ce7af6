// Opens a page of `qantar report` in a browser as a reader would, and says what is wrong with it, a line for each
// fault:
//   node look.mjs NODE_MODULES PAGE FOLDER
// FOLDER takes the browser's profile and pictures of the page. Ends with 1 when there is a fault, with 77 without a
// browser.
import {existsSync, mkdtempSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {pathToFileURL} from "node:url";

const [modules, page_file, folder] = process.argv.slice(2);
const {chromium} = await import(pathToFileURL(join(modules, "playwright-core/index.mjs")));
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
if (!executablePath) {
  console.log("there is no chromium");
  process.exit(77);
}

const faults = [];
const fault = (text) => faults.push(text);
const expect = (what, text) => {
  if (!what) fault(text);
};

const browser = await chromium.launchPersistentContext(mkdtempSync(join(folder, "profile-")), {
  executablePath,
  headless: true,
  acceptDownloads: true,
  viewport: {width: 1280, height: 900},
  colorScheme: "light",
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"
  ],
});
const page = await browser.newPage();
page.on("console", (message) => {
  if (["error", "warning"].includes(message.type())) fault(`console: ${message.text()}`);
});
page.on("pageerror", (error) => fault(`script: ${error.message}`));
page.on("request", (request) => {
  if (!/^(file|data|blob):/.test(request.url())) fault(`network: ${request.url()}`);
});

// Whatever stops the look is a fault, beside those that were found before.
process.on("uncaughtException", (error) => {
  for (const text of [...new Set([...faults, error.message])]) console.log(`FAULT ${text}`);
  process.exit(1);
});

const ready = () => page.waitForFunction(
    () => document.documentElement.dataset.ready === "true" &&
        [...document.querySelectorAll("figure")].every((f) => f.figure.drawn),
    null, {timeout: 60000});
const settled = () => page.evaluate(async () => {
  await Promise.all([...document.querySelectorAll("figure")].map((f) => f.figure.drawing));
});

// Whether it comes true before ten seconds are over; a machine may be busy with other things.
const eventually = async (holds) => {
  const end = Date.now() + 10000;
  while (!await holds() && Date.now() < end) await page.waitForTimeout(50);
  return await holds();
};

const began = Date.now();
await page.goto(pathToFileURL(page_file).href);
const loaded = Date.now() - began;
await ready();
await settled();
console.log(`open after ${loaded} ms, all charts after ${Date.now() - began} ms`);

// ---- Every chart has something to see, and says in words what ------------------------------------------------------

const charts = await page.$$eval("figure", (all) => all.map((f) => {
  const svg = f.querySelector(".chart svg");
  const filled = (s) => {
    const t = f.querySelector(s)?.textContent.trim();
    return t ? t : "";
  };
  f.querySelector("details").open = true;
  return {
    title: filled("h3"),
    described: svg?.closest("[aria-label]")?.getAttribute("aria-label") ?? svg?.getAttribute("aria-label") ?? "",
    marks: svg ? [...svg.querySelectorAll("[class*='role-mark'] > *, .mark-group [class*='role-mark'] > *")]
                     .filter((m) => m.getBBox && (m.getBBox().width > 0 || m.getBBox().height > 0))
                     .length :
                 -1,
    axes: svg ? svg.querySelectorAll(".role-axis").length : 0,
    titles: svg ? svg.querySelectorAll(".role-axis-title").length : 0,
    buttons: [...f.querySelectorAll(".tools button")].map((b) => b.textContent).join(),
  };
}));
for (const c of charts) {
  expect(c.title, `a chart without a title (${c.described})`);
  expect(c.marks > 0, `"${c.title}" shows nothing`);
  expect(c.described.length > 10, `"${c.title}" has no text for those who cannot see it`);
  expect(c.axes === 0 || c.titles > 0, `"${c.title}" has axes without a title`);
  expect(c.buttons === "SVG,PNG,CSV", `"${c.title}" cannot be downloaded in all ways`);
}
const rows = () => page.$$eval("figure", (all) => all.map((f) => f.querySelectorAll("details tbody tr").length));
await eventually(async () => (await rows()).every((n) => n > 0));
for (const [i, n] of (await rows()).entries()) expect(n > 0, `"${charts[i].title}" has no table`);
await page.$$eval("figure details", (all) => {
  for (const d of all) d.open = false;
});
console.log(`${charts.length} charts`);

// ---- Keyboard -------------------------------------------------------------------------------------------------------

await page.keyboard.press("Tab");
expect(
    await page.evaluate(() => document.activeElement?.className) === "skip",
    "the first stop of the keyboard is not the way to the content");
const unreachable =
    await page.$$eval("button, select, input, summary, a[href]", (all) => all.filter((x) => x.tabIndex < 0).length);
expect(unreachable === 0, `${unreachable} controls cannot be reached with the keyboard`);

const slider = await page.$("input[type=range]");
if (slider) {
  const state = () => page.evaluate(() => {
    const f = document.querySelector("input[type=range]").closest("figure");
    return [
      f.querySelector("output").textContent, f.querySelector(".state").textContent,
      f.querySelector(".chart svg").innerHTML
    ];
  });
  await slider.evaluate((x) => {
    x.focus();
    x.value = 1;
    x.dispatchEvent(new Event("input"));
  });
  await page.waitForTimeout(200);
  const before = await state();
  for (let i = 0; i < Number(await slider.getAttribute("max")) / 3; ++i) await page.keyboard.press("ArrowRight");
  await eventually(async () => (await state()).every((x, i) => x !== before[i]));
  const after = await state();
  for (const [i, what] of ["the hour", "the sentence under it", "the map"].entries())
    expect(before[i] !== after[i], `the arrow keys do not move ${what}`);
  expect(/\d/.test(after[0]), "the slider does not say which hour it shows");
}
const chosen =
    await page.evaluateHandle(() => [...document.querySelectorAll("figure select")].find((s) => s.options.length > 1));
if (chosen.asElement()) {
  const state = () => chosen.evaluate(
      (s) =>
          s.closest("figure").querySelector(".chart").innerHTML + s.closest("figure").querySelector("h3").textContent);
  const before = await state();
  await chosen.asElement().focus();
  await page.keyboard.press("End");
  await eventually(async () => before !== (await state()));
  await settled();
  expect(before !== (await state()), "a choice made with the keyboard changes nothing");
}

// ---- Downloads ------------------------------------------------------------------------------------------------------

// On a busy machine the browser has been seen to lose a download that the page had begun; a reader would click again.
const download = async (button, tries = 2) => {
  const [got] = await Promise.all([
    page.waitForEvent("download", {timeout: 20000}).catch((error) => {
      if (tries === 1) throw error;
    }),
    button.click(),
  ]);
  return got ? [got.suggestedFilename(), readFileSync(await got.path())] : download(button, tries - 1);
};
for (const figure of (await page.$$("figure")).slice(0, 3)) {
  const [svg, png, csv] = await figure.$$(".tools button");
  const [svg_name, drawing] = await download(svg);
  expect(svg_name.endsWith(".svg") && drawing.includes("<svg"), "the SVG is none");
  expect(!drawing.includes("var(--"), "the SVG has colours that only the page knows");
  expect(await page.evaluate((text) => {
    const d = new DOMParser().parseFromString(text, "image/svg+xml");
    return !d.querySelector("parsererror") && !d.querySelector("script");
  }, drawing.toString()), "the SVG is not well-formed, or has a script");
  const [png_name, pixels] = await download(png);
  expect(
      png_name.endsWith(".png") && pixels.subarray(1, 4).toString() === "PNG" && pixels.length > 2000,
      "the PNG is none");
  const [csv_name, numbers] = await download(csv);
  const lines = numbers.toString().trim().split("\r\n");
  expect(csv_name.endsWith(".csv") && lines.length > 1, "the CSV has no rows");
}
// Every table as CSV: no text may begin as a formula does.
const cells = await page.evaluate(
    () => figures.flatMap((f) => csv(f.of.columns, f.of.rows(f.state)).match(/"(?:[^"]|"")*"/g) ?? []));
for (const cell of cells.filter((c) => /^"[=+\-@]/.test(c)).slice(0, 3))
  fault(`a cell of a CSV would be taken for a formula: ${cell}`);

// ---- Names stay text ------------------------------------------------------------------------------------------------

const harm = await page.evaluate(
    () => ({
      scripts: document.querySelectorAll("script").length,
      stray: document.querySelectorAll("main script, main img, main iframe, header img, header script").length,
      done: window.harm
    }));
expect(harm.done === undefined, "a name of the case was run as a script");
expect(harm.stray === 0, "a name of the case became markup");
expect(harm.scripts === 9, `the page has ${harm.scripts} script elements instead of 9`);
expect(
    await page.$eval(
        "meta[http-equiv=Content-Security-Policy]",
        (m) => /default-src 'none'/.test(m.content) && !/unsafe-eval|https?:/.test(m.content)),
    "the page's policy allows more than it needs");

// ---- Narrow, dark, on paper -----------------------------------------------------------------------------------------

const bright = (colour) => {
  const [r, g, b] = colour.match(/[\d.]+/g).map(Number);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
await page.screenshot({path: join(folder, "wide.png"), fullPage: false});
await page.emulateMedia({colorScheme: "dark"});
const dark = await page.evaluate(() => {
  const t = document.querySelector(".chart svg text");
  return [
    getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color,
    t ? getComputedStyle(t).fill : "rgb(255,255,255)"
  ];
});
expect(
    bright(dark[0]) < 60 && bright(dark[1]) > 180 && bright(dark[2]) > 120,
    `the dark scheme is not one: ground, text and chart text are ${dark.join(", ")}`);
await page.emulateMedia({colorScheme: "dark", media: "print"});
const paper = await page.evaluate(
    () =>
        [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color,
         getComputedStyle(document.getElementById("nav")).display]);
expect(
    bright(paper[0]) > 240 && bright(paper[1]) < 80 && paper[2] === "none",
    `on paper ground, text and navigation are ${paper.join(", ")}`);
await page.emulateMedia({colorScheme: "light", media: "screen"});
await page.setViewportSize({width: 360, height: 740});
// Not drawn wide and then shrunk until nobody can read it.
const too_small = () => page.evaluate(
    () => [...document.querySelectorAll(".chart svg")]
              .filter((x) => x.getBoundingClientRect().width < 0.95 * Number(x.getAttribute("width")))
              .map((x) => x.closest("figure").querySelector("h3").textContent));
await eventually(async () => (await too_small()).length === 0);
await settled();
const shrunk = await too_small();
expect(shrunk.length === 0, `at 360 px these are too small to read: ${shrunk.join("; ")}`);
const narrow = await page.evaluate(
    () =>
        [document.documentElement.scrollWidth,
         [...document.querySelectorAll(".chart svg, figure, .card, section > p")]
             .filter((x) => x.getBoundingClientRect().right > 361)
             .map((x) => x.closest("section")?.id)]);
expect(
    narrow[0] <= 360 && narrow[1].length === 0,
    `at 360 px the page is ${narrow[0]} px wide; too wide: ${[...new Set(narrow[1])].join(", ")}`);
await page.screenshot({path: join(folder, "narrow.png")});

console.log(
    `sections: ${(await page.$$eval("main > section", (all) => all.map((s) => s.id.replace(/-\d+$/, "")))).join(" ")}`);
console.log(`text: ${
    (await page.evaluate(
         () => document.body.innerText + [...document.querySelectorAll(".chart")].map((c) => c.textContent).join(" ")) +
     charts.map((c) => c.described).join(" "))
        .replace(/\s+/g, " ")}`);
await browser.close();
for (const text of [...new Set(faults)]) console.log(`FAULT ${text}`);
process.exit(faults.length ? 1 : 0);
