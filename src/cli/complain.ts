/** What went wrong, as one line on standard error. */
import { printable } from './printable.js';
import type { ExitCode, Terminal } from './terminal.js';

export const complain = (terminal: Pick<Terminal, 'err'>, code: ExitCode, line: string): ExitCode => {
  terminal.err(`cri-recovery: ${printable(line)}\n`);
  return code;
};
