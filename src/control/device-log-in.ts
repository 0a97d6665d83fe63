import { readBodyAs } from '../contract/body.ts';
import { DevicePollBody, DeviceState, StartedDevice } from '../contract/device-log-in.ts';
import { answerJson, readJsonBody } from '../contract/http-json.ts';
import { ConflictError, NotFoundError } from '../core/errors.ts';
import type { Route, RouteCall } from '../core/route.ts';
import type { DeviceLogIn, LogInState } from '../providers/copilot/device-log-in.ts';
import { authorOf } from './answer.ts';
import { noted, type CredentialRouteParts } from './credentials.ts';
import { storedRoutes } from './stored-routes.ts';

export interface DeviceLogInRouteParts extends CredentialRouteParts {
  readonly deviceLogIn: DeviceLogIn;
}

const PROVIDER = 'github_copilot';
const PATH = `/credentials/${PROVIDER}/device`;

/** The log-in at GitHub for Copilot: a code is shown, entered in a browser, and the account's token stored as a credential. */
export function deviceLogInRoutes(parts: DeviceLogInRouteParts): Route[] {
  const route = storedRoutes(parts);
  const { deviceLogIn } = parts;
  return [
    route('POST', PATH, 'Begins a log-in at GitHub for Copilot, with a code for a person.', { answer: StartedDevice }, async (call) => {
      const { id, code, address, expiresInS, intervalS } = await deviceLogIn.start();
      const told: StartedDevice = {
        id,
        user_code: code,
        verification_uri: address,
        expires_in: expiresInS,
        interval: intervalS,
      };
      answerJson(call, told);
    }),
    route(
      'POST',
      `${PATH}/:id`,
      'Asks how the log-in stands; when it is done, the account is stored as a credential.',
      { body: DevicePollBody, answer: DeviceState },
      async (call) => {
        const { credential_name: name } = readBodyAs(DevicePollBody, await readJsonBody(call));
        checkName(parts, name);
        const state = await deviceLogIn.state(call.params['id'] ?? '');
        if (state === null) throw new NotFoundError('No such log-in is under way: begin another.', 'id');
        if (state.state === 'done') await store(parts, call, name, state.token);
        answerJson(call, shown(state, name));
      },
    ),
  ];
}

/** Before GitHub is asked: it gives the token once. */
function checkName({ credentials }: DeviceLogInRouteParts, name: string): void {
  const taken = credentials.get(name);
  if (taken !== null && taken.info['custom_llm_provider'] !== PROVIDER)
    throw new ConflictError(`A credential with the name ${name} exists already, of another provider.`, 'credential_name');
}

async function store({ credentials, audit }: DeviceLogInRouteParts, call: RouteCall, name: string, token: string): Promise<void> {
  const values = { api_key: token };
  const by = authorOf(call);
  if (credentials.get(name) === null)
    await credentials.add(name, values, { custom_llm_provider: PROVIDER }, by, noted(audit, call, 'created'));
  else await credentials.change(name, values, null, by, noted(audit, call, 'updated'));
}

function shown(state: LogInState, name: string): DeviceState {
  return {
    state: state.state,
    interval: 'intervalS' in state ? state.intervalS : null,
    credential_name: state.state === 'done' ? name : null,
  };
}
