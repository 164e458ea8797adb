// Code to copy names this site by its official address. Where the page is read from somewhere else, a mirror or a
// trial on one's own machine, the lines are made to work there. Citations keep the official address.
export function here(root: HTMLElement): void {
  const official = document.querySelector<HTMLLinkElement>('link[rel="canonical"]');
  if (!official) return;
  const from = new URL(official.href).origin;
  if (from === location.origin) return;
  for (const code of root.querySelectorAll("code")) code.textContent = (code.textContent ?? "").replaceAll(from, location.origin);
  for (const button of root.querySelectorAll<HTMLElement>("[data-copy]")) {
    button.dataset.copy = (button.dataset.copy ?? "").replaceAll(from, location.origin);
  }
}
