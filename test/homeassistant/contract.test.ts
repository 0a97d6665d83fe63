import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { describe, expect, test } from 'vitest';
import { ActionAnswer, ActionReply, ActionRequest } from '../../src/contract/bridge/actions.ts';
import { BridgeAbout, BridgeBye, BridgeHello, BridgePush, HelloResult, PushResult } from '../../src/contract/bridge/commands.ts';
import { Discovered } from '../../src/contract/bridge/discovery.ts';
import { BridgeEvent } from '../../src/contract/bridge/events.ts';
import { BridgeSnapshot } from '../../src/contract/bridge/snapshot.ts';

const FOLDER = join(import.meta.dirname, '../contract/bridge');

/** The schema of each message; what the integration sends and what the gateway sends. */
const SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  hello: BridgeHello,
  hello_result: HelloResult,
  push: BridgePush,
  push_result: PushResult,
  event: z.object({ gateway_id: z.uuid(), event: BridgeEvent }),
  event_result: z.object({ accepted: z.boolean() }),
  subscribe: z.object({ gateway_id: z.uuid() }),
  request: ActionRequest,
  reply: ActionReply,
  bye: BridgeBye,
  discovery: Discovered,
  http_hello: BridgeAbout,
  http_snapshot: BridgeSnapshot,
  http_events: z.object({ events: z.array(BridgeEvent) }),
  http_action: ActionAnswer,
};

function files(kind: 'accepted' | 'rejected'): [string, unknown][] {
  return readdirSync(join(FOLDER, kind)).map((name) => [name, JSON.parse(readFileSync(join(FOLDER, kind, name), 'utf8')) as unknown]);
}

function schemaOf(name: string): z.ZodType {
  const schema = SCHEMAS[name.split('-')[0]?.replace('.json', '') ?? ''];
  if (!schema) throw new Error(`no schema for ${name}`);
  return schema;
}

describe('the gateway understands the same messages as the integration', () => {
  test.each(files('accepted'))('%s is accepted', (name, message) => {
    expect(schemaOf(name).safeParse(message).error?.issues).toBeUndefined();
  });

  test.each(files('rejected'))('%s is rejected', (name, message) => {
    expect(schemaOf(name).safeParse(message).success).toBe(false);
  });
});
