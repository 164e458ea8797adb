// Results below the search form. A server fills them in before the page is sent; on a plain host they are fetched from
// data-api here. Everything is set as text. When the search does not answer, the links for browsing stay.
interface Text {
  zh: string;
  en?: string;
}
interface Term {
  code: string;
  label: Text;
}
interface Card {
  url: string;
  title: Text;
  row_meaning?: string;
  snippet?: string;
  org: Term;
  domain?: Term;
  open_type?: Term;
  formats?: Term[];
  modified?: string;
  illustrative?: boolean;
}
interface Answer {
  total: number;
  hits: { card: Card }[];
}

export async function searchResults(root: HTMLElement): Promise<void> {
  const q = (new URLSearchParams(location.search).get("q") ?? "").trim();
  if (!q || root.dataset.filled !== undefined) return;
  const field = document.querySelector<HTMLInputElement>("#q");
  if (field && !field.value) field.value = q;

  const said = element("p", "odc-browse__count", root.dataset.loading);
  said.setAttribute("role", "status");
  root.prepend(said);
  try {
    const answer = await fetch(`${root.dataset.api}?${new URLSearchParams({ q })}`, { headers: { accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const found = (await answer.json()) as Answer;
    if (!found.hits.length) {
      said.textContent = root.dataset.none ?? "";
      return;
    }
    said.textContent = (root.dataset.found ?? "{n}").replace("{n}", String(found.total));
    root.replaceChildren(said, ...found.hits.map((hit) => cardOf(hit.card, root)));
  } catch {
    said.textContent = root.dataset.failed ?? "";
  }
}

function cardOf(card: Card, root: HTMLElement): HTMLElement {
  const en = root.dataset.lang === "en";
  const article = element("article", "odc-card");
  const heading = element("h2", "odc-card__title");
  const link = inLanguage("a", "", card.title, en) as HTMLAnchorElement;
  link.href = (root.dataset.base ?? "/") + card.url.replace(/^\//, "");
  heading.append(link);
  article.append(heading);
  if (card.row_meaning) {
    const row = element("p", "odc-card__row", root.dataset.rowIs);
    row.append(inLanguage("span", "", { zh: card.row_meaning }, en), en ? "" : "。");
    article.append(row);
  } else if (card.snippet) {
    article.append(inLanguage("p", "odc-card__row", { zh: card.snippet }, en));
  }

  const org = element("p", "odc-card__org");
  org.append(inLanguage("span", "", card.org.label, en));
  if (card.domain) {
    const dot = element("span", "odc-dot", "·");
    dot.setAttribute("aria-hidden", "true");
    org.append(dot, inLanguage("span", "", card.domain.label, en));
  }
  article.append(org);

  const chips = element("ul", "odc-chips");
  chips.setAttribute("aria-label", root.dataset.traits ?? "");
  const add = (kind: string, label: Text): void => {
    const item = document.createElement("li");
    item.append(inLanguage("span", `odc-chip odc-chip--${kind}`, label, en));
    chips.append(item);
  };
  if (card.open_type) add(card.open_type.code, card.open_type.label);
  for (const format of card.formats ?? []) add("plain", format.label);
  if (card.illustrative) add("mark", { zh: root.dataset.illustrative ?? "", en: root.dataset.illustrative });
  if (chips.childElementCount) article.append(chips);

  if (card.modified) {
    article.append(element("p", "odc-card__facts", (root.dataset.updated ?? "{d}").replace("{d}", day(card.modified, en))));
  }
  return article;
}

// day writes 2025-10-15 as the pages do.
function day(iso: string, en: boolean): string {
  const date = new Date(`${iso}T00:00:00Z`);
  return date.toLocaleDateString(en ? "en-GB" : "zh-CN", { timeZone: "UTC", year: "numeric", month: "long", day: "numeric" });
}

// inLanguage sets the text of the page's language, or the Chinese marked as such.
function inLanguage(name: string, className: string, text: Text, en: boolean): HTMLElement {
  const e = element(name, className, en ? text.en || text.zh : text.zh);
  if (en && !text.en) e.lang = "zh-CN";
  return e;
}

function element(name: string, className: string, text = ""): HTMLElement {
  const e = document.createElement(name);
  if (className) e.className = className;
  e.textContent = text;
  return e;
}
