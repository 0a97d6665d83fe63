import type { Config } from '../../config/config.ts';
import type { Secrets } from '../../config/secrets.ts';
import { Audit } from '../../identity/audit/audit.ts';
import { Authenticator } from '../../identity/authenticator.ts';
import { KeyRing } from '../../identity/key-ring.ts';
import { Keys } from '../../identity/keys.ts';
import { LogIn } from '../../identity/log-in.ts';
import { People } from '../../identity/people.ts';
import { Sessions } from '../../identity/sessions.ts';
import { Users } from '../../identity/users.ts';
import type { Limits } from '../../limits/limits.ts';
import type { Ground } from './ground.ts';
import type { StoreParts } from './store.ts';

/** Who calls, and what they may do. */
export function composeIdentity(ground: Ground, { database, keptReasoning, keptResponses }: StoreParts, limits: Limits) {
  const { clock, config, home, hub, live, log, secrets } = ground;
  const people = new People();
  const ring = new KeyRing(people);
  const keys = new Keys({
    clock,
    database,
    ring,
    saltKey: secrets.salt.value,
    named: () => !live.config.environment.disableKeyName,
    onChange: (hash, key) => {
      if (key) limits.policyChanged(key.policy);
      else limits.forget(hash);
      hub.tell('state', { what: 'keys' });
      home().keyChanged(key);
    },
    onDeleted: (hashes) => {
      for (const keeper of [keptReasoning, keptResponses])
        for (const hash of hashes)
          keeper.removeOf(hash).catch((error: unknown) => {
            log.warn({ err: error }, 'What was kept of a deleted key is still on the disk; it goes within a day');
          });
    },
    onText: (key, text) => {
      home().keyTextChanged(key, text);
    },
  });
  const users = new Users({
    clock,
    database,
    people,
    onChange: (id, person) => {
      ring.reown(id);
      if (person) limits.policyChanged(person.policy);
      hub.tell('state', { what: 'users' });
      home().stateChanged();
    },
  });
  const sessions = new Sessions({
    clock,
    database,
    people,
    onEnd: () => {
      hub.sweep();
    },
  });
  const refusals = new Map<string, number>();
  const authenticator = new Authenticator({
    clock,
    keys: ring,
    people,
    sessions,
    masterKey: secrets.master.value,
    saltKey: secrets.salt.value,
    adminUserId: config.environment.adminUserId,
    onRefusal: (reason) => refusals.set(reason, (refusals.get(reason) ?? 0) + 1),
  });
  authenticator.useHeader(config.general.keyHeaderName);
  return {
    people,
    ring,
    keys,
    users,
    sessions,
    logIn: new LogIn({ people, users, admin: () => adminOf(config, secrets) }),
    audit: composeAudit(ground, database),
    refusals,
    authenticator,
  };
}

export type IdentityParts = ReturnType<typeof composeIdentity>;

function composeAudit({ clock, live, log }: Ground, database: StoreParts['database']): Audit {
  return new Audit({
    clock,
    database,
    enabled: () => live.config.litellm.storeAuditLogs,
    onLost: (rows) => {
      for (const { entry } of rows)
        log.error(
          `The audit log could not take this before the stop: ${entry.table} ${entry.objectId} was ${entry.action} by ${entry.author.userId ?? 'a key'}`,
        );
    },
  });
}

/** Who the administrator's log-in is (control-plane 15.1). */
function adminOf({ environment }: Config, { master }: Secrets) {
  return { userId: environment.adminUserId, name: environment.uiUsername, password: environment.uiPassword ?? master.value };
}
