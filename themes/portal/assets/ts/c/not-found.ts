// Fills the search box with the words of the path that was asked for.
export function notFound(root: HTMLElement): void {
  const input = root.querySelector<HTMLInputElement>('input[name="q"]');
  if (!input) return;
  let path = location.pathname;
  try {
    path = decodeURIComponent(path);
  } catch {
    // A broken escape: its letters serve as they are.
  }
  const words = path
    .replace(/\.[a-z0-9]+$/i, "")
    .split(/[/_\-\s]+/)
    .filter((w) => w && !/^(en|datasets|catalog|browse|index|404)$/.test(w));
  input.value = words.join(" ").slice(0, 200);
}
