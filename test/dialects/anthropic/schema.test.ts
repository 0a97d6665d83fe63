import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/json-object.ts';
import { inputSchema, strictSchema } from '../../../src/dialects/anthropic/chat/schema.ts';

describe('a schema for structured outputs', () => {
  it('loses what Anthropic refuses and tells it in the description', () => {
    const refused = {
      minimum: 1,
      maximum: 9,
      exclusiveMinimum: 0,
      exclusiveMaximum: 10,
      multipleOf: 2,
      minLength: 1,
      maxLength: 2,
      pattern: '^a',
      minItems: 2,
      maxItems: 3,
      uniqueItems: true,
      minProperties: 1,
      maxProperties: 2,
      not: { type: 'null' },
      format: 'iban',
    };
    expect(strictSchema({ type: 'string', description: 'A code.', ...refused })).toEqual({
      type: 'string',
      description: `A code.\n${JSON.stringify(refused)}`,
    });
  });

  it('keeps the formats it knows and everything else', () => {
    const schema = { type: 'array', minItems: 1, title: 'T', default: [], items: { type: 'string', format: 'date-time', enum: ['a'] } };
    expect(strictSchema(schema)).toEqual(schema);
  });

  it('has closed objects at every depth', () => {
    const open = { type: 'object', properties: { a: { type: 'object', properties: {}, additionalProperties: true } } };
    expect(strictSchema({ $defs: { d: open }, anyOf: [{ $ref: '#/$defs/d' }, { type: ['object', 'null'] }], items: open })).toEqual({
      $defs: { d: closed() },
      anyOf: [{ $ref: '#/$defs/d' }, { type: ['object', 'null'], additionalProperties: false }],
      items: closed(),
    });
    function closed(): JsonObject {
      return {
        type: 'object',
        properties: { a: { type: 'object', properties: {}, additionalProperties: false } },
        additionalProperties: false,
      };
    }
  });

  it('says oneOf as anyOf', () => {
    expect(strictSchema({ oneOf: [{ type: 'string', minLength: 1 }] })).toEqual({
      anyOf: [{ type: 'string', description: '{"minLength":1}' }],
    });
  });

  it('takes properties for what they are, even when named like keywords', () => {
    const schema = {
      type: 'object',
      properties: { pattern: { type: 'string' }, minimum: { type: 'integer' } },
      additionalProperties: false,
    };
    expect(strictSchema(schema)).toEqual(schema);
  });

  it('is not changed by a second cleaning, and the client’s object never', () => {
    const leaf = fc.record(
      { type: fc.constantFrom('string', 'integer'), minimum: fc.nat(), pattern: fc.string() },
      { requiredKeys: ['type'] },
    );
    const node = fc.letrec<{ schema: JsonObject }>((tie) => ({
      schema: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc.record({ type: fc.constant('object'), properties: fc.dictionary(fc.constantFrom('a', 'b', 'not'), tie('schema')) }),
        fc.record({ oneOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
      ),
    })).schema;
    fc.assert(
      fc.property(node, (schema) => {
        const before = structuredClone(schema);
        const once = strictSchema(schema);
        expect(strictSchema(once)).toEqual(once);
        expect(schema).toEqual(before);
      }),
    );
  });
});

describe('a schema for a tool’s input', () => {
  it('is an object', () => {
    expect(inputSchema(undefined)).toEqual({ type: 'object', properties: {} });
    expect(inputSchema({ properties: { a: {} } })).toEqual({ type: 'object', properties: { a: {} } });
    expect(inputSchema({ type: 'object', additionalProperties: false })).toEqual({
      type: 'object',
      properties: {},
      additionalProperties: false,
    });
  });

  it('keeps the order of its members, on which the prompt cache depends', () => {
    expect(JSON.stringify(inputSchema({ type: 'object', properties: { b: {}, a: {} }, required: ['a'] }))).toBe(
      '{"type":"object","properties":{"b":{},"a":{}},"required":["a"]}',
    );
  });

  it('joins alternatives at the top: required is what all of them require', () => {
    const a = { properties: { kind: {}, a: {} }, required: ['kind', 'a'] };
    const b = { properties: { kind: {}, b: {} }, required: ['kind'] };
    const properties = { kind: {}, a: {}, b: {} };
    expect(inputSchema({ anyOf: [a, b] })).toEqual({ type: 'object', properties, required: ['kind'] });
    expect(inputSchema({ oneOf: [a, { $ref: '#/$defs/b' }], $defs: { b } })).toEqual({
      type: 'object',
      $defs: { b },
      properties,
      required: ['kind'],
    });
    expect(inputSchema({ allOf: [a, b] })).toEqual({ type: 'object', properties, required: ['kind', 'a'] });
  });
});
