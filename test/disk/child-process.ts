/** Processes of their own that use an adapter and can be killed: its sources, stripped of types, beside a script. */
import { type ChildProcess, fork } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fse from 'fs-extra';
import ts from 'typescript';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './temporary-node.js';

const repository = join(import.meta.dirname, '..', '..');
const inner = ['core', 'codec', 'ports'];

/** Writes the script where `./disk/index.js` and its like can be imported, and gives its path. */
export const scriptWithDisk = (script: string): Promise<string> => scriptWith('disk', script);

/** The same for an adapter of choice, and in a folder that may be the caller's to remove. */
export const scriptWith = async (adapter: 'disk' | 'containerd', script: string, given?: string): Promise<string> => {
  const parts = [...inner, adapter];
  const folder = given ?? (await temporaryFolder());
  const sources = readdirSync(join(repository, 'src'), { recursive: true, encoding: 'utf8' });
  for (const path of sources.filter((source) => source.endsWith('.ts') && parts.includes(source.split('/')[0] ?? ''))) {
    const text = readFileSync(join(repository, 'src', path), 'utf8');
    const compilerOptions = {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2023,
      verbatimModuleSyntax: true,
    };
    const target = join(folder, path.replace(/\.ts$/, '.js'));
    await fse.outputFile(target, ts.transpileModule(text, { compilerOptions }).outputText);
  }
  await fse.writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await fse.symlink(join(repository, 'node_modules'), join(folder, 'node_modules'));
  await fse.writeFile(join(folder, 'script.js'), script);
  return join(folder, 'script.js');
};

/** Runs a script; it is killed when the test ends, if not before. */
export const start = (script: string, ...args: ReadonlyArray<string>): ChildProcess => {
  const child = fork(script, [...args], { cwd: dirname(script), execArgv: [] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
};

/** Kills a process, and waits until it is gone. */
export const kill = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });

/** The next message of a process; rejects when it ends without one. */
export const messageOf = <A>(child: ChildProcess): Promise<A> =>
  new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`the process ended with ${code}`));
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.off('exit', onExit);
      resolve(message as A);
    });
  });

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
