/** The built command where everybody may read it, for users who may not enter the checkout. */
import { chmod, cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const checkout = fileURLToPath(new URL('../../../', import.meta.url));

export interface PublicCopy {
  /** Its entry point. */
  readonly main: string;
  readonly remove: () => Promise<void>;
}

const dependenciesOf = async (path: string): Promise<ReadonlyArray<string>> => {
  const manifest: { readonly dependencies?: Readonly<Record<string, string>> } = JSON.parse(
    await readFile(join(path, 'package.json'), 'utf8'),
  );
  return Object.keys(manifest.dependencies ?? {});
};

/** What the package needs at run time, and what that needs. */
const runtimePackages = async (): Promise<ReadonlySet<string>> => {
  const needed = new Set(await dependenciesOf(checkout));
  for (const name of needed) {
    for (const below of await dependenciesOf(join(checkout, 'node_modules', name))) needed.add(below);
  }
  return needed;
};

export const publicCopy = async (): Promise<PublicCopy> => {
  const directory = await mkdtemp(join(tmpdir(), 'cri-recovery-copy-'));
  await chmod(directory, 0o755);
  const packages = [...(await runtimePackages())].map((name) => join('node_modules', name));
  for (const path of ['package.json', 'dist', ...packages]) {
    await cp(join(checkout, path), join(directory, path), { recursive: true });
  }
  return { main: join(directory, 'dist/cli/main.js'), remove: () => rm(directory, { recursive: true, force: true }) };
};
