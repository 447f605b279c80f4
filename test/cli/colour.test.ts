import { describe, expect, it } from 'vitest';
import { coloured, plain, showsColours, stateStyle } from '../../src/cli/colour.js';
import { recordedNodeFile } from '../recorded-node-file.js';
import { runHere } from './spawned-command.js';

describe('colours', () => {
  it.each([
    ['a terminal', true, {}, true],
    ['a pipe', false, {}, false],
    ['a terminal without colours', true, { TERM: 'dumb' }, false],
    ['a terminal with them', true, { TERM: 'xterm-256color' }, true],
    ['whoever wants none', true, { NO_COLOR: '1' }, false],
    ['whoever wants none, in any words', true, { NO_COLOR: '0' }, false],
    ['an empty NO_COLOR', true, { NO_COLOR: '' }, true],
    ['a pipe whose reader wants them', false, { FORCE_COLOR: '1' }, true],
    ['a pipe whose reader wants many', false, { FORCE_COLOR: '3', TERM: 'dumb' }, true],
    ['a terminal and FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, false],
    ['a terminal and FORCE_COLOR=false', true, { FORCE_COLOR: 'false' }, false],
    ['an empty FORCE_COLOR', false, { FORCE_COLOR: '' }, false],
    ['both: none is the safer', true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ] as const)('for %s', (_, isTerminal, environment, shown) => {
    expect(showsColours(isTerminal, environment)).toBe(shown);
  });

  it('are of states and headings', () => {
    expect(['RUNNING', 'UNKNOWN', 'EXITED', 'CREATED', 'web'].map(stateStyle)).toStrictEqual([
      'green',
      'yellow',
      'dim',
      undefined,
      undefined,
    ]);
    expect(coloured('green', 'RUNNING')).toBe('\u001b[32mRUNNING\u001b[39m');
    expect(coloured(undefined, 'CREATED')).toBe('CREATED');
    expect(coloured('red', '')).toBe('');
    expect(plain('green', 'RUNNING')).toBe('RUNNING');
  });

  it.each([60, 80, 120, 200])('change nothing else of a table of %d columns', async (columns) => {
    const args = ['plan', '--node', recordedNodeFile];
    const painted = await runHere(args, columns, coloured);
    const { stdout } = await runHere(args, columns);
    expect(painted.stdout.replaceAll(/\u001b\[\d+m/g, '')).toBe(stdout);
    expect(painted.stdout).toContain('\u001b[32mRUNNING\u001b[39m');
    expect(painted.stdout).toContain('\u001b[31mcontainer\u001b[39m');
    expect(painted.stdout).toMatch(/^\u001b\[1mSTATE\u001b\[22m/m);
  });

  it.each([[['--json']], [['--json', '--explain', 'redis']]])('are never in %j', async (options) => {
    const { stdout } = await runHere(['plan', '--node', recordedNodeFile, ...options], 120, coloured);
    expect(stdout).not.toContain('\u001b');
  });
});
