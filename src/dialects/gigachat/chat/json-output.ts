import type { ChatRequest } from '../../../core/request.ts';

/** A function that the model must call to answer: its arguments are the answer. */
export interface AnswerForm {
  readonly name: string;
  readonly description: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

/** How JSON is asked for: by a form to be filled in, or in words. */
export interface JsonOutput {
  readonly form: AnswerForm | null;
  readonly hint: string | null;
}

const NOT_ASKED: JsonOutput = { form: null, hint: null };
const FORM_NAME = 'answer_in_json';

/**
 * `response_format`. GigaChat keeps to a schema in the arguments of a function that it is forced to call. It calls one function a
 * turn: beside functions of the client's, and where a schema is none of an object, the wish is a sentence of the system message.
 */
export function jsonOutputOf({ responseFormat: wanted, tools = [], toolChoice }: ChatRequest): JsonOutput {
  if (wanted === undefined || wanted.type === 'text') return NOT_ASKED;
  const { schema, description = 'The answer, in this form.' } = wanted;
  const callsOthers = tools.length > 0 && toolChoice?.type !== 'none';
  if (schema?.['type'] === 'object' && !callsOthers) return { form: { name: FORM_NAME, description, schema }, hint: null };
  const which = schema
    ? `value that fits this JSON Schema, and with nothing else:\n${JSON.stringify(schema)}`
    : 'object, and with nothing else.';
  return { form: null, hint: `When you answer in words, answer with one JSON ${which}` };
}
