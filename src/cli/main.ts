#!/usr/bin/env node
/** The command's process: everything else is in `run`. */
import { once } from 'node:events';
import { coloured, plain, showsColours } from './colour.js';
import { run } from './run.js';

const { stdout, stderr } = process;

/** A terminal that does not know its width says 0. */
const unknownWidth = 120;

const unread = new AbortController();
let hasFailed = false;

/** What could not be written counts more than what it was about. */
const exitCode = (code: number): number => (hasFailed ? 3 : code);

// Whoever reads the output may stop early, as `head` does; any other failure to write it is a failure of the command.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (unread.signal.aborted) return;
  if (error.code !== 'EPIPE') {
    stderr.write(`cri-recovery: cannot write to standard output: ${error.message}\n`);
    hasFailed = true;
    process.exitCode = 3;
  }
  unread.abort();
});
stderr.on('error', () => undefined);

const terminal = {
  out: (text: string) => {
    if (!unread.signal.aborted) stdout.write(text);
  },
  err: (text: string) => {
    stderr.write(text);
  },
  columns: stdout.columns || unknownWidth,
  isTerminal: stdout.isTTY,
  paint: showsColours(stdout.isTTY, process.env) ? coloured : plain,
  isWatched: stderr.isTTY,
};

process.exitCode = exitCode(
  await run(process.argv.slice(2), terminal, {
    onSignal: (name, heard) => {
      process.on(name, heard);
      return () => process.off(name, heard);
    },
    unread: unread.signal,
    drained: async (until) => {
      if (!stdout.writableNeedDrain || until.aborted) return;
      // Rejects when the signal fires or the reader has gone: either way there is nothing more to wait for.
      await once(stdout, 'drain', { signal: until }).catch(() => undefined);
    },
    exit: (code, afterMs) => {
      const end = (): never => process.exit(exitCode(code));
      if (afterMs === 0) end();
      setTimeout(end, afterMs).unref();
    },
  }),
);
