import { AuthError, InvalidRequestError, RequestTooLargeError } from '../core/errors.ts';
import { JsonDocument } from '../core/json-document.ts';
import type { RouteCall } from '../core/route.ts';
import type { FormField } from '../dialects/framing/multipart.ts';
import type { Operation } from '../exchange/call.ts';
import { answerCall, clientOf, type CallRouteParts } from './calls.ts';
import { ArrivingFile } from './upload/arriving-file.ts';
import { IncomingForm, type FileFields } from './upload/form.ts';
import { membersOf } from './upload/form-members.ts';
import { HeldFile } from './upload/held-file.ts';

/** What is kept of files that pass, and what is held in memory of those that cannot (ruling B9). */
const KEPT_BYTES = 26_214_400;

/** A call that comes as a form with files. */
export interface UploadCall {
  readonly operation: Operation;
  readonly files: FileFields;
  /** Fields that stand in the query. */
  readonly inQuery: readonly FormField[];
  /** What to say to a form without a file. */
  readonly missing: string;
}

/** Reads a form as far as it must be known and answers the call; its files pass on as they arrive. */
export async function uploadCall(
  parts: CallRouteParts,
  call: RouteCall,
  { operation, files, inQuery, missing }: UploadCall,
): Promise<void> {
  parts.ready();
  const { request, response, caller } = call;
  if (!caller) throw new AuthError('Authentication Error, No api key passed in.');
  const client = clientOf(response);
  const form = await IncomingForm.of(request, parts.settings().maxRequestBytes, parts.clock, files);
  let upload: ArrivingFile | HeldFile | null = null;
  try {
    upload = await filesOf(parts, call, form, inQuery);
    if (!upload) throw new InvalidRequestError(missing, files.shown);
    const body = JsonDocument.of({ ...membersOf(inQuery), ...membersOf(form.fields) });
    await answerCall(parts, call, { operation, body, caller: parts.still(caller, request.headers), client, upload });
  } catch (error) {
    // A client that still sends would not read the answer. Of one that sends too much nobody waits for the end.
    if (!(error instanceof RequestTooLargeError)) await form.drained();
    throw error;
  } finally {
    void form.drained();
    await upload?.close();
  }
}

/** The first file, from where on it can be passed on: its beginning where the model is known, else the whole form. Null: there is none. */
async function filesOf(
  { settings }: CallRouteParts,
  { request, params }: RouteCall,
  form: IncomingForm,
  inQuery: readonly FormField[],
): Promise<ArrivingFile | HeldFile | null> {
  const part = await form.file();
  if (!part) return null;
  const { maxFileBytes } = settings();
  const isModelKnown = params['model'] !== undefined || [...inQuery, ...form.fields].some(([name]) => name === 'model');
  if (!isModelKnown) return HeldFile.of(form, part, { file: maxFileBytes, memory: KEPT_BYTES });
  const length = request.headers['content-length'];
  const declared = length === undefined ? null : Number(length);
  const file = new ArrivingFile(form, part, { file: maxFileBytes, declared, kept: KEPT_BYTES });
  await file.begun();
  return file;
}
