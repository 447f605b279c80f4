/** Documents that list what the code declares list all of it, and nothing else. */
import { describe, expect, it } from 'vitest';
import { understood } from '../src/cli/arguments.js';
import { policies } from '../src/index.js';
import * as testing from '../src/testing/index.js';
import { codesIn, read, sources } from './docs-code/blocks.js';

const sorted = (values: Iterable<string>): ReadonlyArray<string> => [...new Set(values)].sort();

/** What a pattern finds in the hand-written sources, or in one of them. */
const found = (pattern: RegExp, files: ReadonlyArray<string> = sources): ReadonlyArray<string> =>
  sorted(files.flatMap((file) => [...read(file).matchAll(pattern)].map(([, name]) => name ?? '')));

/** The text of one exported type or constant of a source. */
const declaration = (file: string, start: string): string => read(file).split(start)[1]?.split(';\n')[0] ?? '';

const rowsOf = (path: string): ReadonlyArray<ReadonlyArray<string>> =>
  read(path)
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

describe('policies.md', () => {
  const rows = rowsOf('docs/policies.md');

  it('lists every choice of a policy once', () => {
    expect(rows.map(([choice]) => choice).sort()).toStrictEqual(
      Object.keys(policies.careful)
        .map((choice) => `\`${choice}\``)
        .sort(),
    );
  });

  it('opens each column with the value that the preset has', () => {
    for (const [choice = '', ofContainerd = '', ofCareful = ''] of rows) {
      const key = choice.replaceAll('`', '') as keyof typeof policies.careful;
      const opens = (cell: string): string => /^`([^`]+)`/.exec(cell)?.[1] ?? '';
      expect([choice, opens(ofContainerd), opens(ofCareful)]).toStrictEqual([
        choice,
        policies.containerd[key],
        policies.careful[key],
      ]);
    }
  });

  it('knows all values: each choice has two', () => {
    const declared = [...read('src/core/policy.ts').matchAll(/readonly (\w+): '([^']+)' \| '([^']+)';/g)];
    expect(declared.map(([, choice, ...values]) => [choice, sorted(values.slice(0, 2))])).toStrictEqual(
      Object.entries(policies.careful).map(([choice, value]) => [
        choice,
        sorted([value, policies.containerd[choice as keyof typeof policies.containerd]]),
      ]),
    );
  });
});

describe('errors.md', () => {
  const failure = 'src/core/failure.ts';
  const tagsOf = (type: string): ReadonlyArray<string> =>
    sorted(declaration(failure, `export type ${type} =`).match(/\w+/g) ?? []);

  it.each([
    ['PortError', '## A call: `PortError`'],
    ['RecoveryFailure', '## Everything: `RecoveryFailure`'],
  ])('lists every tag of a %s', (type, heading) => {
    expect(tagsOf(type).length).toBeGreaterThan(5);
    expect(sorted(codesIn('docs/errors.md', heading))).toStrictEqual(tagsOf(type));
  });

  it('lists every tag of an ItemFailure', () => {
    const tags = sorted(declaration(failure, 'readonly tag:').match(/\w+/g) ?? []);
    expect(tags.length).toBeGreaterThan(5);
    expect(sorted(codesIn('docs/errors.md', '## An item: `ItemFailure`'))).toStrictEqual(tags);
  });
});

describe('debugging.md', () => {
  it('lists every namespace', () => {
    const namespaces = found(/debug\('([^']+)'\)/g);
    expect(namespaces.length).toBeGreaterThan(4);
    expect(sorted(codesIn('docs/debugging.md'))).toStrictEqual(namespaces);
  });
});

describe('command.md', () => {
  it('lists every verb and every option', () => {
    expect(sorted(codesIn('docs/command.md').filter((code) => code in understood))).toStrictEqual(
      sorted(Object.keys(understood)),
    );
    expect(sorted(codesIn('docs/command.md', '## Options').map((code) => code.split(' ')[0] ?? ''))).toStrictEqual(
      sorted(Object.values(understood).flatMap((options) => options.map((option) => `--${option}`))),
    );
  });

  it('says which verbs take an option', () => {
    const live = Object.keys(understood).filter((verb) => verb !== 'quarantine');
    const verbsOf = (cell: string): ReadonlyArray<string> => {
      if (cell === 'all') return sorted(Object.keys(understood));
      if (cell === 'all live') return sorted(live);
      return sorted([...cell.matchAll(/`(\w+)[^`]*`/g)].map(([, verb]) => verb ?? ''));
    };
    for (const [option = '', verbs = ''] of rowsOf('docs/command.md').filter(([cell]) => cell?.startsWith('`--'))) {
      const name = /--([\w-]+)/.exec(option)?.[1] ?? '';
      const takers = Object.entries(understood).flatMap(([verb, options]) =>
        options.some((one) => one === name) ? [verb] : [],
      );
      expect([name, verbsOf(verbs)]).toStrictEqual([name, sorted(takers)]);
    }
  });
});

describe('ports.md', () => {
  const index = 'src/ports/index.ts';
  const keysOf = (type: string): ReadonlyArray<string> =>
    [
      ...(read(index).split(`export interface ${type} {`)[1]?.split('\n}')[0] ?? '').matchAll(/readonly (\w+): (\w+)/g),
    ].map(([, key, port]) => `${key} ${port}`);

  it('lists every port by its key, and where it belongs', () => {
    const rows = rowsOf('docs/ports.md').filter((row) => row.length === 5);
    const documented = (column: number): ReadonlyArray<string> =>
      rows.flatMap((row) => {
        const port = /^`(\w+)`:/.exec(row[column] ?? '')?.[1];
        return port === undefined ? [] : [`${row[0]?.replaceAll('`', '')} ${port}`];
      });
    expect(sorted(documented(1))).toStrictEqual(sorted(keysOf('ReadPorts').filter((key) => !key.startsWith('loc'))));
    expect(sorted(documented(2))).toStrictEqual(sorted(keysOf('WritePorts')));
    expect(sorted(documented(3))).toStrictEqual(sorted(keysOf('StayPorts')));
    expect(rows.map(([key]) => key)).toContain('`location`');
  });

  it('lists every contract', () => {
    const listed = [...read('docs/ports.md').matchAll(/^\| `\w+` \| `(\w+)` \|/gm)].map(([, contract]) => contract);
    expect(sorted(listed as ReadonlyArray<string>)).toStrictEqual(
      sorted(Object.keys(testing).filter((name) => name.endsWith('Contract'))),
    );
  });
});
