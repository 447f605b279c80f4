import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { readArguments, understood } from '../../src/cli/arguments.js';
import { overview, pages, type Verb } from '../../src/cli/help.js';
import { runHere } from './spawned-command.js';

const verbs = Object.keys(pages) as ReadonlyArray<Verb>;

/** The commands of a text's examples, as they would be typed. */
const examplesOf = (text: string): ReadonlyArray<string> =>
  [...text.matchAll(/^ {2}cri-recovery ((?:(?! {2}|[|>]).)+)/gm)].map(([, line = '']) => line.trim());

describe('help', () => {
  it('has a page for every verb', () => {
    expect([...verbs].sort()).toStrictEqual(Object.keys(understood).sort());
    for (const verb of verbs) expect(overview).toMatch(new RegExp(`^  cri-recovery ${verb} {2,}[a-z]`, 'm'));
  });

  it('is at most 80 columns wide', () => {
    for (const text of [overview, ...Object.values(pages)]) {
      expect(text.split('\n').filter((line) => [...line].length > 80)).toStrictEqual([]);
      expect(text).toMatch(/[^\n]\n$/);
    }
  });

  it('is short where no verb is given: the options are on the pages', () => {
    expect(overview.split('\n').length).toBeLessThanOrEqual(24);
    expect(overview).not.toContain('--address');
  });

  it.each(verbs)('of %s lists its options and no others', (verb) => {
    const listed = [...pages[verb].matchAll(/^ {2}--([a-z-]+)/gm)].map(([, option]) => option);
    expect([...listed].sort()).toStrictEqual([...understood[verb]].sort());
  });

  it.each(verbs)('of %s says what it does, how it ends, and how it is used', (verb) => {
    const page = pages[verb];
    expect(page).toMatch(new RegExp(`^cri-recovery ${verb} `));
    expect(page).toMatch(/\n\n[A-Z](?:[^\n]+\n){2,3}\n/);
    const codes = [...page.matchAll(/^ {2}([0-3]) {2}\w/gm)].map(([, code]) => code);
    expect(codes).toStrictEqual(verb === 'record' ? ['0', '2', '3'] : ['0', '1', '2', '3']);
    const examples = examplesOf(page.slice(page.indexOf('\nexamples\n')));
    expect(examples.length).toBeGreaterThanOrEqual(2);
    expect(examples.length).toBeLessThanOrEqual(3);
    for (const example of examples) {
      expect(example.split(' ')[0]).toBe(verb);
      expect(readArguments(example.split(' '))).toMatchObject({ _tag: 'Right' });
    }
  });

  it('gives examples that are understood', () => {
    const examples = examplesOf(overview).filter((line) => !/VERB|^(plan|apply|watch|record|quarantine)$/.test(line));
    expect(examples.length).toBeGreaterThanOrEqual(2);
    for (const example of examples) expect(E.isRight(readArguments(example.split(' ')))).toBe(true);
  });

  it('is what the command prints', async () => {
    expect(await runHere(['--help'])).toStrictEqual({ code: 0, stdout: overview, stderr: '' });
    expect(await runHere(['watch', '--help'])).toStrictEqual({ code: 0, stdout: pages.watch, stderr: '' });
    expect((await runHere(['wathc', '--help'])).code).toBe(2);
  });
});
