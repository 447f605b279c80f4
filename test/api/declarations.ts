/** The built declarations as a user's compiler reads them. `npm test` builds them first. */
import { join } from 'node:path';
import ts from 'typescript';
import { read, repository } from '../docs-code/blocks.js';

interface EntryPoint {
  /** As in `cri-recovery/core`. */
  readonly name: string;
  readonly file: string;
}

const packageFile = JSON.parse(read('package.json'));

/** The root comes last: what it shares with others is theirs. */
export const entryPoints: ReadonlyArray<EntryPoint> = Object.entries<{ readonly types?: string }>(packageFile.exports)
  .flatMap(([entry, { types }]) =>
    types === undefined ? [] : [{ name: entry.replace('.', packageFile.name), file: join(repository, types) }],
  )
  .sort((one, other) => Number(one.name === packageFile.name) - Number(other.name === packageFile.name));

/** A program of declarations alone. */
export const declarationProgram = (): ts.Program => {
  const { compilerOptions } = JSON.parse(read('tsconfig.json'));
  const { options } = ts.convertCompilerOptionsFromJson({ ...compilerOptions, rootDir: '.' }, repository);
  return ts.createProgram(
    entryPoints.map(({ file }) => file),
    { ...options, noEmit: true },
  );
};

/** Whether it is of this package, and not of one that this is built on. */
export const isOwn = (node: ts.Node): boolean => node.getSourceFile().fileName.startsWith(join(repository, 'dist'));

const printer = ts.createPrinter({ removeComments: true });

/** A declaration as it may stand alone. */
export const textOf = (node: ts.Declaration): string => {
  const text = printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile());
  return ts.isVariableDeclaration(node) ? `const ${text};` : text.replace(/^export (declare )?/, '');
};
