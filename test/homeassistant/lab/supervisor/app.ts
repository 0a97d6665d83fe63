import { randomBytes } from 'node:crypto';

/** What the packaging of an app tells Supervisor, as far as tests need it; names as in its `config.yaml`. */
export interface AppDescription {
  /** Full slug, such as `local_llm_gateway`. */
  readonly slug: string;
  readonly name: string;
  readonly version: string;
  /** Where the app listens for ingress; it may start to listen later. */
  readonly ingress_port: number;
  /** True: bodies of POST requests are passed on as they come. */
  readonly ingress_stream?: boolean;
  readonly panel_icon?: string;
  readonly panel_title?: string;
  readonly panel_admin?: boolean;
  /** Names it may announce by discovery. */
  readonly discovery?: readonly string[];
  /** Container port such as `4000/tcp` to the host's port; null: not mapped. */
  readonly network?: Readonly<Record<string, number | null>>;
  readonly options?: Readonly<Record<string, unknown>>;
  /** What is called when Supervisor is asked to start, stop or restart the app. */
  readonly life?: AppLife;
}

export interface AppLife {
  start?(): void | Promise<void>;
  stop?(): void | Promise<void>;
}

export type AppState = 'started' | 'stopped' | 'error' | 'unknown';

/** Settings that an administrator changes, and an app itself by `/addons/self/options`. */
export interface AppSettings {
  ingress_panel: boolean;
  watchdog: boolean;
  auto_update: boolean;
  boot: 'auto' | 'manual';
  network: Readonly<Record<string, number | null>>;
  options: Readonly<Record<string, unknown>>;
}

/** One installed app, as Supervisor knows it. */
export class InstalledApp {
  readonly description: AppDescription;
  /** What the app finds in SUPERVISOR_TOKEN. */
  readonly token = randomBytes(56).toString('hex');
  /** Part of the address of its panel; the same for the whole life of the installation. */
  readonly ingressToken = randomBytes(32).toString('base64url');
  readonly settings: AppSettings;
  state: AppState = 'started';

  constructor(description: AppDescription) {
    this.description = description;
    this.settings = {
      ingress_panel: true,
      watchdog: false,
      auto_update: false,
      boot: 'auto',
      network: description.network ?? {},
      options: description.options ?? {},
    };
  }

  get slug(): string {
    return this.description.slug;
  }

  get hostname(): string {
    return this.slug.replaceAll('_', '-');
  }

  /** What stands before the paths of its panel in a browser. */
  get ingressEntry(): string {
    return `/api/hassio_ingress/${this.ingressToken}`;
  }

  /** Its entry in the sidebar. */
  panel(): { title: string; icon: string; admin: boolean; enable: boolean } {
    const { name, panel_title: title = name, panel_icon: icon = 'mdi:puzzle', panel_admin: admin = true } = this.description;
    return { title, icon, admin, enable: this.settings.ingress_panel };
  }

  /** Its row in `GET /addons`. */
  row(): Record<string, unknown> {
    const { slug, name, version } = this.description;
    return {
      advanced: false,
      available: true,
      build: false,
      description: `${name}, an app of the lab`,
      detached: false,
      homeassistant: null,
      icon: false,
      logo: false,
      name,
      repository: slug.split('_')[0],
      slug,
      stage: 'stable',
      state: this.state,
      system_managed: false,
      update_available: false,
      url: null,
      version,
      version_latest: version,
    };
  }

  /** `GET /addons/<slug>/info`: each of the 73 members is mandatory for Core. */
  info(): Record<string, unknown> {
    const { discovery = [], ingress_port } = this.description;
    return {
      ...this.row(),
      ...RIGHTS,
      ...HARDWARE,
      arch: ['amd64', 'aarch64'],
      boot_config: 'auto',
      changelog: false,
      discovery,
      dns: [`${this.hostname}.local.hass.io`],
      documentation: false,
      hostname: this.hostname,
      ingress_entry: this.ingressEntry,
      ingress_port,
      ingress_url: `${this.ingressEntry}/`,
      ip_address: '127.0.0.1',
      long_description: null,
      machine: [],
      network_description: Object.fromEntries(Object.keys(this.settings.network).map((port) => [port, port])),
      rating: 8,
      schema: [],
      services: [],
      startup: 'application',
      stdin: false,
      system_managed_config_entry: null,
      translations: {},
      webui: null,
      ...this.settings,
    };
  }
}

const RIGHTS = {
  apparmor: 'profile',
  auth_api: false,
  docker_api: false,
  full_access: false,
  hassio_api: false,
  hassio_role: 'default',
  homeassistant_api: true,
  host_dbus: false,
  host_ipc: false,
  host_network: false,
  host_pid: false,
  host_uts: false,
  ingress: true,
  privileged: [],
  protected: true,
  signed: false,
} as const;

const HARDWARE = {
  audio: false,
  audio_input: null,
  audio_output: null,
  devices: [],
  devicetree: false,
  gpio: false,
  kernel_modules: false,
  uart: false,
  udev: false,
  usb: false,
  video: false,
} as const;
