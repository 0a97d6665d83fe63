import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, listening, type Processes } from './processes.ts';
import { programOf } from './tools.ts';

const USAGE = { prompt_tokens: 20, completion_tokens: 42, total_tokens: 62 };
const TEXT =
  'A gateway is a door that knows who comes in, what they may spend, and which of the rooms behind it answers best today. '.repeat(2);

/** The fixed answers, by path: one for each dialect. */
export const ANSWERS: Readonly<Record<string, unknown>> = {
  '/v1/chat/completions': {
    id: 'chatcmpl-bench', object: 'chat.completion', created: 1_760_000_000, model: 'bench-upstream', system_fingerprint: 'fp_bench',
    choices: [{ index: 0, message: { role: 'assistant', content: TEXT, refusal: null }, logprobs: null, finish_reason: 'stop' }],
    usage: USAGE,
  },
  '/v1/messages': {
    id: 'msg_bench', type: 'message', role: 'assistant', model: 'claude-bench', content: [{ type: 'text', text: TEXT }],
    stop_reason: 'end_turn', stop_sequence: null, usage: { input_tokens: 20, output_tokens: 42 },
  },
  '/v1/responses': {
    id: 'resp_bench', object: 'response', created_at: 1_760_000_000, status: 'completed', model: 'bench-upstream', error: null, incomplete_details: null,
    output: [{ id: 'msg_bench', type: 'message', role: 'assistant', status: 'completed', content: [{ type: 'output_text', text: TEXT, annotations: [] }] }],
    usage: { input_tokens: 20, output_tokens: 42, total_tokens: 62 },
  },
  '/v1beta/models/gemini-2.5-flash:generateContent': {
    candidates: [{ content: { role: 'model', parts: [{ text: TEXT }] }, finishReason: 'STOP', index: 0 }], modelVersion: 'gemini-2.5-flash', responseId: 'bench',
    usageMetadata: { promptTokenCount: 20, candidatesTokenCount: 42, totalTokenCount: 62 },
  },
  '/v2/chat': {
    id: 'bench', finish_reason: 'COMPLETE', message: { role: 'assistant', content: [{ type: 'text', text: TEXT }] },
    usage: { billed_units: { input_tokens: 20, output_tokens: 42 }, tokens: { input_tokens: 20, output_tokens: 42 } },
  },
  '/model/amazon.nova-lite-v1:0/converse': {
    output: { message: { role: 'assistant', content: [{ text: TEXT }] } }, stopReason: 'end_turn', metrics: { latencyMs: 1 },
    usage: { inputTokens: 20, outputTokens: 42, totalTokens: 62 },
  },
  '/api/chat': {
    model: 'bench-upstream', created_at: '2025-10-09T09:46:40Z', message: { role: 'assistant', content: TEXT }, done: true, done_reason: 'stop',
    total_duration: 1_000_000, load_duration: 1000, prompt_eval_count: 20, prompt_eval_duration: 1000, eval_count: 42, eval_duration: 1000,
  },
}; // prettier-ignore

/** Starts nginx with the fixed answers on core 1. @returns its port */
export async function startUpstream(processes: Processes, folder: string): Promise<number> {
  const port = await freePort();
  const configuration = join(folder, 'nginx.conf');
  await writeFile(configuration, configurationOf(folder, port));
  processes.start(1, programOf('nginx') ?? 'nginx', ['-c', configuration, '-e', join(folder, 'nginx-error.log')]);
  await listening(port);
  return port;
}

function configurationOf(folder: string, port: number): string {
  const locations = Object.entries(ANSWERS).map(
    ([path, answer]) => `location = ${path} { default_type application/json; return 200 '${JSON.stringify(answer)}'; }`,
  );
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/nginx-${name};`);
  return `
${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/nginx-error.log crit;
events { worker_connections 4096; }
http {
  access_log off;
  ${places.join(' ')}
  client_max_body_size 50m;
  keepalive_timeout 3600s;
  keepalive_requests 1000000000;
  server {
    listen 127.0.0.1:${port} backlog=1024;
    ${locations.join('\n    ')}
  }
}
`;
}
