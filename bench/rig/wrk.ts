import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runOnLoadCore } from './processes.ts';

/** A request that is sent again and again. */
export interface Shot {
  readonly port: number;
  readonly path: string;
  readonly key: string;
  readonly body: string;
}

export interface WrkResult {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Us: number;
  readonly p99Us: number;
  /** Answers other than 2xx, and broken connections. */
  readonly errors: number;
}

/**
 * Sends with one thread over `connections` for `seconds`.
 *
 * @param folder where its script may be written
 */
export async function wrk(folder: string, shot: Shot, connections: number, seconds: number): Promise<WrkResult> {
  const body = join(folder, 'body.json');
  const script = join(folder, 'wrk.lua');
  await writeFile(body, shot.body);
  await writeFile(script, scriptOf(body, shot.key));
  const printed = await runOnLoadCore('wrk', [
    '-t1',
    `-c${connections}`,
    `-d${seconds}s`,
    '--timeout',
    '10s',
    '-s',
    script,
    `http://127.0.0.1:${shot.port}${shot.path}`,
  ]);
  const line = printed.split('\n').find((text) => text.startsWith('result '));
  if (!line) throw new Error(`wrk told no result:\n${printed}`);
  const [requests = 0, elapsedUs = 1, p50Us = 0, p99Us = 0, errors = 0] = line.split(' ').slice(1).map(Number);
  return { requests, perSecond: (requests / elapsedUs) * 1e6, p50Us, p99Us, errors };
}

function scriptOf(bodyFile: string, key: string): string {
  return `
wrk.method = "POST"
wrk.headers["content-type"] = "application/json"
wrk.headers["authorization"] = "Bearer ${key}"
local file = io.open("${bodyFile}", "rb")
wrk.body = file:read("*a")
file:close()
function done(summary, latency)
  local e = summary.errors
  io.write(string.format("result %d %d %d %d %d\\n", summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    e.connect + e.read + e.write + e.status + e.timeout))
end
`;
}
