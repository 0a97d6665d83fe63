import { streamChat } from '../../api/chat.ts';
import { ApiError } from '../../api/client.ts';
import { readCall, type KeyChoice, type ModelChoice } from '../../api/playground.ts';
import { Answer } from './answer.ts';
import { keep, kept } from './kept.ts';
import { NO_SETTINGS, readSettings, type PlaySettings } from './settings.ts';
import { charactersOf, messagesOf, type Column, type Picture, type Question, type Turn } from './turns.ts';

/** When a booked call is looked for after its end, milliseconds; it is written every few seconds. */
const LOOKED_FOR = [800, 2000, 3500, 6000, 10_000];

/**
 * What goes on in the playground. It stands beside the page, so that answers go on while the reader is elsewhere in the panel, and is kept
 * for the session of the browser. Fires `change` when turns, choices or settings change; what an answer says it tells itself.
 */
export class Playground extends EventTarget {
  readonly #running = new Map<Answer, AbortController>();
  #columns: readonly [Column, Column] = EMPTY;
  #comparing = false;
  #key: KeyChoice | null = null;
  #settings = NO_SETTINGS;
  #draft = '';
  #user = '';
  #count = 0;

  /** The columns in sight. */
  get columns(): readonly Column[] {
    return this.#comparing ? this.#columns : this.#columns.slice(0, 1);
  }

  get comparing(): boolean {
    return this.#comparing;
  }

  /** Key to call as; null: the person. */
  get key(): KeyChoice | null {
    return this.#key;
  }

  get settings(): PlaySettings {
    return this.#settings;
  }

  /** What stands in the field below, not sent yet. */
  get draft(): string {
    return this.#draft;
  }

  get running(): boolean {
    return this.#running.size > 0;
  }

  /** Takes up what was kept for this person; what belongs to another is forgotten. */
  openFor(user: string): void {
    if (this.#user === user) return;
    this.stop();
    this.#user = user;
    const before = kept(user);
    this.#columns = before?.columns ?? EMPTY;
    this.#comparing = before?.comparing ?? false;
    this.#key = before?.key ?? null;
    this.#settings = before?.settings ?? NO_SETTINGS;
    this.#draft = before?.draft ?? '';
    for (const { turns } of this.#columns) for (const turn of turns) this.#count = Math.max(this.#count, Number(turn.id) || 0);
    this.#changed();
  }

  chooseModel(index: number, model: ModelChoice | null): void {
    this.#setColumn(index, (column) => ({ ...column, model }));
  }

  chooseKey(key: KeyChoice | null): void {
    this.#key = key;
    this.#changed();
  }

  set(changes: Partial<PlaySettings>): void {
    this.#settings = { ...this.#settings, ...changes };
    this.#changed();
  }

  setDraft(text: string): void {
    this.#draft = text;
    this.#keep();
  }

  /** Side by side: the second model begins with the conversation as it stands. */
  compare(on: boolean): void {
    const [first, second] = this.#columns;
    this.#comparing = on;
    if (on)
      this.#columns = [first, { model: second.model, turns: first.turns.filter((turn) => turn.kind === 'question' || !turn.running) }];
    else for (const turn of second.turns) if (turn.kind === 'answer' && !first.turns.includes(turn)) this.#running.get(turn)?.abort();
    this.#changed();
  }

  /** @returns what was cleared, for Undo */
  clear(): () => void {
    this.stop();
    const before = this.#columns;
    this.#columns = [
      { ...before[0], turns: [] },
      { ...before[1], turns: [] },
    ];
    this.#changed();
    return () => {
      this.#columns = before;
      this.#changed();
    };
  }

  /** Sends one question to each column in sight. */
  ask(text: string, pictures: readonly Picture[]): void {
    const question: Question = { kind: 'question', id: this.#nextId(), text, pictures };
    this.#draft = '';
    this.#eachColumn((column) => this.#answered(column.model, [...column.turns, question]));
  }

  /** Asks again from a question on, in other words; what came after it is gone. */
  askAgain(id: string, text: string): void {
    this.stop();
    const question = this.#nextId();
    this.#eachColumn((column) => {
      const at = column.turns.findIndex((turn) => turn.id === id);
      const old = column.turns[at];
      if (old?.kind !== 'question') return column;
      return this.#answered(column.model, [...column.turns.slice(0, at), { ...old, id: question, text }]);
    });
  }

