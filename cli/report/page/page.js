// The page: one function for each section, called when the data has what it shows.

function follow_sections() {
  const links = new Map([...nav.querySelectorAll("a")].map((a) => [a.getAttribute("href").slice(1), a]));
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries)
      if (entry.isIntersecting) {
        for (const a of links.values()) a.removeAttribute("aria-current");
        links.get(entry.target.id)?.setAttribute("aria-current", "true");
      }
  }, {rootMargin: "-10% 0px -80% 0px"});
  for (const id of links.keys()) seen.observe(document.getElementById(id));
}

document.body.append(el("div", {id: "print-colours"}));
document.getElementById("nav").append(nav);
head();
for (const part of data.parts)
  if (part.clock) part.time = new PartClock(part.clock, part.classic);
const described = data.parts.filter((part) => part.run);
if (described.length) section("made", "What was run", described.map(made));
for (const part of kinds("run")) {
  if (part.outcomes?.length) outcomes(part);
  if (part.record?.events?.length) record(part);
  if (part.map) place_map(part);
  if (part.bands?.length) courses(part);
  if (part.stances || part.trials?.length) elite(part);
  story(part);
}
for (const part of kinds("adjudication")) adjudication(part);
for (const part of kinds("calibration")) calibration(part);
for (const part of kinds("sensitivity")) sensitivity(part);
for (const part of kinds("whatif")) whatif(part);
limits();
follow_sections();
draw_all();
