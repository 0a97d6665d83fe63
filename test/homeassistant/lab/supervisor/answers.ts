/**
 * What a healthy Supervisor answers about itself and its machine. Core's client takes an answer only when every member of its
 * models is there (package aiohasupervisor, read in the environment of Core); nulls stand only where those allow them.
 */

const VERSION = '2026.08.0';

export const rootInfo = (core: string): Record<string, unknown> => ({
  arch: 'amd64',
  channel: 'stable',
  docker: '29.1.0',
  features: [
    'reboot',
    'shutdown',
    'services',
    'network',
    'hostname',
    'timedate',
    'os_agent',
    'haos',
    'resolved',
    'journal',
    'disk',
    'mount',
  ],
  hassos: '18.1', // null would make a repair about a deprecated installation
  homeassistant: core,
  hostname: 'homeassistant',
  logging: 'info',
  machine: 'generic-x86-64',
  machine_id: '0123456789abcdef0123456789abcdef',
  operating_system: 'Home Assistant OS 18.1',
  state: 'running',
  supervisor: VERSION,
  supported: true,
  supported_arch: ['amd64'],
  timezone: 'Europe/Berlin',
});

export const coreInfo = (core: string, port: number): Record<string, unknown> => ({
  arch: 'amd64',
  audio_input: null,
  audio_output: null,
  backups_exclude_database: false,
  boot: true,
  duplicate_log_file: false,
  image: 'ghcr.io/home-assistant/generic-x86-64-homeassistant',
  ip_address: '172.30.32.1',
  machine: 'generic-x86-64',
  port,
  ssl: false,
  update_available: false,
  version: core,
  version_latest: core,
  watchdog: true,
});

export const SUPERVISOR_INFO: Readonly<Record<string, unknown>> = {
  arch: 'amd64',
  auto_update: false,
  channel: 'stable',
  country: 'DE',
  debug: false,
  debug_block: false,
  detect_blocking_io: false,
  diagnostics: false,
  feature_flags: {},
  healthy: true,
  ip_address: '172.30.32.2',
  logging: 'info',
  supported: true,
  timezone: 'Europe/Berlin',
  update_available: false,
  version: VERSION,
  version_latest: VERSION,
};

export const OS_INFO: Readonly<Record<string, unknown>> = {
  board: 'generic-x86-64',
  boot: 'A',
  boot_slots: {},
  data_disk: null,
  update_available: false,
  version: '18.1',
  version_latest: '18.1',
  version_pending: null,
};

export const HOST_INFO: Readonly<Record<string, unknown>> = {
  agent_version: '1.8.0',
  apparmor_version: '4.1.0',
  boot_timestamp: null,
  broadcast_llmnr: null,
  broadcast_mdns: null,
  chassis: 'vm',
  cpe: null,
  deployment: 'production',
  disk_free: 20.5,
  disk_life_time: null,
  disk_total: 30.8,
  disk_used: 9.1,
  dt_synchronized: true,
  dt_utc: null,
  features: ['reboot', 'shutdown', 'services', 'network', 'hostname', 'timedate'],
  hostname: 'homeassistant',
  kernel: '6.18.2-haos',
  llmnr_hostname: null,
  operating_system: 'Home Assistant OS 18.1',
  startup_time: null,
  timezone: 'Europe/Berlin',
  use_ntp: true,
  virtualization: 'kvm',
};

export const STORE: Readonly<Record<string, unknown>> = { addons: [], repositories: [] };

export const NETWORK_INFO: Readonly<Record<string, unknown>> = {
  docker: { interface: 'hassio', address: '172.30.32.0/23', gateway: '172.30.32.1', dns: '172.30.32.3' },
  host_internet: null,
  interfaces: [],
  supervisor_internet: true,
};

export const MOUNTS: Readonly<Record<string, unknown>> = { default_backup_mount: null, mounts: [] };

export const JOBS: Readonly<Record<string, unknown>> = { ignore_conditions: [], jobs: [] };

export const RESOLUTION: Readonly<Record<string, unknown>> = { checks: [], issues: [], suggestions: [], unhealthy: [], unsupported: [] };

/** What a container uses; the same for Core, Supervisor and every app. */
export const STATS: Readonly<Record<string, unknown>> = {
  blk_read: 0,
  blk_write: 0,
  cpu_percent: 1.5,
  memory_limit: 8_000_000_000,
  memory_percent: 1.2,
  memory_usage: 96_000_000,
  network_rx: 0,
  network_tx: 0,
};
