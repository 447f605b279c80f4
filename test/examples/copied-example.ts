/**
 * An example as somebody has it who copied its folder: elsewhere, built by its own settings, with the packages that its own package.json names,
 * which are linked to those of this repository in place of being installed.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';

export const repository = join(import.meta.dirname, '..', '..');

export interface CopiedExample {
  readonly folder: string;
  /** The commands in its package.json, by name. */
  readonly scripts: Readonly<Record<string, string>>;
  readonly remove: () => void;
}

/** Throws, with what the compiler says, where it does not build. */
export const copyExample = (name: string): CopiedExample => {
  const from = join(repository, 'examples', name);
  const folder = mkdtempSync(join(tmpdir(), `cri-recovery-${name}-`));
  for (const file of ['package.json', 'tsconfig.json', 'src'])
    cpSync(join(from, file), join(folder, file), { recursive: true });
  const { scripts, dependencies, devDependencies } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
  for (const [dependency, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    const path = dependency === 'cri-recovery' ? repository : join(repository, 'node_modules', dependency);
    // The example names the version that it is tested with.
    if (path !== repository) expect([dependency, version]).toEqual([dependency, versionOf(path)]);
    const link = join(folder, 'node_modules', dependency);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(path, link);
  }
  execFileSync(process.execPath, [join(folder, 'node_modules', 'typescript', 'bin', 'tsc')], { cwd: folder });
  expect(existsSync(join(folder, 'build'))).toBe(true);
  return { folder, scripts, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

const versionOf = (path: string): unknown => JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')).version;
