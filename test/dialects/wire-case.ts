import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { event, payloadParts } from '../support/aws-frames.ts';

const FIXTURES = new URL('../fixtures/wire/', import.meta.url);

/** One documented exchange with a provider, written by hand; see its `about.json`. */
export interface WireCase {
  readonly about: {
    readonly page: string;
    readonly date: string;
    readonly note?: string;
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string>>;
  };
  /** Body of the request. */
  readonly request: Record<string, unknown>;
  /** Body of the plain answer; absent when the case is about a stream alone. */
  readonly response: unknown;
  /** Bytes of the stream; empty when there is none. */
  readonly stream: Buffer;
}

/** @param name folder below `test/fixtures/wire/`, e.g. `openai/text` */
export function wireCase(name: string): WireCase {
  const folder = new URL(`${name}/`, FIXTURES);
  const json = (file: string): unknown => {
    const url = new URL(file, folder);
    return existsSync(url) ? JSON.parse(readFileSync(url, 'utf8')) : undefined;
  };
  const stream = new URL('stream.txt', folder);
  return {
    about: json('about.json') as WireCase['about'],
    request: (json('request.json') ?? {}) as Record<string, unknown>,
    response: json('response.json'),
    stream: existsSync(stream)
      ? readFileSync(stream)
      : Buffer.concat([framesOf(new URL('stream.jsonl', folder)), piecesOf(new URL('payload.txt', folder))]),
  };
}

/** A container's stream as SageMaker passes it on, cut also inside characters; none, when there is no such file. */
function piecesOf(url: URL): Buffer {
  return existsSync(url) ? payloadParts(readFileSync(url)) : Buffer.alloc(0);
}

/** AWS's frames of events that stand as a name and a payload a line; none, when there is no such file. */
function framesOf(url: URL): Buffer {
  if (!existsSync(url)) return Buffer.alloc(0);
  const lines = readFileSync(url, 'utf8').trim().split('\n');
  return Buffer.concat(lines.map((line) => event(...(JSON.parse(line) as [string, Record<string, unknown>]))));
}

/** Names of all cases of a dialect, such as `openai/text`. */
export function wireCases(dialect: string): string[] {
  return readdirSync(new URL(`${dialect}/`, FIXTURES)).map((name) => `${dialect}/${name}`);
}
