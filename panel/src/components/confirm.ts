import { html, render } from 'lit';
import { t } from '../i18n/texts.ts';
import './gw-button.ts';
import './gw-dialog.ts';

export interface Question {
  /** Short, as a question: "Delete garden-bot?" */
  readonly title: string;
  /** What follows from it. */
  readonly text: string;
  /** Verb and object: "Delete key". */
  readonly yes: string;
  readonly danger?: boolean;
}

/**
 * Asks before something that cannot be undone; what can be undone acts at once and offers Undo in a toast. Focus starts on the safe button.
 * @returns whether the reader agreed
 */
export function confirm({ title, text, yes, danger = false }: Question): Promise<boolean> {
  const holder = document.createElement('div');
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const answer = (agreed: boolean) => {
    render(null, holder);
    holder.remove();
    resolve(agreed);
  };
  render(
    html`<gw-dialog size="small" no-close open heading=${title} @gw-close=${() => answer(false)}>
      <p>${text}</p>
      <gw-button slot="footer" autofocus @click=${() => answer(false)}>${t('actions.cancel')}</gw-button>
      <gw-button slot="footer" look="accent" tone=${danger ? 'danger' : 'brand'} @click=${() => answer(true)}>${yes}</gw-button>
    </gw-dialog>`,
    holder,
  );
  document.body.append(holder);
  return promise;
}
