// Makes elements. Everything that comes from a record is set as text.
import type { Text } from "./types";

export type Child = Node | string | false | undefined;

export function h(name: string, attributes: Record<string, string | false | undefined> = {}, ...children: Child[]): HTMLElement {
  const e = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (typeof value === "string") e.setAttribute(key, value);
  e.append(...children.filter((c): c is Node | string => Boolean(c)));
  return e;
}

/** The texts of the pages in one language, as i18n has them; {n} and the like are blanks to fill. */
export class Words {
  constructor(
    private readonly texts: Record<string, string>,
    readonly lang: string,
    private readonly root: string, // address of the home page in this language
  ) {}

  say(key: string, blanks: Record<string, string> = {}): string {
    return (this.texts[key] ?? key).replace(/\{(\w+)\}/g, (blank, name: string) => blanks[name] ?? blank);
  }

  /** A text in the page's language, or the Chinese one marked as such. */
  text(t: Text): Child {
    if (this.lang !== "en") return t.zh;
    return t.en || (t.zh && h("span", { lang: "zh-CN" }, t.zh));
  }

  plain(t: Text): string {
    return (this.lang === "en" && t.en) || t.zh;
  }

  page(address: string): string {
    return this.root + address.slice(1);
  }

  number(n: number): string {
    return String(n).replace(/\B(?=(\d{3})+$)/g, ",");
  }

  date(iso: string): string {
    const day = new Date(`${iso}T00:00:00Z`);
    return day.toLocaleDateString(this.lang === "en" ? "en-GB" : "zh-CN", { timeZone: "UTC", dateStyle: "long" });
  }
}
