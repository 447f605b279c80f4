/** Commands that a document tells to run, and what is wrong with them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { readArguments } from '../../src/cli/arguments.js';
import { read, repository } from './blocks.js';

const { scripts } = JSON.parse(read('package.json'));

/** The commands of a piece of shell, each as its words: without comments, variables set before, `sudo` and `npx`. */
export const commandsIn = (shell: string): ReadonlyArray<ReadonlyArray<string>> =>
  shell
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*/, ''))
    .flatMap((line) => line.split(/&&|\|\||[|;]/))
    .map((command) => wordsOf(command.trim().replace(/^((\w+=\S*|sudo|npx) +)+/, '')));

const wordsOf = (command: string): ReadonlyArray<string> =>
  (command.replace(/ *\d?>.*/, '').match(/'[^']*'|"[^"]*"|\S+/g) ?? []).map((word) =>
    word.replaceAll(/^['"]|['"]$/g, ''),
  );

/** Whether there is anything here to say of a command. */
export const isOurs = ([program]: ReadonlyArray<string>): boolean =>
  program !== undefined && ['cri-recovery', 'npm', 'vitest'].includes(program);

/** What is wrong with a command of ours; nothing where it can be run as it stands. */
export const mistakeIn = ([program, ...args]: ReadonlyArray<string>): string | undefined => {
  switch (program) {
    case 'cri-recovery': {
      const command = readArguments(args);
      return E.isLeft(command) ? command.left : undefined;
    }
    case 'npm': {
      const script = args[0] === 'run' ? args[1] : args[0];
      if (script === 'ci' || script === 'install' || Object.hasOwn(scripts, script ?? '')) return undefined;
      return `there is no script ${script}`;
    }
    default: {
      const missing = args.filter((word) => /^(test\/|\.vitest)/.test(word)).find((path) => !stands(path));
      return missing === undefined ? undefined : `there is no ${missing}`;
    }
  }
};

/** A path, or the beginning of a test's, as vitest takes it. */
export const stands = (path: string): boolean =>
  [path, `${path}.ts`, `${path}.test.ts`].some((candidate) => existsSync(join(repository, candidate)));
