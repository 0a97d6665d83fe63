import OpenAI from 'openai';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { startLlamaServer, type LlamaServer } from './llama-server.ts';

export interface LocalHouse {
  readonly gateway: TestGateway;
  readonly llama: LlamaServer;
  /** The official client, with the master key and without tries of its own. */
  readonly client: OpenAI;
  stop(): Promise<void>;
}

/** What the tiny chat model says to a plain question; the emoji is four tokens. */
export const ANSWER = 'The kettle is on 🫖.';

/** Prices of each `priced` row, US dollars a token: whole numbers of 10⁻⁸. */
const PRICES = { input: 300, cached: 75, output: 1100 };
export const PRICE_LINES = '{ input_cost_per_token: 0.000003, cache_read_input_token_cost: 7.5e-7, output_cost_per_token: 0.000011 }';

/** A whole gateway before the real llama.cpp server. @param yaml the configuration, given the server's address */
export async function startLocalHouse(kind: 'chat' | 'embeddings', yaml: (url: string) => string): Promise<LocalHouse> {
  const llama = await startLlamaServer({ kind });
  const gateway = await startGateway(yaml(llama.url));
  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.masterKey, maxRetries: 0 });
  return {
    gateway,
    llama,
    client,
    async stop() {
      await gateway.stop();
      await llama.stop();
    },
  };
}

/** The bill by hand, to the last digit. */
export function billOf({ input, cached, output }: { input: number; cached: number; output: number }): string {
  const units = BigInt((input - cached) * PRICES.input + cached * PRICES.cached + output * PRICES.output);
  return `0.${String(units).padStart(8, '0')}`.replace(/0+$/, '');
}

/** The newest row of `spend_logs`, its `metadata` parsed. */
export async function lastRow(gateway: TestGateway): Promise<Record<string, unknown>> {
  const { metadata, ...row } = (await gateway.rows()).at(-1) ?? {};
  return { ...row, metadata: JSON.parse(typeof metadata === 'string' ? metadata : '{}') as unknown };
}

/** Generations that the server works on right now. */
export async function busySlots(llama: LlamaServer): Promise<number> {
  const slots = (await (await fetch(`${llama.url}/slots`)).json()) as { is_processing: boolean }[];
  return slots.filter((slot) => slot.is_processing).length;
}
