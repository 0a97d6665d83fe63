/** What is set beside the conversation. Figures are text as typed; empty leaves the choice to the model. */
export interface PlaySettings {
  readonly system: string;
  readonly reasoning: '' | 'none' | 'minimal' | 'low' | 'medium' | 'high';
  readonly maxTokens: string;
  readonly temperature: string;
  readonly topP: string;
  readonly seed: string;
  /** One a line. */
  readonly stop: string;
  readonly format: '' | 'json_object';
  /** JSON list of tools, as the API takes them. */
  readonly tools: string;
  readonly toolChoice: '' | 'required' | 'none';
  /** JSON object with further members of the body. */
  readonly more: string;
}

export const NO_SETTINGS: PlaySettings = {
  system: '',
  reasoning: '',
  maxTokens: '',
  temperature: '',
  topP: '',
  seed: '',
  stop: '',
  format: '',
  tools: '',
  toolChoice: '',
  more: '',
};

/** What is wrong with a setting: the text of that name says it. */
export type SettingsError =
  | { readonly text: 'not_whole' | 'not_between'; readonly values: { readonly least: number; readonly most: number } }
  | { readonly text: 'not_object' | 'tools_json' | 'tools_list' | 'tools_name' };

export type SettingsErrors = Partial<Record<keyof PlaySettings, SettingsError>>;

interface Read {
  /** Members of the body, beside model and messages. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly errors: SettingsErrors;
}

interface Range {
  readonly least: number;
  readonly most: number;
  readonly whole?: boolean;
}

const RANGES = {
  maxTokens: { least: 1, most: 10_000_000, whole: true },
  temperature: { least: 0, most: 2 },
  topP: { least: 0, most: 1 },
  seed: { least: -2_147_483_648, most: 4_294_967_295, whole: true },
} as const satisfies Partial<Record<keyof PlaySettings, Range>>;

const NAMES = { maxTokens: 'max_tokens', temperature: 'temperature', topP: 'top_p', seed: 'seed' } as const;

/** Reads the settings into members of a body, and says what is wrong with which. */
export function readSettings(settings: PlaySettings): Read {
  const errors: SettingsErrors = {};
  const body: Record<string, unknown> = {};
  for (const [field, range] of Object.entries(RANGES) as [keyof typeof RANGES, Range][]) {
    const value = figure(settings[field], range.whole ?? false);
    if (value === null) continue;
    if (fits(value, range)) body[NAMES[field]] = value;
    else errors[field] = { text: range.whole ? 'not_whole' : 'not_between', values: { least: range.least, most: range.most } };
  }
  if (settings.reasoning !== '') body['reasoning_effort'] = settings.reasoning;
  if (settings.format !== '') body['response_format'] = { type: settings.format };
  const stop = settings.stop.split('\n').filter((line) => line !== '');
  if (stop.length > 0) body['stop'] = stop;
  addTools(settings, body, errors);
  const more = jsonOf(settings.more);
  if (more !== undefined && !isObject(more)) errors.more = { text: 'not_object' };
  return { body: isObject(more) ? { ...body, ...more } : body, errors };
}

function addTools({ tools: text, toolChoice }: PlaySettings, body: Record<string, unknown>, errors: SettingsErrors): void {
  const problem = problemOfTools(text);
  if (problem !== null) {
    errors.tools = { text: problem };
    return;
  }
  const tools = toolsOf(text);
  if (tools.length === 0) return;
  body['tools'] = tools;
  if (toolChoice !== '') body['tool_choice'] = toolChoice;
}

/** The tools that stand in a text; none when it cannot be read. */
export function toolsOf(text: string): readonly unknown[] {
  const value = jsonOf(text);
  return Array.isArray(value) ? value : [];
}

/** Name of each tool. */
export function toolNames(text: string): string[] {
  return toolsOf(text).map((tool) => nameOf(tool));
}

function nameOf(tool: unknown): string {
  const named = isObject(tool) && isObject(tool['function']) ? tool['function']['name'] : null;
  return typeof named === 'string' ? named : '';
}

function problemOfTools(text: string): 'tools_json' | 'tools_list' | 'tools_name' | null {
  const value = jsonOf(text);
  if (value === undefined) return null;
  if (value === NOT_JSON) return 'tools_json';
  if (!Array.isArray(value)) return 'tools_list';
  return value.every((tool) => nameOf(tool) !== '') ? null : 'tools_name';
}

const NOT_JSON = Symbol('not JSON');

/** @returns undefined for an empty text */
function jsonOf(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return NOT_JSON;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `null` when empty, NaN when it is no figure. Thousands of whole ones may be grouped, decimals be written either way. */
function figure(text: string, whole: boolean): number | null {
  const trimmed = text.replace(/[\s\u00a0'’]/g, '');
  if (trimmed === '') return null;
  const plain = whole && /^-?\d{1,3}([.,]\d{3})+$/.test(trimmed) ? trimmed.replace(/[.,]/g, '') : trimmed.replace(',', '.');
  return Number(plain);
}

function fits(value: number, { least, most, whole }: Range): boolean {
  return value >= least && value <= most && (!whole || Number.isInteger(value));
}
