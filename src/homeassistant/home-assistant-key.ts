import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { KeyRing } from '../identity/key-ring.ts';
import type { Keys } from '../identity/keys.ts';
import { isManaged, MANAGED } from '../identity/managed-key.ts';
import { hashOf, newKey } from '../identity/key-hash.ts';
import type { VirtualKey } from '../identity/virtual-key.ts';

export interface HomeAssistantKeyParts {
  readonly keys: Keys;
  readonly ring: KeyRing;
  /** Where its text is kept, mode 0600: Home Assistant must be told it again at every start. */
  readonly file: string;
}

const ALIAS = 'home-assistant';
/** Models may be called and listed, sums be read; nothing may be managed. */
const ALLOWED_ROUTES = ['llm_api_routes', '/ha/v1/*'];

/** The one key that Home Assistant calls with: made at the first start, told in the discovery, shown in the list of keys like any other. */
export class HomeAssistantKey {
  readonly #parts: HomeAssistantKeyParts;

  constructor(parts: HomeAssistantKeyParts) {
    this.#parts = parts;
  }

  /** Its text; one that nobody knows any more is given a new text. @throws when neither database nor folder can be written */
  async text(): Promise<string> {
    const { keys, ring, file } = this.#parts;
    const known = await readFile(file, 'utf8').then((text) => text.trim(), () => ''); // prettier-ignore
    const key = this.#find();
    if (key && known !== '' && ring.get(hashOf(known)) === key) return known;
    const text = newKey();
    if (key) await keys.regenerate(key.keyHash, text, () => ({}), null, null);
    else await keys.create(text, { alias: this.#freeAlias(), allowedRoutes: ALLOWED_ROUTES, metadata: MANAGED }, null);
    await this.keep(text);
    return text;
  }

  /** Its text was changed, in the panel or by the API. */
  async keep(text: string): Promise<void> {
    const { file } = this.#parts;
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(`${file}.tmp`, `${text}\n`, { mode: 0o600 });
    await rename(`${file}.tmp`, file);
  }

  #find(): VirtualKey | null {
    for (const key of this.#parts.ring.all()) if (isManaged(key.fields) && key.userId === null && key.fields.successor === null) return key;
    return null;
  }

  #freeAlias(): string {
    const { ring } = this.#parts;
    if (!ring.byAlias(ALIAS)) return ALIAS;
    let number = 2;
    while (ring.byAlias(`${ALIAS}-${number}`)) number++;
    return `${ALIAS}-${number}`;
  }
}
