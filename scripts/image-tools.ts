import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { arch } from 'node:process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { madeOnce } from './made-once.ts';

const run = promisify(execFile);

const ROOT = join(import.meta.dirname, '..');
const NODE = join(ROOT, `node_modules/node-linux-${arch}/bin/node`);
const PACKAGES = ['buildah', 'debootstrap'];
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';
const MIRROR = 'http://deb.debian.org/debian';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Installs what builds an image without a container engine. @returns why that is not possible here; null: it is */
export function ensureImageTools(): string | null {
  if (process.getuid?.() !== 0) return 'building the image needs root';
  if (!existsSync(NODE)) return `there is no Node for an image at ${NODE}`;
  const missing = PACKAGES.filter((name) => !existsSync(`/usr/bin/${name}`) && !existsSync(`/usr/sbin/${name}`));
  if (missing.length === 0) return null;
  if (!existsSync('/usr/bin/apt-get')) return `${missing.join(' and ')} missing, and there is no apt-get to install them`;
  say(`Installing what builds an image: apt-get install -y --no-install-recommends ${missing.join(' ')} (once)`);
  const options = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
  try {
    execFileSync('apt-get', ['update', '-q'], options);
    execFileSync('apt-get', ['install', '-y', '--no-install-recommends', ...missing], options);
    return null;
  } catch {
    return `${missing.join(' and ')} could not be installed`;
  }
}

/**
 * The root of a system that stands in for `node:26-trixie-slim`: Debian's base, slimmed as that image is, with Node and npm. Made once.
 *
 * @returns its folder, in `.cache/image`
 */
export async function baseRoot(): Promise<string> {
  const { version } = JSON.parse(execFileSync(NODE, ['-p', 'JSON.stringify({version: process.version})'], { encoding: 'utf8' })) as {
    version: string;
  };
  const key = createHash('sha256').update(`trixie ${version} ${arch} 2`).digest('hex').slice(0, 12);
  return madeOnce(join(ROOT, '.cache/image', `base-${key}`), async (workshop) => {
    say('Making the base of the image: debootstrap trixie (once, some 30 s)');
    await run('debootstrap', ['--variant=minbase', '--include=ca-certificates,libatomic1', 'trixie', workshop, MIRROR], {
      maxBuffer: 64 * 1024 * 1024,
    });
    for (const path of ['usr/share/doc', 'usr/share/man', 'usr/share/locale', 'var/lib/apt/lists', 'var/cache/apt', 'var/log'])
      await rm(join(workshop, path), { recursive: true, force: true });
    for (const path of ['var/lib/apt/lists/partial', 'var/cache/apt/archives/partial', 'var/log'])
      await mkdir(join(workshop, path), { recursive: true });
    const local = join(workshop, 'usr/local');
    await cp(NODE, join(local, 'bin/node'));
    await cp(npmFolder(), join(local, 'lib/node_modules/npm'), { recursive: true });
    await symlink('../lib/node_modules/npm/bin/npm-cli.js', join(local, 'bin/npm'));
  });
}

function npmFolder(): string {
  const cli = execFileSync('sh', ['-c', 'readlink -f "$(command -v npm)"'], { encoding: 'utf8' }).trim();
  return dirname(dirname(cli));
}

/** A store of images of its own, thrown away afterwards. */
export class ImageStore {
  readonly #folder: string;
  readonly #options: readonly string[];

  /** @param folder where layers are copied to; some gigabytes */
  constructor(folder: string) {
    this.#folder = folder;
    this.#options = ['--root', join(folder, 'layers'), '--runroot', join(folder, 'run'), '--storage-driver', 'vfs'];
  }

  /** Runs buildah. @returns the last line that it wrote */
  async #call(command: string, ...args: readonly string[]): Promise<string> {
    const { stdout } = await run('buildah', [command, ...this.#options, ...args], { maxBuffer: 256 * 1024 * 1024 });
    return stdout.trim().split('\n').at(-1) ?? '';
  }

  /** Makes an image of a root. */
  async importRoot(root: string, name: string): Promise<void> {
    const container = await this.#call('from', 'scratch');
    await this.#call('add', container, root, '/');
    await this.#call('commit', '--rm', container, name);
  }

  /** Builds a Dockerfile of a context, with the network, the certificates and npm's settings of this machine. */
  async build(context: string, dockerfile: string, base: string, name: string): Promise<void> {
    const settings = join(this.#folder, 'npmrc');
    const own = await readFile(join(process.env['HOME'] ?? '/root', '.npmrc'), 'utf8').catch(() => '');
    await writeFile(settings, `${own}\ncafile=/run/certificates.crt\n`);
    await this.#call(
      'bud',
      '--isolation=chroot',
      '--pull-never',
      '--format=docker',
      `--volume=${CERTIFICATES}:/run/certificates.crt:ro`,
      `--volume=${settings}:/root/.npmrc:ro`,
      `--build-arg=BUILD_FROM=${base}`,
      `--file=${dockerfile}`,
      `--tag=${name}`,
      context,
    );
  }

  /** What the image says of itself. */
  async inspect(name: string): Promise<Record<string, unknown>> {
    const { stdout } = await run('buildah', ['inspect', ...this.#options, '--type=image', name], { maxBuffer: 64 * 1024 * 1024 });
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  /** Unpacks the image. @returns its root, to be written to */
  async unpack(name: string): Promise<string> {
    const container = await this.#call('from', '--pull-never', name);
    return this.#call('mount', container);
  }

  /** Removes everything. */
  async remove(): Promise<void> {
    await this.#call('rm', '--all').catch(() => undefined);
    await this.#call('rmi', '--all', '--force').catch(() => undefined);
  }
}
