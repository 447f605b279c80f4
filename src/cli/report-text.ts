/**
 * The report as a person reads it: a line for every pod with its containers beneath, then images, directories and failures, then one line
 * that sums it up.
 */
import { policyName, type Report } from '../index.js';
import { type Paint, plain, stateStyle } from './colour.js';
import { containerName, idText, podName, shortId } from './item-names.js';
import { printable } from './printable.js';
import {
  actionsText,
  containerReason,
  errorsText,
  imageReason,
  sandboxReason,
  sinceContainer,
  sinceSandbox,
} from './reasons.js';
import { summary } from './summary.js';
import { renderTable, type Table, wrap } from './table.js';
import { momentText } from './time-text.js';

type Sandbox = Report['sandboxes'][number];
type Container = Report['containers'][number];

/** Ends with a line break. */
export const reportText = (report: Report, columns: number, paint: Paint = plain): string => {
  const prose = (text: string): string => wrap(text, Math.max(columns, 40)).join('\n');
  const sections = [pods(report), images(report), orphans(report), failures(report)];
  const filled = sections
    .filter(({ rows }) => rows.length > 0)
    .map((table) => renderTable(table, columns, paint).join('\n'));
  return `${[prose(heading(report)), ...filled, prose(summary(report))].join('\n\n')}\n`;
};

const heading = ({ node, policy, startedAt, mode }: Report): string =>
  printable(
    `containerd ${node.containerd}, namespace ${node.namespace}: ${mode} under policy ${policyName(policy)}, as of ${momentText(startedAt)}`,
  );

const actionHead = ({ mode }: Pick<Report, 'mode'>): string => (mode === 'plan' ? 'WOULD DO' : 'DONE');

const pods = (report: Report): Table => {
  const { sandboxes, containers, startedAt } = report;
  const row = (container: Container): ReadonlyArray<string> => containerRow(container, startedAt);
  const bySandbox = new Map<string, Container[]>(sandboxes.map(({ id }) => [id, []]));
  for (const container of containers) bySandbox.get(container.sandboxId)?.push(container);
  const podRows = byName(sandboxes).flatMap((sandbox) => [
    sandboxRow(sandbox, startedAt),
    ...byName(bySandbox.get(sandbox.id) ?? []).map(row),
  ]);
  return {
    heads: ['STATE', 'SINCE', 'ID', 'POD / CONTAINER', actionHead(report), 'WHY'],
    rows: [...podRows, ...byName(containers.filter(({ sandboxId }) => !bySandbox.has(sandboxId))).map(row)],
    folds: true,
    style: stateStyle,
  };
};

const sandboxRow = (sandbox: Sandbox, now: bigint): ReadonlyArray<string> => [
  sandbox.state,
  sinceSandbox(sandbox, now),
  shortId(sandbox.id),
  podName(sandbox.name),
  actionsText(sandbox.actions),
  sandboxReason(sandbox),
];

const containerRow = (container: Container, now: bigint): ReadonlyArray<string> => [
  container.state,
  sinceContainer(container, now),
  shortId(container.id),
  `  ${containerName(container.name)}`,
  actionsText(container.actions),
  containerReason(container),
];

const images = ({ images, mode }: Report): Table => ({
  heads: ['IMAGE', 'NAME', actionHead({ mode }), 'WHY'],
  rows: images.map((image) => [image.state, image.name, actionsText(image.actions), imageReason(image)]),
  folds: true,
  style: stateStyle,
});

const orphans = ({ orphans, mode }: Report): Table => ({
  heads: [actionHead({ mode }), 'DIRECTORY WITHOUT A RECORD'],
  rows: orphans.map(({ path, why, actions }) => [
    actions.length > 0 ? actionsText(actions) : 'keep',
    [`${printable(path)} (${printable(why)})`, errorsText(actions)].filter(Boolean).join('; '),
  ]),
});

const failures = ({ failures }: Report): Table => ({
  heads: ['FAILED', 'ID', 'WHY'],
  // A path is worth nothing unless it is whole.
  rows: failures.map(({ kind, id, message }) =>
    kind === 'directory'
      ? [kind, '-', `${printable(id)}: ${printable(message)}`]
      : [kind, idText(id), printable(message)],
  ),
  style: () => 'red',
});

const byName = <A extends { readonly name: string }>(items: ReadonlyArray<A>): ReadonlyArray<A> =>
  [...items].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
