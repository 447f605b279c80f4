/**
 * The public API as text, for review: the declarations that each entry point exports, in sorted order. What another entry point declares is only named. What is
 * needed by them and exported nowhere comes last.
 */
import ts from 'typescript';
import { declarationProgram, entryPoints, isOwn, textOf } from './declarations.js';

const byName = (one: ts.Symbol, other: ts.Symbol): number => (one.name < other.name ? -1 : 1);

const fenced = (texts: ReadonlyArray<string>): string => `\`\`\`ts\n${texts.join('\n\n')}\n\`\`\`\n`;

/** Each entry point's report, by its name. */
export const describeApi = (): ReadonlyArray<{ readonly name: string; readonly report: string }> => {
  const program = declarationProgram();
  const checker = program.getTypeChecker();
  const resolved = (symbol: ts.Symbol): ts.Symbol =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const declarationsOf = (symbol: ts.Symbol): ReadonlyArray<ts.Declaration> =>
    (resolved(symbol).declarations ?? []).filter(isOwn);
  const exportsOf = (symbol: ts.Symbol | undefined): ReadonlyArray<ts.Symbol> =>
    symbol === undefined ? [] : checker.getExportsOfModule(symbol).toSorted(byName);
  const moduleOf = (file: string): ts.Symbol | undefined => {
    const source = program.getSourceFile(file);
    return source && checker.getSymbolAtLocation(source);
  };

  /** Every symbol that is exported anywhere, and where it is shown. */
  const homes = new Map<ts.Symbol, string>();
  for (const { name, file } of entryPoints) {
    for (const symbol of exportsOf(moduleOf(file)).map(resolved)) if (!homes.has(symbol)) homes.set(symbol, name);
  }

  const describe = (symbol: ts.Symbol, home: string): string => {
    const shownIn = homes.get(resolved(symbol));
    const original = resolved(symbol).name;
    const alias = original === symbol.name || original.startsWith('"') ? '' : ` (declared as ${original})`;
    if (shownIn !== undefined && shownIn !== home) return `// ${symbol.name}: as in ${shownIn}${alias}`;
    const texts = declarationsOf(symbol).map((node) =>
      ts.isSourceFile(node)
        ? `namespace ${symbol.name} {\n${exportsOf(resolved(symbol))
            .map((member) => `  ${describe(member, home).replaceAll('\n', '\n  ')}`)
            .join('\n')}\n}`
        : textOf(node),
    );
    return [...(alias === '' ? [] : [`//${alias}`]), ...texts].join('\n');
  };

  const hiddenBehind = (nodes: ReadonlyArray<ts.Node>, seen: Set<ts.Symbol>): ReadonlyArray<ts.Symbol> =>
    nodes.flatMap((node) => {
      const found = ts.isIdentifier(node) ? checker.getSymbolAtLocation(node) : undefined;
      const symbol = found && resolved(found);
      const isHidden =
        symbol !== undefined &&
        !homes.has(symbol) &&
        !seen.has(symbol) &&
        declarationsOf(symbol).some(({ parent }) => parent !== undefined && ts.isSourceFile(parent));
      if (isHidden) seen.add(symbol);
      const children: ts.Node[] = isHidden ? [...declarationsOf(symbol)] : [];
      if (!ts.isSourceFile(node)) ts.forEachChild(node, (child) => void children.push(child));
      return [...(isHidden ? [symbol] : []), ...hiddenBehind(children, seen)];
    });

  return entryPoints.map(({ name, file }) => {
    const symbols = exportsOf(moduleOf(file));
    const own = symbols.filter((symbol) => homes.get(resolved(symbol)) === name);
    const hidden = hiddenBehind(own.flatMap(declarationsOf), new Set()).toSorted(byName);
    const parts = [
      `# ${name}\n`,
      fenced(symbols.map((symbol) => describe(symbol, name))),
      ...(hidden.length === 0 ? [] : ['Not exported:\n', fenced(hidden.map((symbol) => describe(symbol, name)))]),
    ];
    return { name, report: parts.join('\n') };
  });
};
