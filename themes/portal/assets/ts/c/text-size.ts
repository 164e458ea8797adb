import { remember } from "./remember";

// 大字: text and targets at 125 %, on or off.
export function textSize(button: HTMLElement): void {
  const root = document.documentElement;
  const show = (): void => {
    const on = String(root.dataset.size === "large");
    for (const b of document.querySelectorAll('[data-module="text-size"]')) b.setAttribute("aria-pressed", on);
  };
  button.hidden = false;
  show();
  button.addEventListener("click", () => {
    if (root.dataset.size === "large") delete root.dataset.size;
    else root.dataset.size = "large";
    remember("odc-size", root.dataset.size ?? "");
    show();
  });
}
