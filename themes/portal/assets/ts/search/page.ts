// The search page: the address is the state, and the server's markup is the form. What the server has painted already
// is taken over as it stands.
import type { Client } from "./client";
import { cardOf } from "./card";
import { h, type Words } from "./dom";
import type { Answer } from "./engine";
import { highlight } from "./highlight";
import { asksSomething, format, parse } from "./request";
import type { Spec } from "./spec";
import { nearest } from "./suggest";
import type { Count, Request, Sort } from "./types";

const firstValues = 8; // of a facet are shown; the rest folds away
const mostDrops = 5; // filters tried when nothing was found
const patience = 300; // ms before a page says that it is busy

type Counts = Record<string, Count[]>;

export class SearchPage {
  private readonly browse: Node[];
  private readonly title: string;
  private readonly wide = matchMedia("(min-width: 960px)");
  private req!: Request;
  private count!: HTMLElement;
  private aside!: HTMLElement;
  private head!: HTMLElement;
  private list!: HTMLElement;
  private at = location.search; // what is shown
  private run = 0; // number of the newest search; older ones are not painted

  constructor(
    private readonly root: HTMLElement,
    private readonly client: Client,
    private readonly spec: Spec,
    private readonly w: Words,
  ) {
    const filled = root.dataset.filled !== undefined;
    this.browse = filled ? [] : [...root.childNodes];
    this.req = this.read();
    this.title = filled && this.req.q ? document.title.replace(`${this.req.q} · `, "") : document.title;
    root.addEventListener("click", (e) => this.click(e));
    document.addEventListener("submit", (e) => this.submit(e));
    addEventListener("popstate", () => location.search !== this.at && void this.show()); // a link within the page is no search
    if (filled) void this.adopt();
    else void this.show();
  }

  private read(): Request {
    return parse(new URLSearchParams(location.search), this.spec);
  }

  /** Takes over results that the server painted. */
  private async adopt(): Promise<void> {
    const part = (selector: string): HTMLElement | null => this.root.querySelector(selector);
    const [aside, list, head, count] = [part("aside"), part(".odc-browse__results"), part(".odc-browse__head"), part(".odc-browse__count")];
    if (!aside || !list || !head || !count) return; // the server was busy; the next search paints everything
    Object.assign(this, { aside, list, head, count });
    list.tabIndex = -1;
    const q = this.req.q;
    if (!q) return;
    const readings = await this.client.ask(q, (engine) => engine.rewriter.rewrite(q)).catch(() => []);
    if (this.run === 0) this.mark(readings);
  }

