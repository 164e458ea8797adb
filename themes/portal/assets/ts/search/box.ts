// A search box that completes what is typed: a combobox with a list (ARIA Authoring Practices). It asks nothing while
// an input method composes, and the form works as before when nothing is chosen.
import type { Client } from "./client";
import { h, type Words } from "./dom";
import { highlight } from "./highlight";
import type { Suggestion } from "./suggest";

const pause = 120; // ms after the last key

export class SearchBox {
  private readonly list: HTMLElement;
  private readonly said: HTMLElement;
  private timer = 0;
  private asked = 0; // number of the newest question
  private typed = "";

  constructor(
    private readonly form: HTMLFormElement,
    private readonly input: HTMLInputElement,
    private readonly client: Client,
    private readonly w: Words,
  ) {
    const id = `${input.id}-suggestions`;
    this.list = h("ul", { id, class: "odc-suggest", role: "listbox", "aria-label": w.say("suggestions"), hidden: "" });
    this.said = h("span", { class: "odc-sr", role: "status" });
    form.append(this.list, this.said);
    for (const [key, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", id], ["aria-expanded", "false"]] as const) {
      input.setAttribute(key, value);
    }
    input.addEventListener("input", (e) => !(e as InputEvent).isComposing && this.wait());
    input.addEventListener("compositionstart", () => this.close());
    input.addEventListener("compositionend", () => this.wait());
    input.addEventListener("keydown", (e) => this.key(e));
    input.addEventListener("blur", () => this.close());
    form.addEventListener("submit", () => this.close());
    // Before blur, so that the list is still there when it is pressed.
    this.list.addEventListener("pointerdown", (e) => e.preventDefault());
    this.list.addEventListener("click", (e) => this.choose((e.target as Element).closest<HTMLElement>("[role=option]")));
    if (document.activeElement === input && input.value) this.wait();
  }

  private get options(): HTMLElement[] {
    return [...this.list.children] as HTMLElement[];
  }

  private wait(): void {
    clearTimeout(this.timer);
    this.asked++;
    this.timer = setTimeout(() => void this.ask(), pause);
  }

  private async ask(): Promise<void> {
    const asked = this.asked;
    this.typed = this.input.value;
    const found = this.typed.trim() ? await this.client.suggest(this.typed).catch(() => []) : [];
    if (asked === this.asked && document.activeElement === this.input) this.open(found);
  }

  private open(found: Suggestion[]): void {
    if (!found.length) {
      this.close();
      return;
    }
    const options = found.map((s, i) => h("li", { id: `${this.list.id}-${i}`, role: "option", "aria-selected": "false", "data-text": s.text },
      h("span", {}, s.text), h("span", { class: "odc-count", "aria-hidden": "true" }, this.w.number(s.n))));
    this.list.replaceChildren(...options);
    const { analyzer } = this.client;
    const slots = analyzer.terms(this.typed).map((term) => [{ term, weight: 1 }]);
    for (const o of options) highlight(o.firstElementChild!, [{ text: "", weight: 1, slots }], analyzer);
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.input.removeAttribute("aria-activedescendant");
    this.said.textContent = this.w.say("suggested", { n: String(found.length) });
  }

  private close(): void {
    clearTimeout(this.timer);
    this.asked++;
    this.list.hidden = true;
    this.said.textContent = "";
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  private key(e: KeyboardEvent): void {
    if (e.isComposing || e.keyCode === 229) return; // 229: Safari ends a composition by this key
    if (this.list.hidden) {
      if (e.key === "ArrowDown" && this.input.value) this.wait();
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (step) this.move(step);
    else if (e.key === "Escape") {
      this.input.value = this.typed;
      this.close();
    } else return;
    e.preventDefault();
  }

  /** Goes through the list and, between its ends, through what was typed. */
  private move(step: number): void {
    const { options } = this;
    const at = options.findIndex((o) => o.ariaSelected === "true");
    const places = options.length + 1;
    const next = options[((at + 1 + step + places) % places) - 1];
    for (const o of options) o.setAttribute("aria-selected", String(o === next));
    this.input.value = next?.dataset.text ?? this.typed;
    if (next) this.input.setAttribute("aria-activedescendant", next.id);
    else this.input.removeAttribute("aria-activedescendant");
    next?.scrollIntoView({ block: "nearest" });
  }

  private choose(option: HTMLElement | null): void {
    if (!option) return;
    this.input.value = option.dataset.text ?? "";
    this.form.requestSubmit();
  }
}
