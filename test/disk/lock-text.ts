/** Lock files as processes write them, without the code under test. */
import { spawn } from 'node:child_process';
import fse from 'fs-extra';
import { onTestFinished } from 'vitest';

/** What the lock of a process says. */
export const lockTextOf = async (pid: number): Promise<string> => {
  const stat = await fse.readFile(`/proc/${pid}/stat`, 'latin1');
  const startTicks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  const bootId = (await fse.readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  return JSON.stringify({ pid, startTicks, bootId, command: 'sleep 60' }, null, 2);
};

/** The pid of a process that does nothing until the test ends. */
export const sleeper = (): number => {
  const child = spawn('sleep', ['60']);
  onTestFinished(() => void child.kill('SIGKILL'));
  if (child.pid === undefined) throw new Error('no child');
  return child.pid;
};
