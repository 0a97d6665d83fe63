import { crc32 } from 'node:zlib';

type Headers = Readonly<Record<string, string>>;

/** One message of AWS's event stream, written from its documentation. */
export function frame(headers: Headers, payload: string | Uint8Array): Buffer {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => textHeader(name, value)));
  return rawFrame(head, Buffer.from(payload));
}

export function rawFrame(head: Uint8Array, payload: Uint8Array): Buffer {
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(12 + head.length + payload.length + 4, 0);
  prelude.writeUInt32BE(head.length, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  const before = Buffer.concat([prelude, head, payload]);
  const end = Buffer.alloc(4);
  end.writeUInt32BE(crc32(before));
  return Buffer.concat([before, end]);
}

export function textHeader(name: string, value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(value));
  return Buffer.concat([Buffer.from([Buffer.byteLength(name)]), Buffer.from(name), Buffer.from([7]), length, Buffer.from(value)]);
}

/** An event of ConverseStream; AWS pads its payloads by a member `p`. */
export function event(type: string, payload: Readonly<Record<string, unknown>>): Buffer {
  const headers = { ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' };
  return frame(headers, JSON.stringify({ ...payload, p: 'abcd' }));
}

export function exception(type: string, message: string): Buffer {
  const headers = { ':exception-type': type, ':content-type': 'application/json', ':message-type': 'exception' };
  return frame(headers, JSON.stringify({ message }));
}

/** A stream of bytes in pieces, each the payload of an event of InvokeEndpointWithResponseStream. */
export function payloadParts(bytes: Buffer, length = 41): Buffer {
  const headers = { ':event-type': 'PayloadPart', ':content-type': 'application/octet-stream', ':message-type': 'event' };
  const starts = Array.from({ length: Math.ceil(bytes.length / length) }, (_, at) => at * length);
  return Buffer.concat(starts.map((start) => frame(headers, bytes.subarray(start, start + length))));
}
