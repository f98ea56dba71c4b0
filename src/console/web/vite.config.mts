import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'dist', 'console', 'web');

/** Puts a compressed copy beside each file, so that the service never has to compress anything. */
function compressedCopies(): Plugin {
  return {
    name: 'compressed-copies',
    apply: 'build',
    closeBundle() {
      const assets = join(FOLDER, 'assets');
      for (const name of readdirSync(assets)) {
        const path = join(assets, name);
        const bytes = readFileSync(path);
        writeFileSync(`${path}.br`, brotliCompressSync(bytes));
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

/** Builds the console; with `npm run console:dev` serves it from its sources, before a service on port 3000. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  build: {
    outDir: FOLDER,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // Libraries mark what is not for servers; here everything is for browsers.
      onwarn: (warning, warn) => (warning.code === 'MODULE_LEVEL_DIRECTIVE' ? undefined : warn(warning)),
    },
  },
  server: { proxy: { '^/(?!console/|@|node_modules/)': 'http://127.0.0.1:3000' } },
  plugins: [compressedCopies()],
});
