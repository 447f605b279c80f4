/**
 * All blocks of TypeScript in one program, as strict as the sources, in which the package's name stands for the sources. Each block is a module
 * at the place it is documented at.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { type Block, placeOf, read, repository } from './blocks.js';
import { importsFor } from './scope.js';

export interface Compiled {
  /** What the compiler has to say of it, by file and line; empty where all is well. */
  readonly mistakesIn: (block: Block) => string;
  /** Runs it to its end. Doc comments run on the real adapters, documents on fake ones. */
  readonly run: (block: Block) => Promise<void>;
  /** Removes what was written in order to run. */
  readonly remove: () => void;
}

const { name, type, exports } = JSON.parse(read('package.json'));
const isDocument = ({ file }: Block): boolean => file.endsWith('.md');
const fakeAdapters = fileURLToPath(new URL('./fake-adapters.ts', import.meta.url));

/** `cri-recovery/ports` and the source file of that entry point, for each. */
const entryPoints = Object.entries<{ readonly types?: string }>(exports).flatMap(([entry, { types }]) =>
  types === undefined ? [] : [[entry.replace('.', name), types.replace('./dist/', './src/').replace('.d.ts', '')]],
);

const unitOf = ({ file, line }: Block): string => `${file}.${line}`;

/** The imports stand on the first line, so that every other has the number it has where it is documented. */
const textOf = (block: Block): string =>
  [isDocument(block) ? '' : importsFor(block), '\n'.repeat(block.line - 1), block.code, 'export {};\n'].join('');

export const compile = (blocks: ReadonlyArray<Block>): Compiled => {
  const cache = join(repository, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const outDir = mkdtempSync(join(cache, 'cri-recovery-docs-'));
  const texts = new Map(blocks.map((block) => [join(repository, `${unitOf(block)}.ts`), textOf(block)]));
  const program = programOf(texts, outDir);
  program.emit(undefined, (path, text) => ts.sys.writeFile(path, onFakeAdapters(path, text)));
  writeFileSync(join(outDir, 'package.json'), JSON.stringify(asEmitted));
  return {
    mistakesIn: (block) => mistakesOf(program, block),
    run: async (block) => {
      process.setSourceMapsEnabled(true);
      await import(join(outDir, `${unitOf(block)}.js`));
    },
    remove: () => rmSync(outDir, { recursive: true }),
  };
};

/** The package, if what is emitted were it: so its name leads, by the rules of its own `exports`, to the emitted sources. */
const asEmitted = {
  name,
  type,
  exports: JSON.parse(JSON.stringify(exports).replaceAll('./dist/', './src/')),
  imports: { '#fake-adapters': './test/docs-code/fake-adapters.js' },
};

const programOf = (texts: ReadonlyMap<string, string>, outDir: string): ts.Program => {
  const { compilerOptions } = JSON.parse(read('tsconfig.json'));
  const { options } = ts.convertCompilerOptionsFromJson(
    { ...compilerOptions, declaration: false, emitDeclarationOnly: false },
    repository,
  );
  const paths = Object.fromEntries(entryPoints.map(([entry, file]) => [entry, [join(repository, `${file}.ts`)]]));
  const all: ts.CompilerOptions = { ...options, rootDir: repository, outDir, paths, inlineSourceMap: true };
  const host = ts.createCompilerHost(all);
  const { fileExists, readFile } = host;
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  host.readFile = (path) => texts.get(path) ?? readFile(path);
  return ts.createProgram([...texts.keys(), fakeAdapters], all, host);
};

const onFakeAdapters = (path: string, text: string): string =>
  /\.md\.\d+\.js$/.test(path) ? text.replaceAll(/'cri-recovery\/(containerd|disk|stdio)'/g, "'#fake-adapters'") : text;

const mistakesOf = (program: ts.Program, block: Block): string => {
  const file = program.getSourceFile(join(repository, `${unitOf(block)}.ts`));
  if (file === undefined) throw new Error(`${placeOf(block)} is not in the program`);
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
    .map(({ start = 0, messageText }) => {
      const line = file.getLineAndCharacterOfPosition(start).line + 1;
      return `${block.file}:${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    })
    .join('\n');
};
