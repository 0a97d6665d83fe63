/** A point in a file, both numbers from 1. Line 0: the whole file, or the environment. */
export interface Place {
  /** Path as it was opened; `environment` for environment variables. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * `fatal`: the file cannot be used as it stands · `error`: one model row is left out, the rest works · `warning`: it works,
 * but probably not as meant.
 */
export type Severity = 'fatal' | 'error' | 'warning';

/** Something wrong with a configuration. Names the key, never a value: values may be secrets. */
export interface Problem extends Place {
  readonly severity: Severity;
  /** Key path such as `model_list[2].litellm_params.model`; empty when the text itself is wrong. */
  readonly key: string;
  readonly message: string;
}

/** A step into a configuration: the key of a map or the index of a list. */
export type KeyPath = readonly (string | number)[];

const MAX_KEY_CHARACTERS = 80;

/** `['model_list', 2, 'model_name']` as `model_list[2].model_name`. Very long keys are shortened. */
export function keyText(path: KeyPath): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += (text === '' ? '' : '.') + shortened(step);
  }
  return text;
}

function shortened(key: string): string {
  return key.length > MAX_KEY_CHARACTERS ? `${key.slice(0, MAX_KEY_CHARACTERS)}...` : key;
}

/** The problem in one line, in the form editors and terminals turn into a link: `file:line:column: key: message`. */
export function problemText({ file, line, column, key, message }: Problem): string {
  const where = line > 0 ? `${file}:${line}:${column}` : file;
  return key === '' ? `${where}: ${message}` : `${where}: ${key}: ${message}`;
}

/** Gathers problems while a file is read. */
export class Problems {
  readonly all: Problem[] = [];

  add(severity: Severity, place: Place, path: KeyPath, message: string): void {
    this.all.push({ severity, file: place.file, line: place.line, column: place.column, key: keyText(path), message });
  }

  get fatal(): Problem[] {
    return this.all.filter(({ severity }) => severity === 'fatal');
  }
}
