import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8'));

/** Source files by their path below src, with forward slashes. */
type Sources = ReadonlyMap<string, string>;

const src = join(import.meta.dirname, '..', 'src');
const sources: Sources = new Map(
  readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.includes('proto/gen/'))
    .map((path) => [path, readFileSync(join(src, path), 'utf8')]),
);

/** The part of the design a file belongs to: its folder, or `observe`, `recover` and the root for what stands at the top. */
const partOf = (path: string): string => {
  if (path === 'index.ts' || path === 'promise.ts') return path.replace('.ts', '');
  if (path === 'recover.ts' || path === 'guard.ts') return 'recover';
  if (path === 'observe.ts' || path.startsWith('reading/')) return 'observe';
  if (['act.ts', 'perform.ts', 'attend.ts', 'work-off.ts'].includes(path)) return 'act';
  if (path === 'watch.ts') return 'watch';
  return path.split('/')[0] ?? path;
};

/** The arrows of the design: what each part may import from the rest of src. */
const arrows: Readonly<Record<string, ReadonlyArray<string>>> = {
  core: [],
  codec: ['core'],
  ports: ['core'],
  bounds: ['ports', 'core'],
  telling: ['ports', 'core'],
  observe: ['telling', 'bounds', 'ports', 'core'],
  act: ['telling', 'bounds', 'ports', 'core'],
  recover: ['observe', 'act', 'telling', 'bounds', 'ports', 'core'],
  monitor: ['observe', 'act', 'telling', 'bounds', 'ports', 'core'],
  watch: ['monitor', 'recover', 'act', 'telling', 'bounds', 'ports', 'core'],
  promise: ['watch', 'recover', 'observe', 'ports', 'core'],
  index: ['promise', 'watch', 'monitor', 'recover', 'observe', 'bounds', 'ports', 'core', 'codec'],
  containerd: ['ports', 'codec', 'core'],
  disk: ['ports', 'codec', 'core'],
  stdio: ['ports', 'codec', 'core'],
  testing: ['ports', 'codec', 'core'],
  opentelemetry: ['ports', 'core'],
  cli: ['index', 'ports', 'containerd', 'disk', 'stdio'],
};

/** What the pure parts may import from outside. */
const pureModules: Readonly<Record<string, RegExp>> = {
  core: /^fp-ts\/lib\/(Either|Option|Ord|ReadonlyArray|ReadonlyNonEmptyArray|boolean|function|number|string)\.js$/,
  codec: /^(fp-ts\/lib\/(Either|Option|ReadonlyArray|function)\.js|io-ts)$/,
};

const importsOf = (text: string): ReadonlyArray<string> =>
  ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);

const targetOf = (path: string, specifier: string): string =>
  normalize(join(dirname(path), specifier)).replace(/\.js$/, '.ts');

/** Every import that no arrow allows, as `from -> to`. */
const brokenArrows = (files: Sources): ReadonlyArray<string> =>
  [...files].flatMap(([path, text]) => {
    const part = partOf(path);
    return importsOf(text).flatMap((specifier) => {
      const arrow = `${path} -> ${specifier}`;
      if (!specifier.startsWith('.')) {
        const allowed = pureModules[part];
        return allowed === undefined || allowed.test(specifier) ? [] : [arrow];
      }
      const target = targetOf(path, specifier);
      const isWithin = partOf(target) === part;
      const isAllowed = isWithin || (arrows[part] ?? []).includes(partOf(target));
      const isPublic = part !== 'cli' || isWithin || target.endsWith('index.ts');
      return isAllowed && isPublic ? [] : [arrow];
    });
  });

const compilerOptions = {
  module: ts.ModuleKind.ESNext,
  target: ts.ScriptTarget.ESNext,
  verbatimModuleSyntax: true,
};
const known = new Map<string, ReadonlyArray<string>>();

/** What a text imports once its types are gone; kept, since many entry points load the same. */
const loadedDirectly = (text: string): ReadonlyArray<string> => {
  const loaded = known.get(text) ?? importsOf(ts.transpileModule(text, { compilerOptions }).outputText);
  known.set(text, loaded);
  return loaded;
};

/** Everything that a file loads when it is imported, from inside and outside; types are not loaded. */
const loadedBy = (files: Sources, entry: string): ReadonlySet<string> => {
  const loaded = new Set<string>();
  const visit = (path: string): void => {
    if (loaded.has(path)) return;
    loaded.add(path);
    for (const specifier of loadedDirectly(files.get(path) ?? '')) {
      if (specifier.startsWith('.')) visit(targetOf(path, specifier));
      else loaded.add(specifier);
    }
  };
  visit(entry);
  return loaded;
};

const withoutComments = (text: string): string =>
  ts.transpileModule(text, { compilerOptions: { module: ts.ModuleKind.ESNext, removeComments: true } }).outputText;

