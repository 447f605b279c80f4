/** The command: arguments in, text and an exit code out. */
import { performance } from 'node:perf_hooks';
import * as E from 'fp-ts/lib/Either.js';
import { encodeRecording } from '../index.js';
import { applyPlan } from './apply-command.js';
import { type Command, readArguments } from './arguments.js';
import { complain } from './complain.js';
import { overview, pages } from './help.js';
import type { OwnProcess } from './own-process.js';
import { observeLive, showPlan } from './plan-command.js';
import { printableJson } from './printable.js';
import { readRecording, writeRecording } from './recording-file.js';
import type { ExitCode, Terminal } from './terminal.js';
import { readVersion } from './version.js';
import { watchNode } from './watch-command.js';

/** Runs the command with the arguments after its name. Throws for nothing that a user or a node can cause. */
export const run = async (args: ReadonlyArray<string>, terminal: Terminal, own: OwnProcess): Promise<ExitCode> => {
  const command = readArguments(args);
  if (E.isLeft(command)) return complain(terminal, 2, `${command.left}; see ${helpFor(args)}`);
  const done = await obey(command.right, terminal, own);
  return E.isLeft(done) ? complain(terminal, 3, done.left) : done.right;
};

const helpFor = ([verb = '']: ReadonlyArray<string>): string =>
  Object.hasOwn(pages, verb) ? `cri-recovery ${verb} --help` : 'cri-recovery --help';

/** On the left the line that says why it was not possible. */
const obey = async (command: Command, terminal: Terminal, own: OwnProcess): Promise<E.Either<string, ExitCode>> => {
  const start = performance.now();
  const elapsedMs = (): number => Math.round((performance.now() - start) * 10) / 10;
  switch (command._tag) {
    case 'Help':
      terminal.out(command.verb === undefined ? overview : pages[command.verb]);
      return E.right(0);
    case 'Version':
      terminal.out(`${await readVersion()}\n`);
      return E.right(0);
    case 'PlanRecorded': {
      const observation = await readRecording(command.file);
      if (E.isLeft(observation)) return observation;
      return showPlan(command, observation.right, command.file, elapsedMs, terminal);
    }
    case 'PlanLive': {
      const observation = await observeLive(command.node, terminal);
      if (E.isLeft(observation)) return observation;
      return showPlan(command, observation.right, command.node.address, elapsedMs, terminal);
    }
    case 'Apply':
      return applyPlan(command, elapsedMs, terminal);
    case 'Watch':
      return watchNode(command, elapsedMs, terminal, own);
    case 'Quarantine': {
      const { runQuarantine } = await import('./quarantine-command.js');
      return runQuarantine(command.node, command.task, terminal);
    }
    case 'Record': {
      const observation = await observeLive(command.node, terminal);
      if (E.isLeft(observation)) return observation;
      const recording = encodeRecording(observation.right);
      if (command.output !== undefined)
        return E.map((): ExitCode => 0)(await writeRecording(command.output, recording));
      terminal.out(printableJson(recording));
      return E.right(0);
    }
  }
};
