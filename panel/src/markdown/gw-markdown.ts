import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import '../components/gw-code.ts';
import { t } from '../i18n/texts.ts';
import { base } from '../theme/base.ts';
import type { Block } from './blocks.ts';
import { GrowingText } from './growing-text.ts';
import { inlinesOf, type Inline } from './inline.ts';

/**
 * A text in Markdown that somebody else wrote: paragraphs, headings, lists, quotes, code, tables, emphasis. Everything in it becomes text
 * nodes. Links go to https and mailto alone and show their address; images are not fetched, HTML is text. It may grow: what stands is not
 * drawn again. `growing` shows a caret at its end.
 */
@customElement('gw-markdown')
export class GwMarkdown extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: var(--ha-space-2);
        min-inline-size: 0;
        overflow-wrap: anywhere;
      }
      p {
        white-space: pre-line;
      }
      ul,
      ol {
        padding-inline-start: 24px;
        display: flex;
        flex-direction: column;
        gap: 2px;
      }
      ul {
        list-style: disc;
      }
      ol {
        list-style: decimal;
      }
      li > * + * {
        margin-block-start: var(--ha-space-1);
      }
      h2,
      h3,
      h4 {
        font-weight: var(--ha-font-weight-medium);
        line-height: 1.4;
        margin-block-start: var(--ha-space-1);
      }
      h2 {
        font-size: 1.25em;
      }
      h3 {
        font-size: 1.1em;
      }
      h4 {
        font-size: 1em;
      }
      blockquote {
        margin: 0;
        padding-inline-start: var(--ha-space-3);
        border-inline-start: 3px solid var(--ha-color-border-neutral-normal);
      }
      blockquote > * + * {
        margin-block-start: var(--ha-space-2);
      }
      code {
        font: 400 0.875em/1.4 var(--ha-font-family-code);
        background: color-mix(in srgb, var(--primary-text-color) 8%, transparent);
        border-radius: var(--ha-border-radius-sm);
        padding: 1px 4px;
      }
      a {
        text-decoration: underline;
        color: inherit;
      }
      .address {
        opacity: 0.85;
      }
      .wide {
        overflow-x: auto;
      }
      table {
        border-collapse: collapse;
        font-size: var(--ha-font-size-m);
        line-height: 20px;
      }
      th,
      td {
        padding: var(--ha-space-1) var(--ha-space-3);
        text-align: start;
        vertical-align: top;
        border: 1px solid color-mix(in srgb, var(--primary-text-color) 20%, transparent);
      }
      th {
        font-weight: var(--ha-font-weight-medium);
      }
      .end {
        text-align: end;
        font-variant-numeric: tabular-nums;
      }
      .caret {
        display: inline-block;
        inline-size: 8px;
        block-size: 18px;
        vertical-align: -3px;
        background: var(--primary-color);
        border-radius: 1px;
      }
    `,
  ];

  @property() text = '';
  @property({ type: Boolean, reflect: true }) growing = false;
  readonly #growing = new GrowingText();

  override render() {
    const blocks = this.#growing.read(this.text);
    const last = blocks.length - 1;
    return html`${blocks.map((block, index) => {
      const caret = this.growing && index === last;
      return guard([block, caret], () => blockView(block, caret));
    })}${this.growing && blocks.length === 0 ? CARET : nothing}`;
  }
}

const CARET = html`<span class="caret" aria-hidden="true"></span>`;

/** @param caret whether the text goes on at its end */
function blockView(block: Block, caret: boolean): unknown {
  const end = caret ? CARET : nothing;
  switch (block.kind) {
    case 'paragraph':
      return html`<p dir="auto">${inlines(block.text)}${end}</p>`;
    case 'heading':
      return headingView(block.level, html`${inlines(block.text)}${end}`);
    case 'code':
      return html`<gw-code .text=${block.text} label=${block.language ? t('markdown.code', { language: block.language }) : ''}></gw-code>`;
    case 'quote':
      return html`<blockquote>${blockViews(block.blocks, caret)}</blockquote>`;
    case 'list':
      return listView(block, caret);
    case 'table':
      return tableView(block);
    case 'rule':
      return html`<hr />`;
  }
}

function blockViews(blocks: readonly Block[], caret: boolean): unknown {
  return blocks.map((block, index) => blockView(block, caret && index === blocks.length - 1));
}

/** Below the headings of the page and of its cards, whatever level the text asks for. */
function headingView(level: number, content: TemplateResult): TemplateResult {
  if (level === 1) return html`<h2 dir="auto">${content}</h2>`;
  if (level === 2) return html`<h3 dir="auto">${content}</h3>`;
  return html`<h4 dir="auto">${content}</h4>`;
}

function listView({ ordered, start, items }: Extract<Block, { kind: 'list' }>, caret: boolean): TemplateResult {
  const views = items.map((blocks, index) => html`<li dir="auto">${itemView(blocks, caret && index === items.length - 1)}</li>`);
  return ordered
    ? html`<ol start=${start}>
        ${views}
      </ol>`
    : html`<ul>
        ${views}
      </ul>`;
}

/** The first paragraph of an item stands in its line. */
function itemView(blocks: readonly Block[], caret: boolean): unknown {
  const [first, ...rest] = blocks;
  if (first?.kind !== 'paragraph') return html`${blockViews(blocks, caret)}${caret && blocks.length === 0 ? CARET : nothing}`;
  return html`${inlines(first.text)}${caret && rest.length === 0 ? CARET : nothing}${blockViews(rest, caret)}`;
}

function tableView({ head, rows, ends }: Extract<Block, { kind: 'table' }>): TemplateResult {
  const side = (index: number) => (ends[index] ? 'end' : '');
  return html`<div class="wide" tabindex="0" role="region" aria-label=${t('markdown.table')}>
    <table>
      <thead>
        <tr>
          ${head.map((cell, index) => html`<th class=${side(index)} dir="auto">${inlines(cell)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, index) => html`<td class=${side(index)} dir="auto">${inlines(cell)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function inlines(text: string): unknown {
  return inlinesOf(text).map(inlineView);
}

function inlineView(inline: Inline): unknown {
  switch (inline.kind) {
    case 'text':
      return inline.text;
    case 'break':
      return html`<br />`;
    case 'code':
      return html`<code dir="ltr">${inline.text}</code>`;
    case 'strong':
      return html`<strong>${inline.children.map(inlineView)}</strong>`;
    case 'emphasis':
      return html`<em>${inline.children.map(inlineView)}</em>`;
    case 'deleted':
      return html`<del>${inline.children.map(inlineView)}</del>`;
    case 'link':
      return linkView(inline);
  }
}

/** Where a link leads stands beside it: its words are the model's, and may say another address. */
function linkView({ address, children }: Extract<Inline, { kind: 'link' }>): TemplateResult {
  const [only] = children;
  const bare = children.length === 1 && only?.kind === 'text' && only.text === address;
  return html`<a href=${address} target="_blank" rel="noreferrer noopener external">${children.map(inlineView)}</a>${
      bare ? nothing : html` <span class="address">(${address})</span>`
    }`;
}
