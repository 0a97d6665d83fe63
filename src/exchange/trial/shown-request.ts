import { isObject, type JsonObject } from '../../core/json-object.ts';
import { shownParams } from '../../core/shown-params.ts';
import { maskedBase } from '../../providers/masked-base.ts';
import type { Prepared } from '../codec.ts';
import type { OutgoingUpload } from '../codecs/outgoing-upload.ts';
import { holdsSecret } from '../own-secrets.ts';

/** A request to a provider as its owner may see it. */
export interface ShownRequest {
  readonly url: string;
  readonly body: JsonObject;
  readonly headers: Readonly<Record<string, string>>;
}

/** A form as an object; of its file what it is called and how long it is. */
function membersOf({ fields, upload }: OutgoingUpload): JsonObject {
  return { ...Object.fromEntries(fields), file: `${upload.filename} (${upload.contentType}, ${upload.size ?? 0} bytes)` };
}

/** A body that is no JSON is shown as a text. */
function jsonOf(body: string): string {
  return body.startsWith('{') ? body : JSON.stringify({ body });
}

/** Headers whose values prove nothing; of the others the name is shown. */
const OPEN_HEADERS: ReadonlySet<string> = new Set(['content-type', 'accept', 'user-agent', 'anthropic-version', 'anthropic-beta']);

/** @param secrets texts that must not be shown, wherever they stand */
export function shownRequest({ origin, path, headers, body }: Prepared, secrets: readonly string[]): ShownRequest {
  const text = Buffer.isBuffer(body) ? jsonOf(body.toString('utf8')) : JSON.stringify(membersOf(body));
  const parsed: unknown = JSON.parse(text, (_name, value: unknown) =>
    typeof value === 'string' && holdsSecret(value, secrets) ? '***' : value,
  );
  return {
    url: maskedBase(origin + path),
    body: isObject(parsed) ? shownParams(parsed) : {},
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, OPEN_HEADERS.has(name) ? value : '***'])),
  };
}
