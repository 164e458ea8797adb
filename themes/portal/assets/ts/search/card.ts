import { h, type Words } from "./dom";
import type { Card } from "./types";

/** A result, as the server and the lists of the portal show it. */
export function cardOf(c: Card, w: Words): HTMLElement {
  const chips: HTMLElement[] = [];
  const chip = (kind: string, ...label: Parameters<typeof h>[2][]): void => {
    chips.push(h("li", {}, h("span", { class: `odc-chip odc-chip--${kind}` }, ...label)));
  };
  if (c.open_type?.code) chip(c.open_type.code, w.text(c.open_type.label));
  for (const f of c.formats ?? []) chip("plain", w.text(f.label));
  if (c.illustrative) chip("mark", w.say("illustrative"));

  const facts: string[] = [];
  if (c.kind === "entry") facts.push(w.say("not_opened"));
  if (c.rows) facts.push(w.say("rows", { n: w.number(c.rows) }));
  if (c.modified && c.kind === "dataset") facts.push(w.say("updated", { d: w.date(c.modified) }));

  return h("article", { class: "odc-card" },
    h("h2", { class: "odc-card__title" }, h("a", { href: w.page(c.url) }, w.text(c.title))),
    !!c.snippet && h("p", { class: "odc-card__row" }, w.text({ zh: c.snippet })),
    h("p", { class: "odc-card__org" },
      w.text(c.org.label),
      c.domain?.code && h("span", { class: "odc-dot", "aria-hidden": "true" }, "·"),
      c.domain?.code && w.text(c.domain.label)),
    chips.length > 0 && h("ul", { class: "odc-chips", "aria-label": w.say("traits") }, ...chips),
    facts.length > 0 && h("p", { class: "odc-card__facts" }, ...facts.map((f) => h("span", {}, f))));
}
