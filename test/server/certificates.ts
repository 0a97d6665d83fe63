import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** A certificate for `localhost` that nobody signed, and its key, as `NAME.crt` and `NAME.key`; made by openssl. */
export function makeCertificate(folder: string, name: string): { readonly certificate: string; readonly key: string } {
  const files = { certificate: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...curve, ...subject, '-keyout', files.key, '-out', files.certificate], { stdio: 'ignore' });
  return files;
}
