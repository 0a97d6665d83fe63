import { TranscriptionAnswer, TranscriptionForm } from '../contract/audio.ts';
import type { Route, RouteCall } from '../core/route.ts';
import type { FormField } from '../dialects/framing/multipart.ts';
import { audioPathsOf, type CallRouteParts } from './calls.ts';
import { uploadCall } from './upload-calls.ts';
import type { FileFields } from './upload/form.ts';

const RECORDING: FileFields = { names: /^file$/, most: 1, shown: 'file' };

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

function transcribed(parts: CallRouteParts, call: RouteCall): Promise<void> {
  return uploadCall(parts, call, { operation: 'transcription', files: RECORDING, inQuery: queryFields(call), missing: MISSING });
}

const MISSING = "Missing required file: send the recording as the form's field 'file', with a file name.";

/** Fields may stand in the query too; the version that Azure's clients name there is none. */
function queryFields({ query }: RouteCall): FormField[] {
  return [...new URLSearchParams(query)].filter(([name]) => name !== 'api-version');
}
