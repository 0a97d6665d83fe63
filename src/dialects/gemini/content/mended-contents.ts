import type { Target } from '../../../core/dialect.ts';
import { isObject, type JsonObject } from '../../../core/json-object.ts';
import { familyOf, type ModelFamily } from '../families.ts';
import { signFirstCall } from '../chat/signatures.ts';
import { isForeign } from './sealed.ts';

/**
 * The history of a body that goes to Google as it came, where Google would refuse it: thoughts that another provider signed are
 * left out, a turn of calls that nobody signed says so (dialects 2.3), and a host that knows no ids and no turn without a role
 * gets none of them.
 *
 * @param contents of the body, unchecked
 * @returns null when it may pass as it is
 */
export function mendedContents(contents: unknown, { model, host }: Pick<Target, 'model' | 'host'>): readonly unknown[] | null {
  if (!Array.isArray(contents)) return null;
  const mender = new Mender(familyOf(model, host));
  const mended = contents.map((content: unknown) => mender.mended(content));
  if (mended.every((content, at) => content === contents[at])) return null;
  return mended.filter((content) => content !== null);
}

/** Looks at contents in order: a turn of the model may stand in several of them, as a stream gave it. */
class Mender {
  readonly #family: ModelFamily;
  /** The turn that is looked at has a signature. */
  #isSigned = false;

  constructor(family: ModelFamily) {
    this.#family = family;
  }

  /** The same object when nothing is wrong with it; null when nothing of it is left. */
  mended(content: unknown): unknown {
    if (!isObject(content)) return content;
    const fitting = this.#family.callIds ? content : fitForHost(content);
    if (fitting['role'] === 'model' && Array.isArray(fitting['parts'])) return this.#modelTurn(fitting, fitting['parts']);
    this.#isSigned = false;
    return fitting;
  }

  #modelTurn(content: JsonObject, parts: readonly unknown[]): JsonObject | null {
    const own = parts.filter((part) => !isObject(part) || !isForeign(signatureOf(part)));
    this.#isSigned ||= own.some((part) => isObject(part) && signatureOf(part) !== undefined);
    const unsigned = this.#family.isThird && !this.#isSigned && own.some(isCall);
    if (own.length === parts.length && !unsigned) return content;
    if (own.length === 0) return null;
    this.#isSigned ||= unsigned;
    return { ...content, parts: unsigned ? signed(own) : own };
  }
}

/** A content as Vertex AI takes it: with a role, and calls and results without ids. The same object where it is that already. */
function fitForHost(content: JsonObject): JsonObject {
  const parts = Array.isArray(content['parts']) ? (content['parts'] as unknown[]) : [];
  const bare = parts.map(withoutId);
  const role = typeof content['role'] === 'string' ? content['role'] : 'user';
  const isFit = role === content['role'] && bare.every((part, at) => part === parts[at]);
  return isFit ? content : { ...content, role, ...(parts.length === 0 ? {} : { parts: bare }) };
}

const WITH_ID = ['functionCall', 'function_call', 'functionResponse', 'function_response'];

function withoutId(part: unknown): unknown {
  if (!isObject(part)) return part;
  const name = WITH_ID.find((one) => isObject(part[one]) && 'id' in part[one]);
  const held = name === undefined ? null : part[name];
  if (name === undefined || !isObject(held)) return part;
  const { id: _, ...rest } = held;
  return { ...part, [name]: rest };
}

function signatureOf(part: JsonObject): unknown {
  return part['thoughtSignature'] ?? part['thought_signature'] ?? undefined;
}

function isCall(part: unknown): boolean {
  return isObject(part) && ('functionCall' in part || 'function_call' in part);
}

function signed(parts: readonly unknown[]): JsonObject[] {
  const copies = parts
    .filter(isObject)
    .map(({ function_call: call, ...part }) => (call === undefined ? part : { functionCall: call, ...part }));
  signFirstCall(copies);
  return copies;
}
