/** The package's entry points, as they are shipped. */
import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

export interface EntryPoint {
  /** As it is imported, after the package's name: `.`, `./core`. */
  readonly name: string;
  readonly path: string;
}

/** All that `exports` of a package names; `packageFile` is the path of its package.json. */
export const entryPoints = (packageFile: string): ReadonlyArray<EntryPoint> => {
  const { exports }: { exports: Record<string, string | { readonly default: string }> } = JSON.parse(
    readFileSync(packageFile, 'utf8'),
  );
  return Object.entries(exports).flatMap(([name, target]) =>
    typeof target === 'string'
      ? []
      : [{ name, path: fileURLToPath(new URL(target.default, pathToFileURL(packageFile))) }],
  );
};
