#!/usr/bin/env node
/** The command's process: everything else is in `run`. */
import { run } from './run.js';

const { stdout, stderr } = process;

// Whoever reads the output may stop early, as `head` does.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await run(process.argv.slice(2), {
  out: (text) => stdout.write(text),
  err: (text) => stderr.write(text),
  columns: stdout.columns ?? 120,
  isWatched: stderr.isTTY,
});
