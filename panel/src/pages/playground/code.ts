/** Languages that a call can be copied in. */
export const LANGUAGES = ['curl', 'python', 'javascript'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What stands for the key: the panel never holds one. */
export const KEY_PLACEHOLDER = 'YOUR_KEY';

/** A program that makes this call. @param address with `/v1` at its end */
export function codeOf(language: Language, address: string, body: Readonly<Record<string, unknown>>): string {
  switch (language) {
    case 'curl':
      return curl(address, body);
    case 'python':
      return python(address, body);
    case 'javascript':
      return javascript(address, body);
  }
}

function curl(address: string, body: Readonly<Record<string, unknown>>): string {
  const json = JSON.stringify(body, null, 2).replaceAll("'", String.raw`'\''`);
  return `curl ${address}/chat/completions \\\n  -H "Authorization: Bearer ${KEY_PLACEHOLDER}" \\\n  -H "Content-Type: application/json" \\\n  -d '${json}'\n`;
}

/** Members that the official client does not know go into `extra_body`. */
const KNOWN = new Set(['model', 'messages', 'temperature', 'top_p', 'max_tokens', 'stop', 'seed', 'tools', 'tool_choice', 'response_format', 'reasoning_effort']); // prettier-ignore

function python(address: string, body: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(body);
  const extra = Object.fromEntries(entries.filter(([name]) => !KNOWN.has(name)));
  const given = entries.filter(([name]) => KNOWN.has(name));
  const lines = [...given, ...(Object.keys(extra).length > 0 ? [['extra_body', extra] as const] : [])]
    .map(([name, value]) => `    ${name}=${pythonValue(value, 4)},\n`)
    .join('');
  return `from openai import OpenAI

client = OpenAI(base_url=${JSON.stringify(address)}, api_key="${KEY_PLACEHOLDER}")

stream = client.chat.completions.create(
${lines}    stream=True,
)
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="", flush=True)
`;
}

function pythonValue(value: unknown, indent: number): string {
  const inner = ' '.repeat(indent + 4);
  const close = ' '.repeat(indent);
  if (value === null || value === undefined) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((item) => `${inner}${pythonValue(item, indent + 4)},\n`).join('')}${close}]`;
  }
  if (typeof value === 'object') {
    const entries = Object.entries(value);
    if (entries.length === 0) return '{}';
    return `{\n${entries.map(([name, item]) => `${inner}${JSON.stringify(name)}: ${pythonValue(item, indent + 4)},\n`).join('')}${close}}`;
  }
  // A JSON text is a Python text too.
  return JSON.stringify(value);
}

function javascript(address: string, body: Readonly<Record<string, unknown>>): string {
  const json = JSON.stringify({ ...body, stream: true }, null, 2);
  return `import OpenAI from 'openai';

const client = new OpenAI({ baseURL: ${JSON.stringify(address)}, apiKey: '${KEY_PLACEHOLDER}' });

const stream = await client.chat.completions.create(${json});
for await (const chunk of stream) {
  process.stdout.write(chunk.choices[0]?.delta?.content ?? '');
}
`;
}

const LONGEST_ADDRESS = 120;

/** The same body with pictures cut short: their bytes would bury the rest. */
export function withShortPictures(value: unknown): unknown {
  if (typeof value === 'string')
    return value.startsWith('data:') && value.length > LONGEST_ADDRESS ? `${value.slice(0, value.indexOf(',') + 1)}...` : value;
  if (Array.isArray(value)) return value.map(withShortPictures);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withShortPictures(member)]));
}
