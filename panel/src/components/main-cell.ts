import { html, nothing } from 'lit';

/** What stands in the main column of a table: something in front (a provider's tile), a title, a second line in gray. */
export function mainCell(title: unknown, note?: unknown, lead?: unknown) {
  return html`<span class="cell"
    >${lead ?? nothing}<span class="words"
      ><span class="row-title">${title}</span>${note === undefined ? nothing : html`<span class="row-note">${note}</span>`}</span
    ></span
  >`;
}
