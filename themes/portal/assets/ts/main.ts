// Enhances elements that carry data-module. Every page is complete without this.
import { copy } from "./c/copy";
import { here } from "./c/here";
import { notFound } from "./c/not-found";
import { searchResults } from "./c/search-results";
import { textSize } from "./c/text-size";
import { theme } from "./c/theme";

const modules: Record<string, (root: HTMLElement) => void> = {
  copy,
  here,
  "not-found": notFound,
  "search-results": searchResults,
  "text-size": textSize,
  theme,
};

for (const root of document.querySelectorAll<HTMLElement>("[data-module]")) {
  modules[root.dataset.module ?? ""]?.(root);
}
