import { isObject, wordOf, type JsonObject } from '../../core/json-object.ts';
import { UnresolvedDeployment } from '../resolve/unresolved.ts';

/** What a service key of SAP AI Core holds; what it leaves out is `''`. Secret. */
export interface ServiceKey {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where tokens are asked for. */
  readonly authUrl: string;
  /** Where AI Core is. */
  readonly apiUrl: string;
}

/**
 * Reads a service key: the object that BTP's cockpit shows, as it is or as text, maybe below `credentials` as `cf service-key` prints it.
 *
 * @param param where it stands, for errors
 * @throws {UnresolvedDeployment} for what is no such key, and for keys with a certificate; never with the key's text
 */
export function serviceKeyOf(value: unknown, param: string): ServiceKey {
  const read = typeof value === 'string' ? parsed(value) : value;
  if (!isObject(read)) throw new UnresolvedDeployment(`${param} is no service key of SAP AI Core: a JSON object is wanted.`, { param });
  const key: JsonObject = isObject(read['credentials']) ? read['credentials'] : read;
  const clientId = wordOf(key['clientid']);
  const clientSecret = wordOf(key['clientsecret']);
  if (clientSecret === '' && wordOf(key['certificate']) !== '')
    throw new UnresolvedDeployment(`${param} holds a certificate in place of a client secret: make a service key without X.509.`, {
      param,
    });
  const urls = isObject(key['serviceurls']) ? key['serviceurls'] : {};
  return { clientId, clientSecret, authUrl: wordOf(key['url']), apiUrl: wordOf(urls['AI_API_URL']) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
