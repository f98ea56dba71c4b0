/** Oldest Node that runs the service: better-sqlite3 13 crashes Node 20. */
const OLDEST_NODE = [22, 12] as const;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
  console.error(
    `Signalbox needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.version}. ` +
      'Start it with "npm start", which brings its own.',
  );
  process.exit(1);
}

// Loaded only now, because a Node that is too old dies of what it imports.
void import('./serve.js').then(({ serve }) => serve());
