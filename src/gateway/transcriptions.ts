import { TranscriptionAnswer, TranscriptionForm } from '../contract/audio.ts';
import { AuthError, InvalidRequestError, RequestTooLargeError } from '../core/errors.ts';
import { JsonDocument } from '../core/json-document.ts';
import type { Route, RouteCall } from '../core/route.ts';
import type { FormField } from '../dialects/framing/multipart.ts';
import { answerCall, audioPathsOf, clientOf, type CallRouteParts } from './calls.ts';
import { ArrivingFile } from './upload/arriving-file.ts';
import { IncomingForm } from './upload/form.ts';
import { membersOf } from './upload/form-members.ts';
import { HeldFile } from './upload/held-file.ts';

/** What is kept of a file that passes, and what is held in memory of one that cannot (ruling B9). */
const KEPT_BYTES = 26_214_400;

/** `POST /v1/audio/transcriptions` and its other names (data-plane 9.10). */
export function transcriptionRoute(parts: CallRouteParts): Route {
  return {
    method: 'POST',
    paths: audioPathsOf('transcriptions'),
    rights: 'llm',
    group: 'llm_api_routes',
    surface: 'openai',
    summary:
      'Writes down what a recording says. The form passes on as it arrives when `model` stands before `file`; `stream` asks for events.',
    shapes: { body: TranscriptionForm, bodyType: 'multipart/form-data', answer: TranscriptionAnswer, streams: true },
    handle: (call) => transcribed(parts, call),
  };
}

async function transcribed(parts: CallRouteParts, call: RouteCall): Promise<void> {
  parts.ready();
  const { request, response, caller } = call;
  if (!caller) throw new AuthError('Authentication Error, No api key passed in.');
  const client = clientOf(response);
  const form = await IncomingForm.of(request, parts.settings().maxRequestBytes, parts.clock);
  const inQuery = queryFields(call);
  let upload: ArrivingFile | HeldFile | null = null;
  try {
    upload = await fileOf(parts, call, form, inQuery);
    const body = JsonDocument.of({ ...membersOf(inQuery), ...membersOf(form.fields) });
    await answerCall(parts, call, { operation: 'transcription', body, caller: parts.still(caller, request.headers), client, upload });
  } catch (error) {
    // A client that still sends would not read the answer. Of one that sends too much nobody waits for the end.
    if (!(error instanceof RequestTooLargeError)) await form.drained();
    throw error;
  } finally {
    void form.drained();
    await upload?.close();
  }
}

/** The file, from where on it can be passed on: its beginning where the model is known, else the whole of it. */
async function fileOf(
  { settings }: CallRouteParts,
  { request, params }: RouteCall,
  form: IncomingForm,
  inQuery: readonly FormField[],
): Promise<ArrivingFile | HeldFile> {
  const part = await form.file();
  if (!part)
    throw new InvalidRequestError("Missing required file: send the recording as the form's field 'file', with a file name.", 'file');
  const { maxFileBytes } = settings();
  const isModelKnown = params['model'] !== undefined || [...inQuery, ...form.fields].some(([name]) => name === 'model');
  if (!isModelKnown) return HeldFile.of(form, part, { file: maxFileBytes, memory: KEPT_BYTES });
  const length = request.headers['content-length'];
  const declared = length === undefined ? null : Number(length);
  const file = new ArrivingFile(form, part, { file: maxFileBytes, declared, kept: KEPT_BYTES });
  await file.begun();
  return file;
}

/** Fields may stand in the query too; the version that Azure's clients name there is none. */
function queryFields({ query }: RouteCall): FormField[] {
  return [...new URLSearchParams(query)].filter(([name]) => name !== 'api-version');
}