  private click(e: MouseEvent): void {
    const link = (e.target as Element).closest?.("a");
    if (!link || e.button || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
    if (link.origin !== location.origin || link.pathname !== location.pathname) return;
    e.preventDefault();
    const key = link.dataset.key;
    const turned = link.closest(".odc-pager") !== null;
    void this.go(link.search).then(() => {
      const again = key && this.root.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
      if (turned) this.list.scrollIntoView();
      if (again) again.focus();
      else this.list.focus({ preventScroll: true });
    });
  }

  private submit(e: SubmitEvent): void {
    const form = e.target as HTMLFormElement;
    const field = form.elements.namedItem("q");
    if (!(field instanceof HTMLInputElement) || new URL(form.action).pathname !== location.pathname) return;
    e.preventDefault();
    if (matchMedia("(pointer: coarse)").matches) field.blur(); // the keyboard would cover the results
    void this.go(`?${new URLSearchParams({ q: field.value.trim() })}`);
  }

  private go(search: string): Promise<void> {
    if (search !== location.search) history.pushState(null, "", location.pathname + search);
    return this.show();
  }

  /** Paints the state of the address. */
  private async show(): Promise<void> {
    const run = ++this.run;
    this.at = location.search;
    this.req = this.read();
    const { req } = this;
    document.title = (req.q && `${req.q} · `) + this.title;
    for (const field of document.querySelectorAll<HTMLInputElement>("input[name=q]")) field.value = req.q;
    if (!asksSomething(new URLSearchParams(location.search), this.spec)) {
      if (this.browse.length) this.root.replaceChildren(...this.browse);
      else if (run > 1) location.reload();
      return;
    }
    if (!this.root.querySelector(".odc-browse")) this.frame();
    const late = setTimeout(() => this.say(this.w.say("loading")), patience);
    this.root.setAttribute("aria-busy", "true");
    try {
      const answer = await this.client.search(req);
      if (run !== this.run) return;
      const filtered = this.spec.facets.some((f) => req.filters[f]?.length);
      const counts = filtered ? await answer.facets() : undefined;
      if (run !== this.run) return;
      clearTimeout(late);
      this.paint(answer, counts);
      if (answer.total === 0) await this.help(run, counts ?? {});
      if (!counts && this.wide.matches) {
        const later = await answer.facets();
        if (run === this.run) this.facets(later);
      }
    } catch {
      if (run === this.run) this.fail();
    } finally {
      clearTimeout(late);
      if (run === this.run) this.root.removeAttribute("aria-busy");
    }
  }

  /** The frame of the results. It stays from one search to the next, so that the count is read aloud when it changes. */
  private frame(): void {
    this.count = h("p", { class: "odc-browse__count", role: "status" });
    this.head = h("div", { class: "odc-browse__head" }, this.count);
    this.aside = h("aside", { class: "odc-browse__facets", "aria-label": this.w.say("filters") });
    this.list = h("section", { class: "odc-browse__results", "aria-label": this.w.say("results") }, this.head);
    this.root.replaceChildren(h("div", { class: "odc-browse" }, this.aside, this.list));
  }

  private say(text: string): void {
    if (this.count.textContent !== text) this.count.textContent = text;
  }

  private paint(answer: Answer, counts: Counts | undefined): void {
    this.list.tabIndex = -1;
    this.say([this.counted(answer), ...this.lookedFor(answer)].join(" "));
    this.head.replaceChildren(this.count, ...this.chosen(counts ?? {}), ...this.sorts(answer));
    const shown = answer.hits.map((hit) => cardOf(hit.card, this.w));
    this.list.replaceChildren(this.head, ...shown, ...this.pager(answer));
    this.mark(answer.readings);
    if (counts || answer.total === 0) this.facets(counts ?? {});
    else if (!this.wide.matches) this.closedFacets(answer);
  }

  private mark(readings: Answer["readings"]): void {
    for (const e of this.list.querySelectorAll(".odc-card__title, .odc-card__row")) highlight(e, readings, this.client.analyzer);
  }

  private fail(): void {
    if (!this.browse.length) this.browse.push(h("p", {}, h("a", { href: this.w.page("/domains/") }, this.w.say("browse"))));
    this.root.replaceChildren(h("p", { class: "odc-browse__count", role: "status" }, this.w.say("failed")), ...this.browse);
  }

  private counted(a: Answer): string {
    const n = this.w.number(a.total);
    if (a.total === 0 && this.req.q) return this.w.say("nothing", { q: this.req.q });
    if (!this.req.q) return this.w.say("found_all", { n });
    if (a.total === 1) return this.w.say("found_one");
    return this.w.say(a.about && a.total > a.size ? "about" : "found", { n }); // what stands on one page can be counted
  }

  /** Tells what was looked for, where that differs from what was typed. */
  private lookedFor(a: Answer): string[] {
    return a.looked_for.map((text) => this.w.say("looked_for", { q: text }));
  }

  /** The parameters after a change; a change begins again at page 1. */
  private with(change: Partial<Request>): string {
    return location.pathname + format({ ...this.req, page: 1, ...change }, this.spec);
  }

  private toggled(facet: string, code: string): string {
    const now = this.req.filters[facet] ?? [];
    const then = now.includes(code) ? now.filter((v) => v !== code) : [...now, code];
    return this.with({ filters: { ...this.req.filters, [facet]: then } });
  }

  private on(): [facet: string, code: string][] {
    return this.spec.facets.flatMap((f) => (this.req.filters[f] ?? []).map((v): [string, string] => [f, v]));
  }

  private chosen(counts: Counts): HTMLElement[] {
    const chips = this.on().map(([facet, code]) => {
      const label = counts[facet]?.find((c) => c.code === code)?.label ?? { zh: code, en: code };
      const link = h("a", { class: "odc-filter", href: this.toggled(facet, code), "aria-label": this.w.say("remove", { v: this.w.plain(label) }) },
        this.w.text(label), cross());
      return h("li", {}, link);
    });
    return chips.length ? [h("ul", { class: "odc-chips" }, ...chips)] : [];
  }

  private sorts(a: Answer): HTMLElement[] {
    if (a.total < 2) return [];
    const links = (this.spec.sorts as Sort[]).flatMap((sort) => {
      const label = this.w.say(`sort_${sort}`);
      return [" ", sort === this.req.sort ? h("b", { "aria-current": "true" }, label) : h("a", { href: this.with({ sort }) }, label)];
    });
    return [h("p", { class: "odc-browse__sort" }, h("span", {}, this.w.say("sort")), ...links)];
  }

  /** On a narrow screen the facets are counted when somebody opens them. */
  private closedFacets(answer: Answer): void {
    const was = this.aside.querySelector("details");
    const details = this.facetFrame();
    this.aside.replaceChildren(details);
    const run = this.run;
    const load = (): void => void answer.facets().then((counts) => run === this.run && this.facets(counts), () => this.fail());
    if (was?.open) load();
    else details.addEventListener("toggle", load, { once: true });
  }

  private facetFrame(...groups: HTMLElement[]): HTMLDetailsElement {
    const n = this.on().length;
    const button = n ? this.w.say("filters_on", { n: String(n) }) : this.w.say("filters");
    return h("details", { class: "odc-facets" },
      h("summary", { class: "odc-button odc-facets__button" }, button),
      h("nav", { class: "odc-facets__panel", "aria-label": this.w.say("filters") }, ...groups)) as HTMLDetailsElement;
  }

  /** Facets are links: one adds a value, or takes it away when it is on. A facet with one value tells nothing. */
  private facets(counts: Counts): void {
    const opened = new Set([...this.aside.querySelectorAll<HTMLElement>("details[open]")].map((d) => d.dataset.facet ?? ""));
    const groups = this.spec.facets.flatMap((facet) => {
      const values = counts[facet] ?? [];
      if (!values.length || (values.length < 2 && !this.req.filters[facet]?.length)) return [];
      const [first, rest] = [values.slice(0, firstValues), values.slice(firstValues)];
      const items = (list: Count[]): HTMLElement => h("ul", {}, ...list.map((c) => this.value(facet, c)));
      const open = opened.has(facet) || rest.some((c) => c.selected);
      return [h("section", { class: "odc-facets__group" },
        h("h2", { class: "odc-facets__title" }, this.w.say(`facet_${facet}`)),
        items(first),
        rest.length > 0 && h("details", { class: "odc-facets__more", "data-facet": facet, open: open && "" },
          h("summary", {}, this.w.say("more", { n: String(rest.length) })), items(rest)))];
    });
    if (!groups.length) {
      this.aside.replaceChildren();
      return;
    }
    const details = this.facetFrame(...groups);
    details.open = opened.has("");
    this.aside.replaceChildren(details);
  }

  private value(facet: string, c: Count): HTMLElement {
    return h("li", {}, h("a", { href: this.toggled(facet, c.code), "aria-current": c.selected && "true", "data-key": `${facet}=${c.code}` },
      h("span", {}, this.w.text(c.label)), " ", h("span", { class: "odc-count" }, this.w.number(c.n))));
  }

  private pager(a: Answer): HTMLElement[] {
    const last = Math.min(Math.ceil(a.total / a.size), Math.floor(this.spec.limits.window / a.size));
    if (last < 2) return [];
    const to = (page: number): string => this.with({ page });
    const items: HTMLElement[] = [];
    let shown = 0;
    for (let n = 1; n <= last; n++) {
      if (n !== 1 && n !== last && Math.abs(n - a.page) > 2) continue;
      if (n > shown + 1) items.push(h("li", {}, h("span", { "aria-hidden": "true" }, "…")));
      const label = this.w.say("page_n", { n: String(n) });
      items.push(h("li", {}, n === a.page ? h("span", { "aria-current": "page" }, String(n)) : h("a", { href: to(n), "aria-label": label }, String(n))));
      shown = n;
    }
    const step = (rel: string, page: number): HTMLElement => h("a", { class: "odc-pager__step", rel, href: to(page) }, this.w.say(rel));
    return [h("nav", { class: "odc-pager", "aria-label": this.w.say("pager") },
      a.page > 1 && step("prev", Math.min(a.page - 1, last)), h("ol", {}, ...items), a.page < last && step("next", a.page + 1))];
  }

  /** Helps on when nothing was found: what to try, what each filter costs, where to browse and how to ask for data. */
  private async help(run: number, counts: Counts): Promise<void> {
    const { req, w } = this;
    const near = req.q ? await this.tried(await this.client.ask(req.q, (e) => nearest(e, req.q)), (q) => ({ ...req, q, page: 1 })) : [];
    const drops = await this.tried(this.on(), ([facet, code]) => ({ ...req, page: 1, filters: { ...req.filters, [facet]: req.filters[facet]!.filter((v) => v !== code) } }));
    if (run !== this.run) return;
    const links = (heading: string, list: HTMLElement[]): HTMLElement[] => (list.length ? [h("p", {}, heading), h("ul", {}, ...list)] : []);
    const link = (to: Request, text: string): HTMLElement => h("li", {}, h("a", { href: location.pathname + format(to, this.spec) }, text));
    this.list.append(h("div", { class: "odc-none" },
      !!req.q && h("ul", {}, h("li", {}, w.say("tip_short")), h("li", {}, w.say("tip_spelling"))),
      ...links(w.say("nearest"), near.map(({ of, to, n }) => link(to, w.say("nearest_one", { q: of, n: w.number(n) })))),
      ...links(w.say("without"), drops.map(({ of: [facet, code], to, n }) => {
        const label = counts[facet]?.find((c) => c.code === code)?.label ?? { zh: code };
        return link(to, w.say("drop_one", { v: w.plain(label), n: w.number(n) }));
      })),
      h("p", {}, h("a", { href: w.page("/domains/") }, w.say("browse"))),
      h("p", {}, h("a", { href: w.page("/request/") }, w.say("request")))));
  }

  /** Those of the first few ways on that lead to results. */
  private async tried<T>(all: T[], request: (of: T) => Request): Promise<{ of: T; to: Request; n: number }[]> {
    const found = await Promise.all(all.slice(0, mostDrops).map(async (of) => {
      const to = request(of);
      return { of, to, n: (await this.client.search({ ...to, size: 1 })).total };
    }));
    return found.filter((f) => f.n > 0);
  }
}

function cross(): SVGElement {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  for (const [key, value] of [["viewBox", "0 0 12 12"], ["width", "12"], ["height", "12"], ["aria-hidden", "true"]] as const) svg.setAttribute(key, value);
  const path = document.createElementNS(ns, "path");
  path.setAttribute("d", "M2 2l8 8M10 2l-8 8");
  svg.append(path);
  return svg;
}
