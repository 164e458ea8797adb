// Fetches the script of the search when somebody goes to the box; most readers of a page never do.
export function searchBox(form: HTMLElement): void {
  const load = (): void => {
    if (document.querySelector(`script[src="${form.dataset.script}"]`)) return;
    const script = document.createElement("script");
    script.type = "module";
    script.integrity = form.dataset.integrity ?? "";
    script.src = form.dataset.script ?? "";
    document.head.append(script);
  };
  form.addEventListener("focusin", load, { once: true });
  if (form.contains(document.activeElement)) load();
}
