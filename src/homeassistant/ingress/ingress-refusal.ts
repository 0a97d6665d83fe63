/** Why somebody does not come in through Home Assistant. */
export type RefusalReason =
  /** Not the Supervisor: it is told nothing. */
  | 'stranger'
  /** A header that only Home Assistant may set was written by somebody else. */
  | 'forged'
  /** Home Assistant did not say who it is. */
  | 'nobody'
  /** Home Assistant does not know this user any more, or has switched them off. */
  | 'inactive'
  /** Nobody can be asked who this is. */
  | 'unknown'
  /** Only administrators see this app. */
  | 'member';

export class IngressRefusal extends Error {
  override readonly name = 'IngressRefusal';
  readonly reason: RefusalReason;
  constructor(reason: RefusalReason) {
    super(WORDS[reason].text);
    this.reason = reason;
  }

  get status(): number {
    return WORDS[this.reason].status;
  }

  /** A page without script, for whoever opens the panel. Empty for strangers. */
  get page(): string {
    const { title, text, retry } = WORDS[this.reason];
    if (title === '') return '';
    return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">${retry ? '\n<meta http-equiv="refresh" content="5">' : ''}
<title>LLM Gateway</title>
<h1>${title}</h1>
<p>${text}</p>
</html>
`;
  }
}

export const REFUSAL_POLICY = "default-src 'none'; frame-ancestors 'self'; base-uri 'none'";

const WORDS: Readonly<
  Record<RefusalReason, { readonly status: number; readonly title: string; readonly text: string; readonly retry?: true }>
> = {
  stranger: { status: 403, title: '', text: '' },
  forged: {
    status: 400,
    title: 'This request was changed on its way',
    text: 'It carries a header that only Home Assistant sets. Reload the page.',
  },
  nobody: { status: 403, title: 'Who are you?', text: 'Home Assistant did not say who you are. Reload the page.' },
  inactive: { status: 403, title: 'You have no access', text: 'Home Assistant does not know this user, or the user is not active.' },
  unknown: {
    status: 503,
    title: 'Home Assistant does not answer',
    text: 'The gateway cannot ask who you are. It tries again every few seconds; models are served meanwhile.',
    retry: true,
  },
  member: {
    status: 403,
    title: 'Ask an administrator',
    text: 'Only administrators of Home Assistant see this app. Its option “member_access” can let others see their own keys and their own spend.',
  },
};
