import type { KeyChoice } from '../../api/playground.ts';
import { Answer, type AnswerRecord } from './answer.ts';
import { NO_SETTINGS, type PlaySettings } from './settings.ts';
import type { Column, Picture, Turn } from './turns.ts';

const NAME = 'llm_gateway.playground';
/** What a browser keeps for a session is a few million characters; pictures are the first to go. */
const MOST_CHARACTERS = 1_500_000;
const MOST_OF_PICTURES = 500_000;
const SAVE_AFTER_MS = 400;

/** What is kept of the playground while the browser's tab is open. */
export interface KeptPlayground {
  readonly columns: readonly [Column, Column];
  readonly comparing: boolean;
  readonly key: KeyChoice | null;
  readonly settings: PlaySettings;
  readonly draft: string;
}

type TurnRecord =
  | { readonly kind: 'question'; readonly id: string; readonly text: string; readonly pictures: readonly Picture[] }
  | { readonly kind: 'answer'; readonly id: string; readonly answer: AnswerRecord };

interface Stored extends Omit<KeptPlayground, 'columns'> {
  readonly user: string;
  readonly columns: readonly { readonly model: Column['model']; readonly turns: readonly TurnRecord[] }[];
}

/** What waits to be written; many changes are one write. */
const waiting: { timer: number; write: (() => void) | null } = { timer: 0, write: null };

/** Keeps the playground of a person for this session of the browser; soon, and at once when the page is left. */
export function keep(user: string, playground: KeptPlayground): void {
  if (user === '') return;
  waiting.write = () => write(user, playground);
  waiting.timer ||= window.setTimeout(flush, SAVE_AFTER_MS);
  window.addEventListener('pagehide', flush, { once: true });
}

function flush(): void {
  clearTimeout(waiting.timer);
  waiting.timer = 0;
  waiting.write?.();
  waiting.write = null;
}

function write(user: string, { columns, ...rest }: KeptPlayground): void {
  let left = MOST_OF_PICTURES;
  const written = (turn: Turn): TurnRecord => {
    if (turn.kind === 'answer') return { kind: 'answer', id: turn.id, answer: turn.record() };
    const pictures = turn.pictures.map((picture) => {
      left -= picture.url.length;
      return left >= 0 ? picture : { ...picture, url: '' };
    });
    return { kind: 'question', id: turn.id, text: turn.text, pictures };
  };
  const stored: Stored = { user, ...rest, columns: columns.map(({ model, turns }) => ({ model, turns: turns.map(written) })) };
  const text = JSON.stringify(stored);
  try {
    if (text.length <= MOST_CHARACTERS) sessionStorage.setItem(NAME, text);
    else sessionStorage.removeItem(NAME);
  } catch {
    // A browser without storage, or with none left: the conversation lives as long as the page.
  }
}

/** What this person had before; null when there is nothing, or nothing of theirs. */
export function kept(user: string): KeptPlayground | null {
  flush();
  try {
    const stored = JSON.parse(sessionStorage.getItem(NAME) ?? 'null') as Stored | null;
    if (stored?.user === user) return read(stored);
  } catch {
    // Written by another version: as if there were nothing.
  }
  sessionStorage.removeItem(NAME);
  return null;
}

function read({ columns, settings, comparing, key, draft }: Stored): KeptPlayground {
  const answers = new Map<string, Answer>();
  const turnOf = (turn: TurnRecord): Turn => {
    if (turn.kind === 'question') return turn;
    const known = answers.get(turn.id) ?? Answer.from(turn.id, turn.answer);
    answers.set(turn.id, known);
    return known;
  };
  const columnOf = (index: number): Column => ({
    model: columns[index]?.model ?? null,
    turns: (columns[index]?.turns ?? []).map(turnOf),
  });
  return { columns: [columnOf(0), columnOf(1)], comparing, key, settings: { ...NO_SETTINGS, ...settings }, draft };
}
