/** A measured program in a Node process of its own: it gets one value as its argument and tells one value, or answers for long. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface ChildOptions {
  readonly signal: AbortSignal;
  readonly execArgv?: ReadonlyArray<string>;
}

/** What it tells; fails where it ends without, or with an error. `program` is a file of this benchmark without its ending. */
export const runChild = async <A>(program: string, input: unknown, options: ChildOptions): Promise<A> => {
  const { told, child } = await startChild<A>(program, input, options);
  if (child.exitCode === null) await once(child, 'exit');
  if (child.exitCode !== 0) throw new Error(`${program} ended with ${child.exitCode ?? child.signalCode}`);
  return told;
};

/** The same for a program that goes on after it has told its value, until it is ended. */
export const startChild = async <A>(
  program: string,
  input: unknown,
  { signal, execArgv = [] }: ChildOptions,
): Promise<{ readonly told: A; readonly child: ChildProcess; readonly end: () => Promise<void> }> => {
  const path = fileURLToPath(new URL(`../${program}.js`, import.meta.url));
  const child = fork(path, [JSON.stringify(input)], { execArgv: [...execArgv], signal, killSignal: 'SIGKILL' });
  const exited = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code, name) => reject(new Error(`${program} ended with ${code ?? name}`)));
  });
  exited.catch(() => undefined);
  const message = new Promise<A>((resolve) => child.once('message', (told: A) => resolve(told)));
  const end = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  };
  return { told: await Promise.race([message, exited]), child, end };
};

/** In the program: the value it was given. */
export const givenInput = <A>(): A => JSON.parse(process.argv[2] ?? 'null');

/** In the program: tells its value and lets go of whoever started it; on the terminal when it was started by hand. */
export const tellResult = (value: unknown): void => {
  if (process.send === undefined) console.log(JSON.stringify(value, undefined, 2));
  else process.send(value, undefined, undefined, () => process.disconnect());
};
