/** Code as it stands in documents and doc comments, each piece with the place it stands at. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const repository = join(import.meta.dirname, '..', '..');
export const read = (path: string): string => readFileSync(join(repository, path), 'utf8');

export interface Block {
  /** Its path from the repository, with forward slashes. */
  readonly file: string;
  /** Of its first line of code. */
  readonly line: number;
  /** What the fence says; `ts` in a doc comment. */
  readonly language: string;
  readonly code: string;
}

export const placeOf = ({ file, line }: Block): string => `${file}:${line}`;

/** What a reader is handed. */
export const documents: ReadonlyArray<string> = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(repository, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** Sources that are written by hand. */
export const sources: ReadonlyArray<string> = readdirSync(join(repository, 'src'), {
  recursive: true,
  encoding: 'utf8',
})
  .filter((path) => path.endsWith('.ts') && !path.includes('proto/gen/'))
  .map((path) => `src/${path}`);

/** The blocks between fences of a Markdown document. */
export const fencedBlocks = (file: string, text = read(file)): ReadonlyArray<Block> =>
  [...text.matchAll(/^( *)```(.*)\n([\s\S]*?)^\1```$/gm)].map(({ index, 2: language = '', 3: code = '' }) => ({
    file,
    line: lineAt(text, index) + 1,
    language,
    code,
  }));

/** What follows `@example` in the doc comments of a source, up to the next tag or the end. */
export const examples = (file: string, text = read(file)): ReadonlyArray<Block> =>
  [...text.matchAll(/^ *\* @example\n((?: *\*(?!\/| @).*\n)+)/gm)].map(({ index, 1: lines = '' }) => ({
    file,
    line: lineAt(text, index) + 1,
    language: 'ts',
    code: lines.replaceAll(/^ *\* ?/gm, ''),
  }));

/** The first cells of a table's rows that are code: of a whole document, or below one heading. */
export const codesIn = (file: string, heading = ''): ReadonlyArray<string> => {
  const text = heading === '' ? read(file) : (read(file).split(`\n${heading}\n`)[1]?.split('\n#')[0] ?? '');
  return [...text.matchAll(/^\| `([^`]+)` \|/gm)].map(([, code]) => code ?? '');
};

/** The code in a document's sentences and tables, with the line of each. */
export const codeSpans = (file: string, text = read(file)): ReadonlyArray<Block> => {
  const prose = text.replaceAll(/^( *)```[\s\S]*?^\1```$/gm, (fenced) => fenced.replaceAll(/./g, ''));
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(({ index, 1: code = '' }) => ({
    file,
    line: lineAt(prose, index),
    language: '',
    code,
  }));
};

const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length;
