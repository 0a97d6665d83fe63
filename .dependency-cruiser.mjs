/** The floors of the house, from the street (ARCHITECTURE.md): imports go down, never up, never across a floor. */
const FLOORS = [
  ['core'],
  ['config', 'contract'],
  ['dialects', 'journal', 'store'],
  ['identity', 'limits', 'router', 'providers', 'ledger'],
  ['exchange'],
  ['gateway', 'control', 'web', 'homeassistant'],
  ['server'],
];

const inRooms = (rooms) => `^src/(${rooms.join('|')})/`;

const floorRules = FLOORS.flatMap((rooms, floor) =>
  rooms.map((room) => ({
    name: `${room}-imports-downwards`,
    comment: `src/${room} may import from itself and the floors below`,
    severity: 'error',
    from: { path: `^src/${room}/` },
    to: { path: '^(src|panel|test|scripts|bench)/', pathNot: inRooms([room, ...FLOORS.slice(0, floor).flat()]) },
  })),
);

export default {
  forbidden: [
    ...floorRules,
    { name: 'ground-sees-only-core', severity: 'error', from: { path: '^src/(config|contract)/' }, to: { path: '^src/', pathNot: '^src/(core|config|contract)/' } },
    { name: 'main-sees-server', severity: 'error', from: { path: '^src/main\\.ts$' }, to: { path: '^src/', pathNot: '^src/(server|core|config)/' } },
    { name: 'panel-sees-only-the-contract', comment: 'what panel and server share is in src/contract', severity: 'error', from: { path: '^panel/' }, to: { path: '^(src|test|scripts|bench)/', pathNot: '^src/contract/' } },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unlisted-packages', severity: 'error', from: { path: '^src/' }, to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev', 'unknown', 'undetermined'] } },
    { name: 'codecs-are-pure', comment: 'no socket, file, clock or environment in a codec', severity: 'error', from: { path: '^src/dialects/' }, to: { path: '^(node:)?(fs|net|http|https|child_process|worker_threads|timers|os|process)$' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'], conditionNames: ['import', 'node', 'default', 'types'], exportsFields: ['exports'] },
    moduleSystems: ['es6', 'cjs'],
  },
};
