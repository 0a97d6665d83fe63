import { isObject, type JsonObject, wordOf } from '../../../core/json-object.ts';
import type { Part } from '../../../core/parts.ts';
import type { ChatRequest, Message, Tool, ToolChoice } from '../../../core/request.ts';
import { present } from '../../openai/request-fields.ts';
import { ToolNames, type NameRules } from '../../tool-names.ts';
import { plainParts, plainResult } from './plain-parts.ts';
import { isWebSearch, readFunction } from './read-tools.ts';

/** Names of tools that other providers take; Anthropic's may be twice as long. */
const TOOL_NAMES: NameRules = { unlawful: /[^a-zA-Z0-9_-]/g, maxLength: 64 };

interface PlainRequest {
  readonly request: ChatRequest;
  /** For the shape of the answer: it has the client's own names. */
  readonly names: ToolNames;
  /** What the provider does not get of what was asked, a line each, for a warning. */
  readonly leftOut: readonly string[];
}

/**
 * A Messages request for a provider that is no host of Anthropic's models (data-plane 9.13): what only they understand is said
 * in words that all know, or left out. A tool that the provider would have to run is left out; a search of the web stays as
 * `webSearch`.
 */
export function forOtherHost(request: ChatRequest): PlainRequest {
  const names = new ToolNames(TOOL_NAMES);
  return { request: plainRequest(request, names), names, leftOut: leftOutOf(request) };
}

/** Tools that nobody will run, and what they would have run with. */
function leftOutOf({ tools = [], extras }: ChatRequest): string[] {
  const unknown = tools.flatMap((tool, i) => (isRun(tool) ? [] : [`tools.${i}: this provider cannot run '${typeIn(tool)}'`]));
  const members = ['container', 'mcp_servers'].filter((name) => extras[name] !== undefined);
  return [...unknown, ...members.map((name) => `${name}: this provider knows none`)];
}

/** The client runs it, or the search of the web that the provider has. */
function isRun(tool: Tool): boolean {
  return tool.type === 'function' || tool.dialect !== 'anthropic' || isObject(tool.raw['input_schema']) || isWebSearch(tool);
}

function typeIn(tool: Tool): string {
  return tool.type === 'native' ? wordOf(tool.raw['type']) : tool.type;
}

function plainRequest(request: ChatRequest, names: ToolNames): ChatRequest {
  const { tools: asked, toolChoice: chosen, parallelToolCalls, user, serviceTier, ...rest } = request;
  const tools = asked?.flatMap((tool) => plainTool(tool, names));
  const hasTools = tools !== undefined && tools.length > 0;
  return {
    ...rest,
    messages: request.messages.flatMap((message) => plainMessage(message, names)),
    ...present({
      tools: hasTools ? tools : undefined,
      toolChoice: hasTools ? choiceAmong(tools, chosen, names) : undefined,
      parallelToolCalls: hasTools ? parallelToolCalls : undefined,
      user: user?.slice(0, MOST_OF_USER),
      serviceTier: serviceTier === 'auto' ? undefined : serviceTier === 'standard_only' ? 'default' : serviceTier,
    }),
    others: plainOthers(request.others),
    extras: Object.fromEntries(Object.entries(request.extras).filter(([name]) => !ANTHROPIC_MEMBERS.has(name))),
  };
}

/** Most characters of `user` that OpenAI takes. */
const MOST_OF_USER = 64;

/** Members of a Messages body that other providers refuse. */
const ANTHROPIC_MEMBERS: ReadonlySet<string> = new Set([
  'anthropic_beta',
  'anthropic_version',
  'betas',
  'billing_policy',
  'cache_control',
  'compaction',
  'container',
  'diagnostics',
  'fallback_credit_token',
  'inference_geo',
  'mcp_servers',
  'output_config',
  'speed',
  'user_profile_id',
  'workspace_id',
]);

function plainTool(tool: Tool, names: ToolNames): Tool[] {
  if (tool.type === 'function') return [{ ...tool, name: names.toWire(tool.name) }];
  if (tool.dialect !== 'anthropic') return [tool];
  return isObject(tool.raw['input_schema']) ? plainTool(readFunction(tool.raw, 'tools'), names) : [];
}

function choiceAmong(tools: readonly Tool[], choice: ToolChoice | undefined, names: ToolNames): ToolChoice | undefined {
  if (choice?.type !== 'function') return choice;
  const name = names.toWire(choice.name);
  return tools.some((tool) => tool.type === 'function' && tool.name === name) ? { type: 'function', name } : undefined;
}

/** A message that only held what Anthropic understands is left out. */
function plainMessage(message: Message, names: ToolNames): Message[] {
  if (message.role === 'system') return plainSystem(message);
  const parts = plainParts(message.parts).map((part): Part => {
    if (part.type === 'tool_call') return { ...part, name: names.toWire(part.name) };
    return part.type === 'tool_result' ? plainResult(part) : part;
  });
  return parts.length === 0 && message.parts.length > 0 ? [] : [{ ...message, parts }];
}

/** How coding agents begin the system prompt for Anthropic's own bookkeeping. */
const BILLING = 'x-anthropic-billing-header';

/** One text, unless marks say where its cached parts end. */
function plainSystem(message: Message): Message[] {
  const [first, ...others] = message.parts;
  const isBilling = first?.type === 'text' && first.text.trimStart().toLowerCase().startsWith(BILLING);
  const parts = plainParts(isBilling ? others : message.parts);
  if (parts.length === 0) return [];
  const isText = parts.every((part) => part.type === 'text' && part.cache === undefined);
  const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
  return [{ ...message, parts: isText ? [{ type: 'text', text }] : parts }];
}

/** Of the edits to the context OpenAI knows one: to sum up what is old. */
function plainOthers({ context_management: management, ...others }: ChatRequest['others']): JsonObject {
  const edits = isObject(management) && Array.isArray(management['edits']) ? management['edits'].filter(isObject) : [];
  const compactions = edits.filter(({ type }) => type === 'compact_20260112').map(compaction);
  return { ...others, ...(compactions.length === 0 ? {} : { context_management: compactions }) };
}

function compaction({ trigger }: JsonObject): JsonObject {
  const threshold = isObject(trigger) ? trigger['value'] : undefined;
  return { type: 'compaction', ...(typeof threshold === 'number' ? { compact_threshold: threshold } : {}) };
}
