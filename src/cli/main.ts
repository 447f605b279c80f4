#!/usr/bin/env node
/** The command's process: everything else is in `run`. */
import { run } from './run.js';

const { stdout, stderr } = process;

/** A terminal that does not know its width says 0. */
const unknownWidth = 120;

// Whoever reads the output may stop early, as `head` does; any other failure to write it is a failure of the command.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  stderr.write(`cri-recovery: cannot write to standard output: ${error.message}\n`);
  process.exit(3);
});
stderr.on('error', () => undefined);

process.exitCode = await run(process.argv.slice(2), {
  out: (text) => stdout.write(text),
  err: (text) => stderr.write(text),
  columns: stdout.columns || unknownWidth,
  isWatched: stderr.isTTY,
});
