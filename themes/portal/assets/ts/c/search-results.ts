// Results below the search form. A server fills them in before the page is sent; on a plain host they are fetched from
// data-api here. Everything is set as text. When the search does not answer, the links for browsing stay.
interface Card {
  title: string;
  snippet?: string;
  org?: string;
  domain?: string;
  open_type?: string;
  modified?: string;
  url: string;
}
interface Answer {
  total: number;
  hits: { card: Card }[];
}

export async function searchResults(root: HTMLElement): Promise<void> {
  const q = (new URLSearchParams(location.search).get("q") ?? "").trim();
  const field = document.querySelector<HTMLInputElement>("#q");
  if (field && q && !field.value) field.value = q;
  if (!q || root.dataset.filled !== undefined) return;

  const said = element("p", "odc-browse__count", root.dataset.loading ?? "");
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
    root.replaceChildren(said, ...found.hits.map((h) => card(h.card, root)));
  } catch {
    said.textContent = root.dataset.failed ?? "";
  }
}

function card(c: Card, root: HTMLElement): HTMLElement {
  const article = element("article", "odc-card");
  const heading = element("h2", "odc-card__title");
  const link = document.createElement("a");
  link.href = (root.dataset.base ?? "/") + c.url.replace(/^\//, "");
  link.textContent = c.title;
  heading.append(link);
  article.append(heading);
  if (c.snippet) article.append(element("p", "odc-card__row", c.snippet));
  const org = [c.org, c.domain].filter(Boolean).join(" · ");
  if (org) article.append(element("p", "odc-card__org", org));
  if (c.modified) article.append(element("p", "odc-card__facts", (root.dataset.updated ?? "{d}").replace("{d}", c.modified)));
  return article;
}

function element(name: string, className: string, text = ""): HTMLElement {
  const e = document.createElement(name);
  e.className = className;
  e.textContent = text;
  return e;
}
