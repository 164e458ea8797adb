// Enhances elements that carry data-module. Every page is complete without this.
import { copy } from "./c/copy";
import { notFound } from "./c/not-found";
import { searchBox } from "./c/search-box";
import { textSize } from "./c/text-size";
import { theme } from "./c/theme";

const modules: Record<string, (root: HTMLElement) => void> = {
  copy,
  "not-found": notFound,
  "search-box": searchBox,
  "text-size": textSize,
  theme,
};

for (const root of document.querySelectorAll<HTMLElement>("[data-module]")) {
  modules[root.dataset.module ?? ""]?.(root);
}
