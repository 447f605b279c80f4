/** Runs a program to its end. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** The program's standard output; rejects with its standard error when it fails. */
export const command = async (
  program: string,
  args: ReadonlyArray<string>,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> => (await execute(program, args, { env, maxBuffer: 64 << 20 })).stdout;
