// What is shipped: an ES module for each entry point, what they share beside them, and of fp-ts and io-ts what is used. As the many small
// CommonJS modules that those are, they take most of the time of an import.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const shipped = [...Object.values(manifest.exports).map((entry) => entry.default), ...Object.values(manifest.bin)];
const names = shipped.filter(Boolean).map((path) => path.match(/dist\/(.*)\.js$/)[1]);
const folderOf = (dependency) => dirname(fileURLToPath(import.meta.resolve(`${dependency}/package.json`)));

export default {
  input: Object.fromEntries(names.map((name) => [name, `src/${name}.ts`])),
  platform: 'node',
  external: /^(debug|fs-extra|@bufbuild\/.*|@connectrpc\/.*|@opentelemetry\/.*)$/,
  resolve: {
    alias: {
      'fp-ts/lib': join(folderOf('fp-ts'), 'es6'),
      'fp-ts/es6': join(folderOf('fp-ts'), 'es6'),
      'io-ts': join(folderOf('io-ts'), 'es6', 'index.js'),
    },
  },
  output: { dir: 'dist', chunkFileNames: 'shared/[name].js' },
};
