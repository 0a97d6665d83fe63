import type { Clock } from '../../core/clock.ts';
import { ProviderError } from '../../core/provider-error.ts';
import type { EgressPolicy } from '../egress.ts';
import { KeptTokens, type Token } from '../tokens/kept-tokens.ts';
import type { Proof } from '../tokens/proof.ts';
import { checkedAddress, replyTo, type TokenReply } from '../tokens/token-question.ts';
import type { Transport } from '../transport/transport.ts';
import { secretsOfKeys, secretsOfSource, type AwsGrant, type AwsSource, type StsPlace, type WebToken } from './grant.ts';
import { isInsideTheMachine, MachineKeys } from './machine-keys.ts';
import { ProfileFault, sourceOfProfile } from './shared-files.ts';
import { AwsSigner } from './signer.ts';
import { signed, type AwsKeys } from './sigv4.ts';
import { readSession, roleForm, STS } from './sts.ts';

export interface AwsSessionsParts {
  readonly clock: Pick<Clock, 'elapsed' | 'now'>;
  readonly transport: Transport;
  readonly egress: EgressPolicy;
  /** Text of a small file of this machine. */
  readonly readText: (path: string) => string;
  /** Origin of the metadata server, which no configuration can name. */
  readonly metadata: string;
}

type KeptGrant = Pick<AwsGrant, 'source' | 'sts'>;

/** Keys that stand in a file may be written anew by somebody else. */
const KEYS_OF_A_FILE_MS = 600_000;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** Temporary keys of AWS, for every way to get them, and what is signed with them. */
export class AwsSessions {
  readonly #parts: AwsSessionsParts;
  readonly #machine: MachineKeys;
  readonly #kept: KeptTokens<KeptGrant, AwsKeys>;

  constructor(parts: AwsSessionsParts) {
    const { clock, transport, egress, metadata } = parts;
    this.#parts = parts;
    this.#machine = new MachineKeys({ now: () => clock.now(), transport, egress, metadata });
    this.#kept = new KeptTokens({ clock, ask: ({ source, sts }) => this.#keysOf(source, sts), nameOf });
  }

  /**
   * A signer with keys that hold now; at once when they are kept. Deployments in several regions share them.
   *
   * @throws {ProviderError} when AWS gives none or cannot be asked
   */
  token({ source, sts, scope }: AwsGrant): Proof | Promise<Proof> {
    const proof = (keys: AwsKeys): Proof => ({ headers: {}, secrets: secretsOfKeys(keys), signer: new AwsSigner(keys, scope) });
    const keys = this.#kept.token({ source, sts });
    return keys instanceof Promise ? keys.then(proof) : proof(keys);
  }

  /** AWS does not believe the keys: the next call asks for others, unless these are new. @returns whether they are not used any more */
  refused({ source, sts }: AwsGrant, token: string): boolean {
    return this.#kept.refused({ source, sts }, token);
  }

  async #keysOf(source: AwsSource, sts: StsPlace): Promise<Token<AwsKeys>> {
    switch (source.kind) {
      case 'keys':
        return { text: source.keys, lifeMs: KEYS_OF_A_FILE_MS };
      case 'profile':
        return this.#keysOf(this.#profile(source) ?? missing(source.name), sts);
      case 'machine': {
        const named = source.profile === null ? null : this.#profile(source.profile);
        return named === null ? this.#machine.ofMetadata() : this.#keysOf(named, sts);
      }
      case 'container':
        return this.#machine.ofContainer(
          source,
          source.authorization && this.#text(source.authorization, isInsideTheMachine(source.address)),
        );
      case 'role': {
        const { text: keys } = await this.#keysOf(source.by, sts);
        const reply = await this.#ask(sts, roleForm(source.role, null), keys);
        return readSession(reply, { role: source.role, secrets: secretsOfKeys(keys), nowMs: this.#parts.clock.now() });
      }
      case 'web_identity': {
        const shown = this.#text(source.token, sts.seesFiles);
        const reply = await this.#ask(sts, roleForm(source.role, shown), null);
        return readSession(reply, { role: source.role, secrets: [shown, ...secretsOfSource(source)], nowMs: this.#parts.clock.now() });
      }
    }
  }

  #profile(profile: Extract<AwsSource, { kind: 'profile' }>): AwsSource | null {
    try {
      return sourceOfProfile(profile, this.#parts.readText);
    } catch (error) {
      throw error instanceof ProfileFault ? unusable(error.message, error) : error;
    }
  }

  /** @param seesFiles whether the text of a file may be shown where this one goes */
  #text(token: WebToken, seesFiles: boolean): string {
    if (token.kind === 'text') return token.text;
    if (!seesFiles)
      throw unusable(`The file that ${token.place} names is not shown to an address that was not set in a file of this machine.`, null);
    const text = this.#fileText(token).trim();
    if (text === '' || /[\r\n\0]/.test(text)) throw unusable(`The file that ${token.place} names holds no token.`, null);
    return text;
  }

  #fileText({ path, place }: Extract<WebToken, { kind: 'file' }>): string {
    try {
      return this.#parts.readText(path);
    } catch (error) {
      throw unusable(`The file that ${place} names cannot be read.`, error);
    }
  }

  /** @param keys null: the question itself shows who asks */
  #ask({ address, region }: StsPlace, form: string, keys: AwsKeys | null): Promise<TokenReply> {
    const { egress, transport, clock } = this.#parts;
    const url = checkedAddress(egress, address, 'provider', STS);
    const question = { method: 'POST', origin: url.origin, path: url.pathname + url.search, headers: FORM, body: Buffer.from(form) };
    const headers = keys === null ? FORM : signed(question, keys, { region, service: 'sts' }, clock.now());
    return replyTo({ issuer: STS, url, headers: { accept: 'text/xml', ...headers }, body: form }, transport);
  }
}

/** Temporary keys have an ID of their own. */
function nameOf({ accessKeyId }: AwsKeys): string {
  return accessKeyId;
}

function missing(name: string): never {
  throw unusable(`The shared files of AWS have no profile "${name.slice(0, 100)}".`, null);
}

function unusable(message: string, cause: unknown): ProviderError {
  return new ProviderError({ class: 'AuthenticationError', status: 401, message, cause });
}
