import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createPlanner, encodeChange, encodeReport, reportPlan } from '../src/index.js';
import { fakeNode, fakePorts } from '../src/testing/index.js';
import { codeSpans, codesIn, documents, fencedBlocks, placeOf, read, repository } from './docs-code/blocks.js';
import { stands } from './docs-code/shell.js';

/** The headings of a document as a link names them. */
const anchorsOf = (path: string): ReadonlyArray<string> =>
  [...read(path).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );

describe('the documents', () => {
  it('list every finding, and none that does not exist', () => {
    const declared = read('src/core/finding.ts').split('export interface')[0] ?? '';
    const codes = [...declared.matchAll(/\| '([^']+)'/g)].map(([, code]) => code ?? '');
    expect(codes.length).toBeGreaterThan(15);
    expect([...codesIn('docs/findings.md')].sort()).toStrictEqual([...codes].sort());
  });

  it('list every change of a watch, and every field of it', () => {
    const declared = read('src/core/change-report.ts').match(/interface \w+Change \{[^}]*\}/g) ?? [];
    expect(declared).toHaveLength(7);
    const kinds = declared.map((text) => /readonly change: '([^']+)'/.exec(text)?.[1] ?? text);
    expect([...codesIn('docs/watch.md')].filter((code) => code !== 'change').sort()).toStrictEqual([...kinds].sort());
    const fields = declared.flatMap((text) => [...text.matchAll(/readonly (\w+)/g)].map(([, field]) => field ?? ''));
    const text = read('docs/watch.md');
    expect(fields.filter((field) => !text.includes(`\`${field}\``))).toStrictEqual([]);
  });

  it('name a test that exists for every hazard', () => {
    const rows = [...read('docs/reliability.md').matchAll(/^\| (H\d+) \|.*\| `([^`]+)` \|$/gm)];
    expect(rows.map(([, hazard]) => hazard)).toStrictEqual(Array.from({ length: 21 }, (_, index) => `H${index + 1}`));
    for (const [, , path = ''] of rows) expect(read(path)).toMatch(/\b(test|it)(\.each)?\(/);
  });

  it('show a line of JSON as the watch prints it', () => {
    const shown = read('docs/watch.md').match(/^\{"schema".*$/m)?.[0] ?? '';
    const error = 'connect ECONNREFUSED';
    expect(encodeChange({ change: 'connection-lost', at: 1_790_000_000_000_000_000n, error })).toBe(`${shown}\n`);
  });

  it('show a report with the fields it has, in their order', async () => {
    const plan = await createPlanner(fakePorts(fakeNode())).plan();
    const [shown] = fencedBlocks('docs/report.md').map(({ code }) => JSON.parse(code));
    const printed = JSON.parse(encodeReport(reportPlan(plan, 0)));
    expect(Object.keys(shown)).toStrictEqual(Object.keys(printed));
    expect(printed).toMatchObject({ schema: shown.schema, mode: shown.mode, policy: shown.policy });
    expect(Object.keys(shown.node)).toStrictEqual(Object.keys(printed.node));
  });

  it('list every field of the report', () => {
    const declared =
      read('src/core/report.ts').match(/export interface Reported(Sandbox|Container|Image|Orphan) \{[^}]*\}/g) ?? [];
    expect(declared).toHaveLength(4);
    const fields = declared.flatMap((text) => [...text.matchAll(/readonly (\w+)/g)].map(([, field]) => field ?? ''));
    const text = read('docs/report.md');
    expect(fields.filter((field) => !text.includes(`\`${field}\``))).toStrictEqual([]);
  });

  it('lead to documents and headings that exist', () => {
    const links = documents.flatMap((file) =>
      [...read(file).matchAll(/\]\((?!https:)([^)#]*)#?([^)]*)\)/g)].map(([, path = '', heading = '']) => ({
        file,
        target: path === '' ? file : normalize(join(dirname(file), path)),
        heading,
      })),
    );
    expect(links.length).toBeGreaterThan(10);
    const broken = links.filter(
      ({ target, heading }) =>
        !existsSync(join(repository, target)) || (heading !== '' && !anchorsOf(target).includes(heading)),
    );
    expect(broken).toStrictEqual([]);
  });

  it('name no file of the project that does not exist', () => {
    const named = documents
      .flatMap((file) => codeSpans(file))
      .filter(({ code }) => /^(src|test|docs|examples|\.ci)\/\S+$/.test(code));
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter(({ code }) => !stands(code)).map((span) => `${placeOf(span)}: ${span.code}`)).toStrictEqual([]);
  });
});
