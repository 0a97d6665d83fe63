import { LitElement, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { base, buttons, layout } from './theme/base.ts';
import { href, router, type PageLocation } from './router/router.ts';
import { readQuery, writeQuery, type QuerySchema, type QueryValues } from './router/query.ts';

/** What a page puts into the header. */
export interface PageHeader {
  /** Instead of the route's own title: the name of the key, of the model. */
  readonly title?: string;
  /** Of a page under a page: where its arrow leads, when that is not the tab as it opens. */
  readonly back?: string;
  /** Before the menu: arrows, a button with an icon. */
  readonly actions?: TemplateResult;
  /** On narrow screens in place of the title: the search field of a list. */
  readonly narrow?: TemplateResult;
}

/** A page: it is given where the reader is, and speaks to the shell. Its filters live in the address. */
export abstract class GwPage extends LitElement {
  static override styles = [base, layout, buttons];

  /** Values of the route's colon segments. */
  @property({ attribute: false }) params: Readonly<Record<string, string>> = {};
  @property({ attribute: false }) location: PageLocation = { path: '', query: new URLSearchParams() };

  /** What the address says of these fields. */
  protected query<Schema extends QuerySchema>(schema: Schema): QueryValues<Schema> {
    return readQuery(schema, this.location.query);
  }

  /** Puts fields into the address; the page is given it again. Filters replace, a step down (`push`) can be gone back. */
  protected setQuery<Schema extends QuerySchema>(schema: Schema, values: Partial<QueryValues<Schema>>, { push = false } = {}): void {
    router.navigate(href(this.location.path, writeQuery(schema, values, this.location.query)), { replace: !push });
  }

  protected setHeader(header: PageHeader): void {
    this.dispatchEvent(new CustomEvent<PageHeader>('gw-header', { detail: header, bubbles: true, composed: true }));
  }
}
