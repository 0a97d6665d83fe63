import { z, type ZodType } from 'zod';
import { createDocument, type CreateDocumentOptions, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { ControlErrorBody, ErrorBody } from '../../contract/meta.ts';
import { GenerateErrorBody } from '../../contract/generate.ts';
import { MessagesErrorBody } from '../../contract/messages.ts';
import type { Route, Surface } from '../../core/route.ts';
import { GROUP_TITLES, WHO } from './groups.ts';
import { templateOf, type ApiFacts } from './templates.ts';

/** Describes every route as an OpenAPI 3.1 document, from the shapes that the handlers read by (control-plane 14.2). */
export function apiDocument(routes: readonly Route[], { version, rootPath }: ApiFacts): object {
  return createDocument(
    {
      openapi: '3.1.0',
      info: { title: 'LLM Gateway', version, description: DESCRIPTION },
      servers: [{ url: rootPath === '' ? '/' : rootPath }],
      tags: [...new Set(routes.map(({ group }) => GROUP_TITLES[group]))].map((name) => ({ name })),
      security: [{ bearer: [] }, { header: [] }, { session: [] }],
      paths: pathsOf(routes),
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'A virtual key, or the master key: `sk-...`' },
          header: { type: 'apiKey', in: 'header', name: 'x-litellm-api-key', description: 'The same, bare.' },
          session: { type: 'apiKey', in: 'cookie', name: 'llm_gateway_session', description: 'A session of the panel.' },
        },
        schemas: { Error: ErrorBody, ManagementError: ControlErrorBody },
      },
    },
    OPTIONS,
  );
}

const DESCRIPTION =
  'One OpenAI-compatible address for many providers of models, with virtual keys, budgets and exact spend. The interface is that of the LiteLLM Proxy. Amounts are US dollars, every digit.';

function pathsOf(routes: readonly Route[]): ZodOpenApiPathsObject {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  const ids = new Set<string>();
  for (const route of routes) {
    for (const path of route.paths) {
      const item = (paths[templateOf(path)] ??= {});
      item[route.method.toLowerCase()] = { ...operationOf(route, path), operationId: newId(ids, idOf(route.method, path)) };
    }
  }
  return paths;
}

function operationOf(route: Route, path: string): ZodOpenApiOperationObject {
  const { group, rights, shapes = {}, summary } = route;
  const names = [...path.matchAll(/\/[:*](\w+)/g)].map(([, name = '']) => name);
  const { query, body, bodyType = 'application/json' } = shapes;
  return {
    tags: [GROUP_TITLES[group]],
    ...(summary === undefined ? {} : { summary }),
    description: `For ${WHO[rights]}. In the group \`${group}\` of \`allowed_routes\`.`,
    ...(rights === 'public' ? { security: [] } : {}),
    requestParams: {
      ...(names.length === 0 ? {} : { path: z.object(Object.fromEntries(names.map((name) => [name, z.string()]))) }),
      ...(query instanceof z.ZodObject ? { query } : {}),
    },
    ...(body === undefined ? {} : { requestBody: { required: true, content: { [bodyType]: { schema: body } } } }),
    responses: responsesOf(route, names.length > 0),
  };
}

/** Two paths may differ in a sign alone. */
function newId(ids: Set<string>, id: string): string {
  const own = ids.has(id) ? `${id}_${[...ids].filter((other) => other.startsWith(id)).length + 1}` : id;
  ids.add(own);
  return own;
}

function idOf(method: string, path: string): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return [method.toLowerCase(), ...words].join('_');
}

const ERRORS = {
  openai: ErrorBody,
  anthropic: MessagesErrorBody,
  gemini: GenerateErrorBody,
  control: ControlErrorBody,
} as const satisfies Record<Surface, ZodType>;

type Responses = NonNullable<ZodOpenApiOperationObject['responses']>;

function responsesOf({ rights, shapes = {}, surface }: Route, named: boolean): Responses {
  const error = ERRORS[surface];
  const refusal = (description: string): Responses['400'] => ({ description, content: { 'application/json': { schema: error } } });
  const { answer, body, query, streams } = shapes;
  return {
    200: {
      description: 'Done.',
      ...(answer === undefined
        ? {}
        : {
            content: {
              'application/json': { schema: answer },
              ...(streams === true ? { 'text/event-stream': { schema: { type: 'string' } } } : {}),
            },
          }),
    },
    ...(body === undefined && query === undefined && !named
      ? {}
      : { 400: refusal('Something in the request is wrong; `param` names it.') }),
    ...(rights === 'public'
      ? {}
      : {
          401: refusal('No credential, one that is not known, or one that may not call this route.'),
          403: refusal('The caller may not do this.'),
        }),
    ...(named ? { 404: refusal('There is no such thing.') } : {}),
    ...(body === undefined
      ? {}
      : { 422: refusal(rights === 'llm' ? 'A budget is used up.' : 'Members of the body are missing or of a wrong type.') }),
    ...(rights === 'llm'
      ? { 429: refusal('A rate limit is reached, or every deployment rests.'), 502: refusal('The provider could not be reached.') }
      : {}),
    500: refusal('Something unforeseen; the log tells more under the call id.'),
    ...(rights === 'public' ? {} : { 503: refusal('The database is not there yet, or the gateway is overloaded.') }),
  };
}

/** How schemas that read more than they say are written down. */
const OPTIONS: CreateDocumentOptions = {
  allowEmptySchema: { custom: true, transform: true },
  override: ({ zodSchema, jsonSchema, io }) => {
    const { def } = zodSchema._zod;
    // What a preprocessing step lets through is what stands behind it.
    if (io === 'input' && def.type === 'pipe') {
      const { in: before, out: after } = def as unknown as { in: z.core.$ZodType; out: z.core.$ZodType };
      if (before._zod.def.type === 'transform')
        Object.assign(jsonSchema, withoutDraft(z.toJSONSchema(after, { io, unrepresentable: 'any' })));
    }
  },
};

function withoutDraft({ $schema: _draft, ...schema }: Record<string, unknown>): Record<string, unknown> {
  return schema;
}
