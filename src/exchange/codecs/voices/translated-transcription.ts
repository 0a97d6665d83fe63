import type { Deployment } from '../../../core/deployment.ts';
import type { ErrorReply, OutwardDialect, Target } from '../../../core/dialect.ts';
import { InvalidRequestError } from '../../../core/errors.ts';
import type { Job } from '../../../core/job.ts';
import { isObject, printed, type JsonObject } from '../../../core/json-object.ts';
import type { ProviderError } from '../../../core/provider-error.ts';
import type { OutwardTranscription, TranscriptionRequest } from '../../../core/voices.ts';
import type { FormField } from '../../../dialects/framing/multipart.ts';
import { heardUse } from '../../../dialects/openai/audio/heard.ts';
import { transcriptEvents } from '../../../dialects/openai/audio/transcript.ts';
import { transcriptFormOf, usageMember, writeTranscript, type TranscriptForm } from '../../../dialects/openai/audio/transcript-forms.ts';
import type { Call } from '../../call.ts';
import type { PrepareContext, Prepared, StreamTranslator, WholeAnswer } from '../../codec.ts';
import { endpointOf, headersFor } from '../../endpoints.ts';
import type { Upload } from '../../upload.ts';
import type { Upstream } from '../../upstream.ts';
import { OutgoingFile } from '../outgoing-file.ts';
import { OutgoingForm } from '../outgoing-form.ts';
import { OutgoingJsonFile } from '../outgoing-json-file.ts';
import type { OutgoingUpload } from '../outgoing-upload.ts';
import { parsedAnswer } from '../parsed-answer.ts';
import { parted, voiceMembers, voiceTarget } from './members.ts';

type Headers = Readonly<Record<string, string>>;
type Hearing = NonNullable<OutwardDialect['transcription']>;

export interface TranscriptionParts {
  readonly call: Call;
  readonly upload: Upload;
  readonly deployment: Deployment<Upstream>;
  readonly context: PrepareContext;
  readonly dialect: OutwardDialect;
  readonly hearing: Hearing;
}

/** What a client wants to know, and in which form. */
interface Wanted {
  readonly request: TranscriptionRequest;
  readonly form: TranscriptForm;
  readonly granularities: readonly string[];
}

/** `POST /audio/transcriptions` towards providers that are asked in words of their own; the file passes as it arrives. */
export class TranslatedTranscription implements Prepared {
  readonly origin: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: OutgoingUpload;
  readonly tls: Upstream['tls'];
  readonly framing = 'bytes';
  readonly job?: Job;
  readonly #parts: TranscriptionParts;
  readonly #target: Target;
  readonly #outward: OutwardTranscription;
  #made: OutwardTranscription['made'] | null = null;

  /** @throws {UnsupportedParamsError | InvalidRequestError} */
  constructor(parts: TranscriptionParts) {
    const { call, deployment, upload, hearing } = parts;
    const { upstream } = deployment;
    this.#parts = parts;
    this.#target = voiceTarget(call, deployment);
    this.#outward = hearing.ask(this.#wanted(upload.fieldsBehind ?? []).request, this.#target);
    const { path, headers } = this.#outward;
    this.body = this.#bodyOf(upload);
    const endpoint = endpointOf(upstream, path);
    this.origin = endpoint.origin;
    this.path = endpoint.path;
    this.headers = {
      ...headersFor(upstream, endpoint, { accept: 'application/json', ...headers }, call.options.upstreamHeaders),
      'content-type': this.body.contentType,
      ...(this.body.length === null ? {} : { 'content-length': String(this.body.length) }),
    };
    this.tls = upstream.tls;
    if (this.#outward.made) this.job = { next: (reply, asked) => this.#later().job.next(reply, asked) };
  }

  streams(): boolean {
    return false;
  }

  whole(body: Buffer): WholeAnswer {
    const { hearing, upload } = this.#parts;
    const answer = parsedAnswer(body);
    const heard = this.#outward.made ? this.#later().read(answer) : hearing.read(answer, this.#target);
    const { usage: measured, guess } = heardUse(upload);
    const billed = heard.billedSeconds ?? heard.seconds ?? measured?.seconds ?? null;
    const { form, granularities } = this.#wanted(upload.fieldsBehind ?? []);
    const seconds = heard.seconds ?? measured?.seconds ?? heard.words?.at(-1)?.end ?? guess.seconds ?? 0;
    const told = writeTranscript(heard, { form, granularities, billed, seconds });
    return {
      body: Buffer.from(told.body),
      ...(!told.isJson && { contentType: PLAIN_TEXT }),
      usage: billed === null ? null : { inputTokens: 0, outputTokens: 0, seconds: billed, raw: usageMember({ billed }).usage },
      guess,
      text: () => heard.text,
    };
  }

  /** These providers do not stream what they write down: it is told as a stream at the end. */
  retold(answer: WholeAnswer): string {
    return Buffer.from(transcriptEvents({ text: answer.text(), usage: answer.usage?.raw })).toString('latin1');
  }

  stream(): StreamTranslator {
    throw new Error('a transcript does not stream');
  }

  error(reply: ErrorReply): ProviderError {
    return this.#parts.dialect.error(reply);
  }

  /** What is wanted once these fields are known too. @throws {InvalidRequestError} */
  #wanted(behind: readonly FormField[]): Wanted {
    const { call, deployment, context } = this.#parts;
    return wantedOf(parted(voiceMembers(call, deployment, context, lateMembers(behind)), NAMES));
  }

