import type { StreamPart } from '../../../core/answer.ts';
import type { PartWriter } from '../../../core/dialect.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { Usage } from '../../../core/usage.ts';
import { NOTHING_SAID, type GenerateShape } from './answer.ts';
import type { Frames } from './frames.ts';
import { CandidateWriter } from './write-candidate.ts';
import { writeUsage } from './write-usage.ts';

/**
 * Writes a stream of `GenerateContentResponse`: parts in, frames out. Each frame is a whole response with what is new; the last
 * one says why each candidate ended, and what was used. Every frame has a part, since Google's clients drop an answer from
 * their history when one has none.
 */
export class GenerateStreamWriter implements PartWriter {
  readonly #shape: GenerateShape;
  readonly #frames: Frames;
  /** JSON text that ends every response. */
  readonly #tail: string;
  readonly #candidates = new Map<number, CandidateWriter>();
  #usage: Usage | null = null;
  #isOver = false;

  constructor(shape: GenerateShape, frames: Frames) {
    this.#shape = shape;
    this.#frames = frames;
    this.#tail = JSON.stringify({ modelVersion: shape.model, responseId: shape.responseId }).slice(1);
  }

  write(part: StreamPart): string {
    if (this.#isOver || part.type === 'start') return '';
    if (part.type === 'usage') {
      this.#usage = part.usage;
      return '';
    }
    const index = part.choice ?? 0;
    const candidate = this.#candidate(index);
    if (part.type === 'finish') {
      candidate.ends(part.finish);
      return '';
    }
    const parts = candidate.add(part);
    return parts.length === 0 ? '' : this.#frame({ candidates: [{ content: { role: 'model', parts }, index }] });
  }

  finish(): string {
    if (this.#isOver) return '';
    this.#isOver = true;
    const usage = this.#usage === null ? {} : { usageMetadata: writeUsage(this.#usage) };
    return this.#frame({ ...this.#ends(), ...usage }) + this.#frames.end();
  }

  #ends(): JsonObject {
    if (this.#candidates.size === 0) this.#candidate(0);
    const written = [...this.#candidates].toSorted(([a], [b]) => a - b);
    const candidates = written.map(([index, candidate]) => {
      const rest = candidate.rest();
      return { content: { role: 'model', parts: rest.length === 0 ? NOTHING_SAID : rest }, ...candidate.members(), index };
    });
    const blocked = written.map(([, candidate]) => candidate.blocked).find((reason) => reason !== null);
    return blocked === undefined ? { candidates } : { promptFeedback: blocked };
  }

  #candidate(index: number): CandidateWriter {
    const known = this.#candidates.get(index);
    if (known) return known;
    const made = new CandidateWriter(this.#shape);
    this.#candidates.set(index, made);
    return made;
  }

  #frame(response: JsonObject): string {
    return this.#frames.frame(`${JSON.stringify(response).slice(0, -1)},${this.#tail}`);
  }
}
