function story(part) {
  const told = (part.trials ?? []).filter((t) => t.story);
  if (told.length === 0) return;
  const box = el("div", {class: "scroll", tabindex: "0", role: "region", "aria-label": "the story of the trial"});
  const show = (i) => {
    const t = told[i], prefix = `t${data.parts.indexOf(part)}-`;
    let list = null;
    const parts = [];
    for (const line of t.story.split("\n")) {
      const event = line.match(/^\s+(\d\d:\d\d)\s+(?:\[(\d+)(?:[^\]]*)\])?\s*(.*?)(?:\s←\s(.*))?$/);
      if (event) {
        list ??= parts[parts.push(el("ol", {})) - 1];
        const causes = event[4] ? event[4].split(/,\s*/) : [];
        list.append(
            el("li", event[2] ? {id: prefix + event[2]} : {}, el("time", {}, event[1]),
               el("span", {}, event[3],
                  causes.map(
                      (cause) =>
                          (/^\d+$/.test(cause) ? el("a", {
                            href: `#${prefix}${cause}`,
                            title: `because of event ${cause}`,
                            "aria-label": `because of event ${cause}`
                          },
                                                    `↩${cause}`) :
                                                 ` ${cause}`)))));
      } else if (line.trim()) {
        list = null;
        parts.push(
            /^\S/.test(line) && line.length < 40 ? el("h4", {}, line.trim()) : el("p", {class: "note"}, line.trim()));
      }
    }
    box.replaceChildren(...parts);
    box.scrollTop = 0;
    // What led to it may be an event that the short telling leaves out.
    for (const link of box.querySelectorAll("a"))
      if (!document.getElementById(link.getAttribute("href").slice(1)) && !box.querySelector(link.getAttribute("href")))
        link.replaceWith(el("span", {class: "quiet"}, ` ${link.textContent}`));
    title.textContent = `Trial ${t.trial}, under ${account_label(part.accounts[t.account])}`;
  };
  const title = el("h3", {});
  const select =
      el("select", {onchange: (event) => show(Number(event.target.value))},
         told.map(
             (t, i) =>
                 el("option", {value: i},
                    `Trial ${t.trial}: ${account_label(part.accounts[t.account])}${t.typical ? " (typical)" : ""}`)));
  show(0);
  section(
      id_of(part, "story"), `One trial as a story${suffix(part)}`,
      p("One run of many: what these assumptions can lead to, not what happened. A typical trial is the kept one whose crowds are nearest to those of the other kept trials of its account. Numbers after an arrow lead to the events that brought it about."),
      el("div", {class: "card story"}, title,
         told.length > 1 ? el("div", {class: "controls"}, el("label", {}, el("span", {}, "trial"), select)) : null,
         box));
}
