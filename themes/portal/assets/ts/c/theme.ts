import { recall, remember } from "./remember";

const order = ["auto", "light", "dark"] as const;

// A button that goes round: as the system, light, dark. Its label is the present choice.
export function theme(button: HTMLElement): void {
  const show = (): string => {
    const now = document.documentElement.dataset.theme ?? "auto";
    button.textContent = button.dataset[now] ?? now;
    return now;
  };
  button.hidden = false;
  if (!document.documentElement.dataset.theme) {
    const kept = recall("odc-theme");
    if (kept) document.documentElement.dataset.theme = kept;
  }
  show();
  button.addEventListener("click", () => {
    const next = order[(order.findIndex((t) => t === show()) + 1) % order.length]!;
    if (next === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    remember("odc-theme", next === "auto" ? "" : next);
    for (const other of document.querySelectorAll<HTMLElement>('[data-module="theme"]')) {
      other.textContent = other.dataset[next] ?? next;
    }
  });
}
