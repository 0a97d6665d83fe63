import type { TextKey } from '../../i18n/texts.ts';

interface Example {
  readonly label: TextKey;
  readonly tool: { readonly type: 'function'; readonly function: { readonly name: string } & Record<string, unknown> };
}

const tool = (name: string, description: string, properties: Record<string, unknown>, required: readonly string[]): Example['tool'] => ({
  type: 'function',
  function: { name, description, parameters: { type: 'object', properties, required } },
});

/** Tools to begin with; a model reads them, so they are in English in every language. */
export const TOOL_EXAMPLES: readonly Example[] = [
  {
    label: 'playground.set.example_weather',
    tool: tool('get_weather', 'Current weather at a place', { city: { type: 'string', description: 'Name of a city' } }, ['city']),
  },
  {
    label: 'playground.set.example_light',
    tool: tool(
      'turn_on_light',
      'Turns on the lights of a room',
      { room: { type: 'string' }, brightness: { type: 'integer', minimum: 1, maximum: 100, description: 'Percent' } },
      ['room'],
    ),
  },
  {
    label: 'playground.set.example_list',
    tool: tool('shopping_list_add', 'Puts things on the shopping list', { items: { type: 'array', items: { type: 'string' } } }, ['items']),
  },
];

/** The text of a list of tools with one more in it; a text that cannot be read is replaced. */
export function withTool(text: string, added: Example['tool']): string {
  let before: readonly unknown[] = [];
  try {
    const value = JSON.parse(text) as unknown;
    before = Array.isArray(value) ? value : [];
  } catch {
    before = [];
  }
  return JSON.stringify([...before, added], null, 2);
}
