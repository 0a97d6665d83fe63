import { ToolNames, type NameRules } from '../../tool-names.ts';

/** Names that every OpenAI-shaped provider takes. */
const TOOL_NAMES: NameRules = { unlawful: /[^a-zA-Z0-9_-]/g, maxLength: 64 };

/** A tool as a client of this dialect knows it. */
export interface ToldTool {
  readonly kind: 'function' | 'custom';
  readonly name: string;
  readonly namespace?: string;
}

/** The tools of one request under the names that the provider gets: those of a namespace are `<namespace>__<name>` there. */
export class ToolDirectory {
  readonly #names = new ToolNames(TOOL_NAMES);
  readonly #told = new Map<string, ToldTool>();

  /** The provider's name of a tool, the same each time. Of two kinds with one name the first counts. */
  nameFor(tool: ToldTool): string {
    const { name, namespace } = tool;
    // The zero becomes `_`; until then it tells a tool of a namespace from a plain one that is named alike.
    const wire = this.#names.toWire(namespace === undefined ? name : `${namespace}\0_${name}`);
    if (!this.#told.has(wire)) this.#told.set(wire, tool);
    return wire;
  }

  /** The client's tool that the provider called. */
  told(wire: string): ToldTool {
    return this.#told.get(wire) ?? { kind: 'function', name: wire };
  }
}
