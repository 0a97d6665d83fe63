import { isObject, printed, type JsonObject } from '../../core/json-object.ts';

/** Members as KServe's tensors, one each. @see https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol (read 2026-11-26) */
export function tensorsOf(members: JsonObject): JsonObject {
  return { inputs: Object.entries(members).map(([name, value]) => tensorOf(name, value)) };
}

function tensorOf(name: string, value: unknown): JsonObject {
  const data: unknown[] = Array.isArray(value) ? value : [value];
  const datatype = datatypeOf(data[0]);
  return { name, shape: [data.length], datatype, data: datatype === 'BYTES' ? data.map(printed) : data };
}

function datatypeOf(value: unknown): string {
  if (typeof value === 'boolean') return 'BOOL';
  if (typeof value !== 'number') return 'BYTES';
  return Number.isInteger(value) ? 'INT32' : 'FP32';
}

/** The answer with the text of its tensor in `text_output`; anything else as it is. */
export function textOfTensors(body: unknown): unknown {
  const outputs: unknown[] = isObject(body) && Array.isArray(body['outputs']) ? body['outputs'] : [];
  const tensors = outputs.filter(isObject);
  const { data } = tensors.find(({ name }) => name === 'text_output') ?? tensors[0] ?? {};
  const texts: unknown[] = Array.isArray(data) ? data : [data];
  return isObject(body) && texts.every((text) => typeof text === 'string') ? { ...body, text_output: texts.join('') } : body;
}