/** Ways to a clock, to chance and to the outside that need no import. */
const impureGlobals =
  /\b(Date|Math\.random|performance|process|setTimeout|setInterval|setImmediate|fetch|console|globalThis)\b\s*[.(]/;

describe('the arrows of the design', () => {
  it('are kept by every import', () => {
    expect(sources.size).toBeGreaterThan(60);
    expect(brokenArrows(sources)).toStrictEqual([]);
  });

  it('know every part', () => {
    expect([...new Set([...sources.keys()].map(partOf))].sort()).toStrictEqual(Object.keys(arrows).sort());
  });

  it.each([
    ['core/decide.ts', '../ports/index.js'],
    ['core/decide.ts', 'node:fs'],
    ['core/decide.ts', 'fp-ts/lib/TaskEither.js'],
    ['core/decide.ts', 'fp-ts/lib/Date.js'],
    ['codec/json.ts', '../ports/index.js'],
    ['codec/json.ts', 'node:buffer'],
    ['ports/clock.ts', '../codec/json.js'],
    ['reading/items.ts', '../containerd/index.js'],
    ['observe.ts', './recover.js'],
    ['disk/host.ts', '../containerd/index.js'],
    ['containerd/tasks.ts', '../disk/index.js'],
    ['cli/run.ts', '../core/decide.js'],
    ['cli/run.ts', '../disk/open-disk.js'],
    ['stdio/pump.ts', '../disk/index.js'],
    ['monitor/look.ts', '../recover.js'],
    ['index.ts', './containerd/index.js'],
    ['testing/fake-node.ts', '../disk/index.js'],
    ['opentelemetry/spans.ts', '../recover.js'],
    ['recover.ts', './opentelemetry/index.js'],
  ])('are broken by %s importing %s', (path, specifier) => {
    expect(brokenArrows(new Map([[path, `import '${specifier}';`]]))).toStrictEqual([`${path} -> ${specifier}`]);
    expect(brokenArrows(new Map([[path, `import type { A } from '${specifier}';`]]))).toHaveLength(1);
  });
});

describe('the core and the codecs', () => {
  it('reach for no clock, no chance and no outside', () => {
    const pure = [...sources].filter(([path]) => partOf(path) === 'core' || partOf(path) === 'codec');
    const isImpure = ([, text]: readonly [string, string]): boolean => impureGlobals.test(withoutComments(text));
    expect(pure.filter(isImpure).map(([path]) => path)).toStrictEqual([]);
    expect(impureGlobals.test('const now = Date.now();')).toBe(true);
  });
});

describe('the root entry point', () => {
  const outside = /^(@connectrpc|@bufbuild|fs-extra|node:fs|node:net|node:http2?)/;

  it('loads neither gRPC nor the file system', () => {
    const loaded = [...loadedBy(sources, 'index.ts')];
    expect(loaded).toContain('core/decide.ts');
    expect(loaded.filter((module) => outside.test(module))).toStrictEqual([]);
  });

  it.each(['testing/index.ts', 'core/index.ts', 'ports/index.ts'])('neither does %s', (entry) => {
    expect([...loadedBy(sources, entry)].filter((module) => outside.test(module))).toStrictEqual([]);
  });

  it('would be caught if it did', () => {
    const files: Sources = new Map([
      ['index.ts', "export { a } from './a.js';"],
      ['a.ts', "import fse from 'fs-extra'; export const a = fse;"],
    ]);
    expect([...loadedBy(files, 'index.ts')]).toContain('fs-extra');
  });
});

describe('OpenTelemetry', () => {
  const isOpenTelemetry = (module: string): boolean => module.startsWith('@opentelemetry/');
  const entries = [...Object.values<{ types?: string }>(manifest.exports).flatMap(({ types }) => types ?? [])].map(
    (types) => types.replace('./dist/', '').replace('.d.ts', '.ts'),
  );

  it('is loaded by its own entry point alone, and of it nothing but the API', () => {
    const loading = ['cli/main.ts', ...entries].filter((entry) => [...loadedBy(sources, entry)].some(isOpenTelemetry));
    expect(loading).toStrictEqual(['opentelemetry/index.ts']);
    expect([...loadedBy(sources, 'opentelemetry/index.ts')].filter(isOpenTelemetry)).toStrictEqual([
      '@opentelemetry/api',
    ]);
  });

  it('is not even named anywhere else, in types or on demand', () => {
    const naming = [...sources].filter(([, text]) => importsOf(text).some(isOpenTelemetry)).map(([path]) => path);
    expect([...new Set(naming.map(partOf))]).toStrictEqual(['opentelemetry']);
  });
});

describe('files', () => {
  it('are small: none over 250 lines', () => {
    const long = [...sources].filter(([, text]) => text.split('\n').length > 251).map(([path]) => relative('.', path));
    expect(long).toStrictEqual([]);
  });

  it('open with a comment that says what they are for', () => {
    const bare = [...sources].filter(([, text]) => !/^(#!.*\n)?\/\*\*/.test(text)).map(([path]) => path);
    expect(bare).toStrictEqual([]);
  });
});