  /** Replaces an answer, and what came after it, by another one. */
  answerAgain(index: number, id: string): void {
    this.#setColumn(index, (column) => {
      const at = column.turns.findIndex((turn) => turn.id === id);
      for (const turn of column.turns.slice(at)) if (turn.kind === 'answer') this.#running.get(turn)?.abort();
      return at < 0 ? column : this.#answered(column.model, column.turns.slice(0, at));
    });
  }

  /** Gives a tool's result; with the last one the conversation goes on. */
  giveResult(index: number, answer: Answer, call: string, result: string): void {
    answer.giveResult(call, result);
    if (answer.waitsForTools) this.#keep();
    else this.#setColumn(index, (column) => this.#answered(column.model, column.turns));
  }

  /** Ends every answer that runs. */
  stop(): void {
    for (const controller of this.#running.values()) controller.abort();
  }

  /** The body of the next call of a column, for the code to copy. */
  bodyOf(index: number): Record<string, unknown> {
    const column = this.#columns[index];
    const messages = messagesOf(this.#settings.system, column?.turns ?? []);
    return { model: column?.model?.name ?? '', messages, ...readSettings(this.#settings).body };
  }

  #answered(model: ModelChoice | null, turns: readonly Turn[]): Column {
    if (!model) return { model, turns };
    const messages = messagesOf(this.#settings.system, turns);
    const answer = new Answer(this.#nextId(), model.name, model, charactersOf(messages));
    const body = { model: model.name, messages, ...readSettings(this.#settings).body };
    void this.#run(answer, body);
    return { model, turns: [...turns, answer] };
  }

  async #run(answer: Answer, body: Parameters<typeof streamChat>[1]): Promise<void> {
    const controller = new AbortController();
    this.#running.set(answer, controller);
    const reader = {
      onStart: ({ callId, deployment }: { callId: string | null; deployment: string | null }) => answer.start(callId, deployment),
      onChunks: (chunks: Parameters<Answer['take']>[0]) => answer.take(chunks),
    };
    try {
      await streamChat(this.#key?.hash ?? null, body, reader, controller.signal);
      answer.end('done');
    } catch (error) {
      if (controller.signal.aborted) answer.end('stopped');
      else answer.fail(error instanceof ApiError ? error : new ApiError(String(error)));
    }
    this.#running.delete(answer);
    this.#changed();
    if (answer.callId !== null) await this.#lookForBooking(answer, answer.callId);
  }

  async #lookForBooking(answer: Answer, id: string): Promise<void> {
    for (const pause of LOOKED_FOR) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      const call = await readCall(id).catch(() => null);
      if (!call) continue;
      answer.book(call);
      this.#keep();
      return;
    }
  }

  #eachColumn(change: (column: Column) => Column): void {
    const [first, second] = this.#columns;
    this.#columns = [change(first), this.#comparing ? change(second) : second];
    this.#changed();
  }

  #setColumn(index: number, change: (column: Column) => Column): void {
    const [first, second] = this.#columns;
    this.#columns = index === 0 ? [change(first), second] : [first, change(second)];
    this.#changed();
  }

  #nextId(): string {
    return String((this.#count += 1));
  }

  #changed(): void {
    this.dispatchEvent(new CustomEvent('change'));
    this.#keep();
  }

  #keep(): void {
    keep(this.#user, {
      columns: this.#columns,
      comparing: this.#comparing,
      key: this.#key,
      settings: this.#settings,
      draft: this.#draft,
    });
  }
}

const EMPTY: readonly [Column, Column] = [
  { model: null, turns: [] },
  { model: null, turns: [] },
];

/** The panel's one playground. */
export const playground = new Playground();
