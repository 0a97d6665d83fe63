/** What a snippet is made of: the gateway's address without a slash at its end, the key, a model it may use. */
export interface SnippetFacts {
  readonly address: string;
  readonly key: string;
  readonly model: string;
}

export const SNIPPETS = ['curl', 'python', 'javascript'] as const;
export type SnippetKind = (typeof SNIPPETS)[number];

/** Ready to paste: a first call with the key. */
export function snippet(kind: SnippetKind, { address, key, model }: SnippetFacts): string {
  const name = JSON.stringify(model);
  switch (kind) {
    case 'curl': {
      const body = `{\n    "model": ${name},\n    "messages": [{"role": "user", "content": "Say hello"}]\n  }`.replaceAll(
        "'",
        String.raw`'\''`,
      );
      return [
        `curl ${address}/v1/chat/completions \\`,
        `  -H "Authorization: Bearer ${key}" \\`,
        `  -H "Content-Type: application/json" \\`,
        `  -d '${body}'`,
      ].join('\n');
    }
    case 'python':
      return [
        'from openai import OpenAI',
        '',
        `client = OpenAI(base_url="${address}/v1", api_key="${key}")`,
        'answer = client.chat.completions.create(',
        `    model=${name},`,
        '    messages=[{"role": "user", "content": "Say hello"}],',
        ')',
        'print(answer.choices[0].message.content)',
      ].join('\n');
    case 'javascript':
      return [
        'import OpenAI from "openai";',
        '',
        `const client = new OpenAI({ baseURL: "${address}/v1", apiKey: "${key}" });`,
        'const answer = await client.chat.completions.create({',
        `  model: ${name},`,
        '  messages: [{ role: "user", content: "Say hello" }],',
        '});',
        'console.log(answer.choices[0].message.content);',
      ].join('\n');
  }
}
