import type { Behaviour } from '../../support/fake-provider.ts';

export interface Session {
  readonly id: string;
  readonly secret: string;
  readonly token: string;
  /** A date. */
  readonly expiration: string;
}

/** A session with numbered keys. */
export function session(count: number, expiration: string): Session {
  return { id: `ASIASESSION0000${count}`, secret: `session-secret-${count}`, token: `session-token/${count}==`, expiration };
}

/** What STS answers, as its reference shows it. @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (2026-11-26) */
export function assumed(action: string, { id, secret, token, expiration }: Session): Behaviour {
  return xml(`<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <${action}Result>
    <SourceIdentity>house</SourceIdentity>
    <AssumedRoleUser>
      <Arn>arn:aws:sts::123456789012:assumed-role/models/llm-gateway</Arn>
      <AssumedRoleId>ARO123EXAMPLE123:llm-gateway</AssumedRoleId>
    </AssumedRoleUser>
    <Credentials>
      <AccessKeyId>${id}</AccessKeyId>
      <SecretAccessKey>${secret}</SecretAccessKey>
      <SessionToken>${token}</SessionToken>
      <Expiration>${expiration}</Expiration>
    </Credentials>
    <PackedPolicySize>8</PackedPolicySize>
  </${action}Result>
  <ResponseMetadata>
    <RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId>
  </ResponseMetadata>
</${action}Response>`);
}

/** What STS answers when it refuses. */
export function refusedBySts(code: string, message: string, status: number): Behaviour {
  return xml(
    `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Error>
    <Type>Sender</Type>
    <Code>${code}</Code>
    <Message>${message}</Message>
  </Error>
  <RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId>
</ErrorResponse>`,
    status,
  );
}

function xml(text: string, status = 200): Behaviour {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'text/xml' }).end(text);
  };
}
