import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { skipReasons } from './test/skip-reasons.js';

const dist = fileURLToPath(new URL('dist', import.meta.url));

export default defineConfig({
  // The package's own name, by which the examples import it: what was built.
  resolve: {
    alias: [
      { find: /^cri-recovery$/, replacement: `${dist}/index.js` },
      { find: /^cri-recovery\/(\w+)$/, replacement: `${dist}/$1/index.js` },
    ],
  },
  test: {
    reporters: ['default', skipReasons],
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/containerd/**'] } },
      {
        test: {
          name: 'containerd',
          include: ['test/containerd/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