  #bodyOf(upload: Upload): OutgoingUpload {
    const { fields, fileField, inJson } = this.#outward;
    if (inJson) return new OutgoingJsonFile(upload, inJson.member, (behind) => this.#asked(behind).inJson?.beside ?? {});
    if (fields !== null) return new OutgoingForm({ fields, upload, fileField, passed: (behind) => this.#passed(behind) });
    return new OutgoingFile(upload, (behind) => {
      this.#checkBehind(behind);
    });
  }

  #asked(behind: readonly FormField[]): OutwardTranscription {
    return behind.length === 0 ? this.#outward : this.#parts.hearing.ask(this.#wanted(behind).request, this.#target);
  }

  /** What is made later is ordered when all of the form is here: its last fields count too. */
  #later(): NonNullable<OutwardTranscription['made']> {
    const made = (this.#made ??= this.#asked(this.#parts.upload.fieldsBehind ?? []).made);
    if (!made) throw new Error('a transcript that is made at once');
    return made;
  }

  /** What the fields behind the file add to the provider's form. @throws {InvalidRequestError} when one would have changed what was sent */
  #passed(behind: readonly FormField[]): readonly FormField[] {
    const sent = new Map(this.#outward.fields ?? []);
    const fields = this.#asked(behind).fields ?? [];
    if (fields.some(([name, value]) => sent.has(name) && !this.#outward.fields?.some(([other, said]) => other === name && said === value)))
      throw tooLate(behind);
    return fields.filter(([name]) => !sent.has(name));
  }

  /** The question was asked before its file. @throws {InvalidRequestError} when a field behind it would have changed it */
  #checkBehind(behind: readonly FormField[]): void {
    if (this.#asked(behind).path === this.#outward.path) return;
    throw tooLate(behind);
  }
}

function tooLate(behind: readonly FormField[]): InvalidRequestError {
  const names = [...new Set(behind.map(([name]) => name))].join(', ').slice(0, 200);
  return new InvalidRequestError(`For this model the form's fields must stand before its file: ${names}.`, behind[0]?.[0] ?? null);
}

const PLAIN_TEXT = 'text/plain; charset=utf-8';

const NAMES: ReadonlySet<string> = new Set([
  'model', 'file', 'language', 'prompt', 'response_format', 'temperature', 'timestamp_granularities', 'chunking_strategy', 'stream', 'keywords',
]); // prettier-ignore

function wantedOf({ said, others, owners }: ReturnType<typeof parted>): Wanted {
  const { language, prompt, response_format: format, temperature, timestamp_granularities: granularities, keywords } = said;
  const form = transcriptFormOf(format);
  return {
    request: {
      language: wordIn(language),
      prompt: wordIn(prompt),
      keywords: textsIn(keywords),
      temperature: temperatureOf(temperature),
      speakers: form === 'diarized_json',
      times: form !== 'json' && form !== 'text',
      others,
      owners,
    },
    form,
    granularities: textsIn(granularities),
  };
}

/** Fields behind a file: the first of a name counts, and none for what is for the gateway. */
function lateMembers(fields: readonly FormField[]): JsonObject {
  const members = new Map<string, unknown>();
  for (const [name, text] of fields) members.set(name, members.has(name) ? [members.get(name), text].flat() : text);
  return Object.fromEntries(members);
}

function wordIn(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** One text, several, or a list in JSON. */
function textsIn(value: unknown): string[] {
  if (value === undefined || value === null || value === '') return [];
  return (Array.isArray(value) ? value : [value]).filter((each) => !isObject(each)).map(printed);
}

function temperatureOf(value: unknown): number | null {
  if (value === undefined || value === '') return null;
  const temperature = Number(value);
  if (!Number.isFinite(temperature)) throw new InvalidRequestError("'temperature' must be a number.", 'temperature');
  return temperature;
}
