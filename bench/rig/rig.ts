import type { BenchGateway } from './gateway.ts';

/** A program that is measured. */
export interface Server {
  readonly port: number;
  readonly pid: number;
}

/** Everything a bar may use. The servers stand on core 0 and are asked in turn. */
export interface Rig {
  readonly folder: string;
  readonly gateway: BenchGateway;
  /** The bare relay before the fixed answers. */
  readonly relay: Server;
  /** The bare relay before the streams. */
  readonly streamRelay: Server;
  readonly upstreamPort: number;
  readonly streams: { readonly program: string; readonly port: number };
  readonly say: (line: string) => void;
  /** A look while something is changed: fewer rounds, less certain. */
  readonly quick: boolean;
  /** What starting told: milliseconds, with the keys in the store and on an empty folder. */
  readonly starts: { readonly firstMs: number; readonly laterMs: readonly number[] };
}

/** How one bar came out. */
export interface Verdict {
  readonly id: string;
  readonly what: string;
  readonly measured: string;
  readonly bar: string;
  readonly passed: boolean;
  readonly note?: string;
  readonly figures: Readonly<Record<string, number>>;
}

/** Keys in the store while everything is measured. */
export const KEYS = 10_000;

/** Events in each stream, by kind, and the pace of the paced ones. */
export const PACED_EVENTS = 300;
export const FLOOD_EVENTS = 300;
export const INTERVAL_US = 20_000;
