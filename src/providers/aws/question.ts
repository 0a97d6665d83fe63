import type { JsonObject } from '../../core/json-object.ts';
import type { Environment } from '../resolve/environment.ts';

/** What a deployment's way to sign in at AWS is read from. */
export interface AwsQuestion {
  readonly params: JsonObject;
  readonly env: Environment;
  /** The row was written by the owner of the machine. */
  readonly trusted?: boolean;
  /** Text of a small file of this machine; absent: files are not looked into. */
  readonly readText?: ((path: string) => string) | undefined;
}
